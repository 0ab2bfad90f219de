// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { toBase64, toHex } from '#shared/bytes'
import type { Artifact } from '#shared/inspect/artifact'
import { keyPair } from '../../../support/credentials'
import { resetInspector } from '../../../../renderer/common/inspect/inspector'
import StructureTab from '../../../../renderer/common/inspect/structure/StructureTab.vue'
import { giveSizes, standInForMain, type StandIn } from '../support'
import { certificates, hex, standInForWorker } from './support'

// Hundreds of cells are drawn in a simulated page: a busy machine takes its time.
vi.setConfig({ testTimeout: 20_000 })
beforeAll(async () => void (await certificates()), 60_000)

let wrapper: VueWrapper
let main: StandIn

beforeEach(() => {
  giveSizes(800, 500)
  main = standInForMain({})
  standInForWorker()
  resetInspector()
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

async function show(artifact: Artifact): Promise<void> {
  wrapper = mount(StructureTab, { props: { artifact }, attachTo: document.body })
  await vi.waitFor(() => expect(wrapper.html()).not.toBe('<!--v-if-->'))
  await flushPromises()
}

const other = (der: string): Artifact => ({
  kind: 'other',
  id: 'x',
  title: 'x',
  source: 'a test',
  der: hex(der),
  what: 'ASN.1',
})
const rows = () => wrapper.findAll('[role=treeitem]')
const button = (text: string) => wrapper.findAll('button').find((each) => each.text() === text)!
const chosen = () => wrapper.find('[role=treeitem][aria-selected=true]')
const offsets = (part: string) =>
  wrapper.findAll(`.byte.marked.${part}`).map((cell) => Number(cell.attributes('data-offset')))

async function press(key: string): Promise<void> {
  await wrapper.find('[role=tree]').trigger('keydown', { key })
  await flushPromises()
}

describe('the tree and the bytes', () => {
  const SMALL = '30 0e 02 01 01 30 06 05 00 04 02 aa bb 01 01 ff'

  it('show every element with its place, and mark header and content of the chosen one', async () => {
    await show(other(SMALL))
    expect(rows().map((row) => row.attributes('aria-level'))).toEqual(['1', '2', '2', '3', '3', '2'])
    expect(rows()[4]!.attributes()).toMatchObject({ 'aria-posinset': '2', 'aria-setsize': '2' })
    expect(offsets('header')).toEqual([0, 1])
    expect(offsets('content')).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15])
  })

  it('are walked with the keyboard, each marking the other', async () => {
    await show(other(SMALL))
    await press('ArrowDown')
    await press('ArrowDown')
    expect(offsets('header')).toEqual([5, 6])
    await press('ArrowLeft')
    expect(rows().length).toBe(4)
    expect(chosen().attributes('aria-expanded')).toBe('false')
    await press('ArrowRight')
    await press('End')
    expect(offsets('header')).toEqual([13, 14])
    expect(wrapper.find('[role=tree]').attributes('aria-activedescendant')).toBe(chosen().attributes('id'))
    const grid = wrapper.find('[role=grid]')
    await grid.trigger('focus')
    await grid.trigger('keydown', { key: 'Home', ctrlKey: true })
    for (let times = 0; times < 11; times++) await grid.trigger('keydown', { key: 'ArrowRight' })
    expect(chosen().text()).toContain('OCTET STRING')
    expect(offsets('content')).toEqual([11, 12])
    expect(wrapper.find('[role=gridcell][aria-selected=true]').attributes('aria-label')).toMatch(
      /^offset 11, hex aa, .*content$/,
    )
  })

  it('mark what the pointer is on, and go back to the chosen one when it leaves', async () => {
    await show(other(SMALL))
    await rows()[1]!.trigger('pointerenter')
    expect(offsets('header')).toEqual([2, 3])
    await wrapper.find('[role=tree]').trigger('pointerleave')
    expect(offsets('header')).toEqual([0, 1])
    await wrapper.find('.byte[data-offset="11"]').trigger('pointerover')
    expect(wrapper.find('.tree-row.pointed').text()).toContain('OCTET STRING')
    await wrapper.find('.byte[data-offset="11"]').trigger('pointerdown')
    expect(chosen().text()).toContain('OCTET STRING')
  })

  it('unfold what the search finds', async () => {
    await show((await certificates()).server)
    await button('Fold all').trigger('click')
    const folded = rows().length
    await wrapper.find('[type=search]').setValue('notBefore')
    await vi.waitFor(() => expect(wrapper.find('.hits').text()).toMatch(/^1 of \d$/))
    expect(chosen().text()).toContain('notBefore')
    expect(rows().length).toBeGreaterThan(folded)
    await wrapper.find('[type=search]').setValue('nothing of the kind')
    await vi.waitFor(() => expect(wrapper.find('.hits').text()).toBe('none'))
  })
})

describe('the chosen element', () => {
  it('says what its header means, its value in every form, and the way to it', async () => {
    await show((await certificates()).server)
    await wrapper.find('[type=search]').setValue('notBefore')
    await vi.waitFor(() => expect(wrapper.find('.node').text()).toContain('ISO 8601'))
    expect(wrapper.find('.node .path').text()).toMatch(/Certificate.*tbsCertificate.*validity.*notBefore/)
    expect(wrapper.find('.node').text()).toContain('17 0d = UTCTime, primitive, 13 bytes of content, at byte')
    await wrapper.findAll('.node .step')[1]!.trigger('click')
    expect(chosen().text()).toContain('tbsCertificate')
  })

  it('is copied as hex, base64 and PEM', async () => {
    const { server } = await certificates()
    await show(server)
    for (const label of [
      'Copy this element as hex',
      'Copy this element as base64 of its DER',
      'Copy this element as PEM',
    ])
      await wrapper.find(`[aria-label="${label}"]`).trigger('click')
    await flushPromises()
    const copied = main.calls.mock.calls.map(([, argument]) => (argument as { text: string }).text)
    expect(copied[0]).toBe(toHex(server.der))
    expect(copied[1]).toBe(toBase64(server.der))
    expect(copied[2]).toMatch(/^-----BEGIN CERTIFICATE-----\n/)
  })
})

describe('what can’t be shown', () => {
  it('is said, with the code', async () => {
    await show(other('30 05 02 01'))
    await vi.waitFor(() => expect(wrapper.find('[role=alert]').text()).toContain('bad_der'))
  })

  it('is a private key before Reveal, and after its window was hidden', async () => {
    const { pkcs8 } = (await keyPair('server')).privateKey
    const secret = toHex(pkcs8.subarray(200, 208), ' ')
    await show({ kind: 'private-key', id: 'sk', title: 'SK', source: 'a test', pkcs8 })
    expect(wrapper.find('[role=tree]').exists()).toBe(false)
    await wrapper.find('button').trigger('click')
    await vi.waitFor(() => expect(rows().length).toBeGreaterThan(10))
    const bytes = () =>
      wrapper
        .findAll('.byte')
        .map((cell) => cell.text())
        .join(' ')
    expect(bytes()).toContain(secret)
    vi.spyOn(document, 'hidden', 'get').mockReturnValue(true)
    document.dispatchEvent(new Event('visibilitychange'))
    await flushPromises()
    expect(wrapper.find('[role=tree]').exists()).toBe(false)
    vi.restoreAllMocks()
  })

  it('is a symmetric key: it has no structure', async () => {
    await show({ kind: 'symmetric-key', id: 'k', title: 'K', source: 'a test', symbol: 'K_sess' })
    expect(wrapper.text()).toContain('No structure inside')
  })
})
