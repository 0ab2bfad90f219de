// @vitest-environment happy-dom
/** A protocol that the windows know nothing of is shown by the same views, as its own sheets and tables say. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, type Component, type VNode } from 'vue'
import { diagramRows } from '../../../renderer/client/composables/diagram-rows'
import SequenceDiagram from '../../../renderer/client/components/SequenceDiagram.vue'
import KeysPanel from '../../../renderer/common/keys/KeysPanel.vue'
import MessageDetail from '../../../renderer/common/message/MessageDetail.vue'
import MessageList from '../../../renderer/common/message/MessageList.vue'
import { provideProtocolOf, registerProtocol } from '../../../renderer/common/protocols'
import { TOY, toyEntries } from '../../support/toy-protocol'
import { giveSizes, standInForMain } from './support'

let wrapper: VueWrapper

beforeEach(() => {
  giveSizes()
  standInForMain({})
  registerProtocol(TOY)
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

async function show(component: Component, props: Readonly<Record<string, unknown>>): Promise<string> {
  wrapper = mount(component, { props, attachTo: document.body })
  await flushPromises()
  return wrapper.text()
}

/** A component that stands alone, where the toy is spoken. */
const Spoken = defineComponent({
  setup(_props, { slots }) {
    provideProtocolOf(() => ({ protocol: TOY.id }))
    return () => slots.default?.()
  },
})
const showSpoken = (view: () => VNode): Promise<string> => show(() => h(Spoken, null, { default: view }), {})

const [, heard, said, answered] = toyEntries()

describe('the message view', () => {
  it('shows who said what to whom, and why', async () => {
    const text = await show(MessageDetail, { entry: said })
    expect(text).toContain('An answer')
    expect(text).toMatch(/Oracle.*Asker/)
    expect(text).toContain('The oracle answers under the password.')
    expect(text).toContain('suite plain')
  })

  it('draws the formula and the layers from the sheet, and the keys with their names', async () => {
    const text = await show(MessageDetail, { entry: said })
    const formula = wrapper.find('.formula').text().replaceAll(/\s+/g, ' ')
    expect(formula).toContain('XOR(')
    expect(formula).toMatch(/Answer1 ‖ /)
    expect(wrapper.findAll('.formula sub').map((index) => index.text())).toEqual(['pass', '1', 'gift'])
    expect(formula).toContain('password of the oracle')
    expect(text).toContain('every byte with a byte of the password')
    expect(wrapper.findAll('.key-bootstrap').length).toBeGreaterThan(0)
    expect(text).toContain('A word in a dictionary')
    expect(text).toContain('What the oracle says.')
  })

  it('sets symbols as the protocol says, also where their index stands behind nothing', async () => {
    await show(MessageDetail, { entry: heard })
    const symbol = wrapper.find('.formula .symbol')
    expect([symbol.text(), symbol.find('sub').text()]).toEqual(['Q1', '1'])
  })

  it('says which checks will be made, and which were', async () => {
    expect(await show(MessageDetail, { entry: said })).toMatch(/Nothing is missing.*The oracle is honest/s)
    wrapper.unmount()
    const text = await show(MessageDetail, { entry: answered })
    expect(text).toContain('Refused by the check “The oracle is honest”.')
    expect(text).toContain('Lies would be believed.')
  })

  it('hides a key that a message carries, and offers no explanation of it that is HL/1’s', async () => {
    await show(MessageDetail, { entry: said, reveal: async () => new Uint8Array([1, 2, 3]) })
    expect(wrapper.find('[aria-label="Members"]').text()).toContain('hidden: a secret key')
    expect(wrapper.find('button[aria-label="Inspect gift"]').exists()).toBe(false)
    await wrapper.find('button[aria-label="Reveal gift"]').trigger('click')
    await flushPromises()
    expect(wrapper.find('[aria-label="Members"]').text()).toContain('01 02 03')
  })

  it('names the bytes as the sheet’s cipher lays them out', async () => {
    await show(MessageDetail, { entry: answered })
    const grid = wrapper.find('[role="grid"]')
    await grid.trigger('focus')
    await grid.trigger('keydown', { key: 'Home' })
    await flushPromises()
    expect(wrapper.find('.status').text()).toContain('mark')
    expect(said?.ranges.map(({ name }) => name)).toEqual(['mark', 'masked', 'answer', 'gift'])
    expect(heard?.ranges.map(({ name }) => name)).toEqual(['JSON', 'question'])
  })
})

it('the log has both ends of both messages, with their titles and keys', async () => {
  await show(MessageList, { entries: toyEntries(), chosen: undefined })
  const rows = wrapper.findAll('[role="option"]').map((row) => row.text())
  expect(rows).toHaveLength(4)
  expect(rows[0]).toMatch(/sent to Oracle.*A question/)
  expect(rows[2]).toMatch(/sent to Asker.*An answer.*password of the oracle.*carries.*key for the next time/)
  expect(rows[3]).toMatch(/received from Oracle.*refused/)
})

describe('the panel of keys', () => {
  const showPanel = (role: string, settings: Readonly<Record<string, unknown>>): Promise<string> => {
    const entries = toyEntries().filter((entry) => entry.role === role)
    const reveal = async () => new Uint8Array([1, 2, 3])
    return showSpoken(() => h(KeysPanel, { role, pairs: [], entries, reveal, settings }))
  }

  it('has the keys of a role: those from the settings and those that messages carried', async () => {
    const text = await showPanel('oracle', { password: '64656c706869' })
    expect(wrapper.findAll('.card h2').map((title) => title.text())).toEqual([
      'password of the oracle',
      'key for the next time',
    ])
    expect(wrapper.findAll('.card header .symbol').map((symbol) => symbol.text())).toEqual(['Kpass', 'Kgift'])
    expect(text).toMatch(/A setting.*hidden/s)
    expect(text).not.toContain('every copy')
    expect(text).toMatch(/Made here, sent in step 2.*hidden/s)
    await wrapper.find('[aria-label="Reveal the password of the oracle"]').trigger('click')
    await flushPromises()
    expect(wrapper.text()).toContain('64656c706869')
  })

  it('has no key of another role’s, and none that no setting has', async () => {
    await showPanel('asker', { password: '64656c706869' })
    expect(wrapper.text()).not.toContain('password of the oracle')
    wrapper.unmount()
    await showPanel('oracle', { bootstrapKey: '4c41422d4b455921' })
    expect(wrapper.findAll('.card h2').map((title) => title.text())).toEqual(['key for the next time'])
  })

  it('offers no explanation that is HL/1’s', async () => {
    await showPanel('oracle', { password: '64656c706869' })
    expect(wrapper.find('button[aria-label^="Inspect"]').exists()).toBe(false)
  })
})

it('the diagram has a lifeline for each of its roles and a row for each of its steps', async () => {
  const entries = toyEntries()
  await showSpoken(() =>
    h(SequenceDiagram, {
      rows: diagramRows(TOY, entries, undefined),
      suite: 'plain',
      identities: { asker: 'Anna', oracle: 'Delphi' },
      present: { asker: true, oracle: true },
    }),
  )
  expect(wrapper.findAll('.party h2').map((title) => title.text())).toEqual(['Asker', 'Oracle'])
  const steps = wrapper.findAll('.step')
  expect(steps).toHaveLength(2)
  expect(steps[0]?.text()).toMatch(/Step 1, Asker to Oracle:.*A question.*done/s)
  expect(steps[0]?.classes()).toContain('rightwards')
  expect(steps[1]?.text()).toMatch(/Step 2, Oracle to Asker:.*An answer.*refused/s)
  expect(steps[1]?.classes()).toEqual(expect.arrayContaining(['leftwards', 'key-bootstrap']))
  expect(wrapper.find('.diagram').attributes('aria-label')).toBe('The two steps')
})
