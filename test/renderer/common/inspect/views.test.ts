// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import type { Artifact, CertificateArtifact } from '#shared/inspect/artifact'
import { readRsaPrivateNumbers, numberHex } from '#shared/crypto/encodings/rsa-numbers'
import { keyPair } from '../../../support/credentials'
import ChainTab from '../../../../renderer/common/inspect/chain/ChainTab.vue'
import CommandsTab from '../../../../renderer/common/inspect/CommandsTab.vue'
import { setLabTrust } from '../../../../renderer/common/inspect/context'
import InspectorList from '../../../../renderer/common/inspect/InspectorList.vue'
import { openInspector, resetInspector, useInspector } from '../../../../renderer/common/inspect/inspector'
import KeyTab from '../../../../renderer/common/inspect/key/KeyTab.vue'
import { setRecords } from '../../../../renderer/common/inspect/messages'
import PassphrasePrompt from '../../../../renderer/common/inspect/open/PassphrasePrompt.vue'
import SummaryTab from '../../../../renderer/common/inspect/summary/SummaryTab.vue'
import { entryOf, giveSizes, standInForMain } from '../support'
import { certificates, standInForWorker } from './support'

vi.setConfig({ testTimeout: 20_000 })

let wrapper: VueWrapper
let known: Awaited<ReturnType<typeof certificates>>
const inspector = useInspector()

beforeAll(async () => void (known = await certificates()), 60_000)
beforeEach(() => {
  giveSizes()
  standInForMain({
    'export:plan': () => ({
      names: { 'ca-certificate/pem': 'ca.crt', 'server-certificate/pem': 'server.crt' },
    }),
  })
  standInForWorker()
  resetInspector()
  setLabTrust({ anchors: [], host: '127.0.0.1', serverKey: undefined })
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

async function show(component: Component, props: Record<string, unknown>, ready: string): Promise<void> {
  wrapper = mount(component, { props, attachTo: document.body })
  await vi.waitFor(() => expect(wrapper.text()).toContain(ready), { timeout: 10_000 })
}
const button = (text: string) => wrapper.findAll('button').find((each) => each.text() === text)!

describe('the summary', () => {
  const trusted = (): void => {
    const { authority, server } = known
    openInspector([server, authority])
    setLabTrust({ anchors: [authority], host: '127.0.0.1', serverKey: undefined })
  }

  it('gives the verdict with every check, its result in words and not by sign alone', async () => {
    trusted()
    await show(SummaryTab, { artifact: known.server, notes: ['A note.'] }, 'Server certificate')
    expect(wrapper.find('.verdict').text()).toMatch(/^Sound\./)
    expect(wrapper.findAll('.check').length).toBeGreaterThan(15)
    expect(wrapper.find('.check').text()).toMatch(/^Passed: ?Trust anchor/)
    expect(wrapper.text()).toContain('A note.')
  })

  it('judges anew for another host', async () => {
    trusted()
    await show(SummaryTab, { artifact: known.server, notes: [] }, 'Server certificate')
    await wrapper.find('input.mono').setValue('example.org')
    await vi.waitFor(() => expect(wrapper.find('.verdict').text()).toMatch(/^Not sound\./))
    expect(wrapper.findAll('.check.failed').map((check) => check.find('.title').text())).toEqual([
      'Host name',
    ])
  })

  it('doesn’t trust a stranger, until the person says so', async () => {
    openInspector([known.authority])
    await show(SummaryTab, { artifact: known.authority, notes: [] }, 'authority')
    expect(wrapper.find('.verdict').text()).toMatch(/^Not sound\./)
    await wrapper.find('[role=checkbox]').trigger('click')
    await vi.waitFor(() => expect(wrapper.find('.verdict').text()).not.toMatch(/^Not sound\./))
  })

  it('names the weak spots of the lab’s own key', async () => {
    trusted()
    const { spki } = (await keyPair('server')).publicKey
    const history = { madeBy: 'authority', deliveredUnder: 'DES' } as const
    setLabTrust({ anchors: [known.authority], host: '127.0.0.1', serverKey: { spki, history } })
    await show(SummaryTab, { artifact: known.server, notes: [] }, 'Weak spots')
    expect(wrapper.text()).toContain('Private key delivered under DES')
    expect(wrapper.text()).toContain('The authority knows the private key')
    setLabTrust({ anchors: [known.authority], host: '127.0.0.1', serverKey: undefined })
    await vi.waitFor(() => expect(wrapper.text()).not.toContain('delivered under DES'))
  })

  it('leads to the issuer', async () => {
    trusted()
    await show(SummaryTab, { artifact: known.server, notes: [] }, 'Its issuer')
    await button('Its issuer').trigger('click')
    expect(inspector.shown.value?.id).toBe('ca')
  })
})

describe('the key', () => {
  const privateKey = async (): Promise<Artifact> => {
    const { pkcs8 } = (await keyPair('server')).privateKey
    return { kind: 'private-key', id: 'sk', title: 'SK_S', source: 'a test', pkcs8 }
  }

  it('shows private numbers only after Reveal, and not after Hide', async () => {
    const artifact = await privateKey()
    const { d } = readRsaPrivateNumbers((await keyPair('server')).privateKey.pkcs8)!
    const secret = numberHex(d).replace(/..(?=.)/g, '$& ')
    openInspector([artifact])
    await show(KeyTab, { artifact }, 'Modulus n')
    expect(wrapper.html()).not.toContain(secret)
    await button('Reveal').trigger('click')
    await vi.waitFor(() => expect(wrapper.html()).toContain(secret), { timeout: 10_000 })
    await button('Decimal').trigger('click')
    expect(wrapper.html()).not.toContain(secret)
    expect(wrapper.text().replaceAll(/\s/g, '')).toContain(d.toString())
    await button('Hide').trigger('click')
    expect(wrapper.text()).not.toContain('Private exponent')
  })

  it('proves that a pair belongs together, and that another doesn’t', async () => {
    const artifact = await privateKey()
    openInspector([artifact, known.authority])
    await show(KeyTab, { artifact }, 'Prove it')
    await button('Prove it').trigger('click')
    await vi.waitFor(() => expect(wrapper.find('.proof').text()).toContain('they are a pair'))
    await wrapper.find('select').setValue('1')
    expect(wrapper.find('.proof').text()).not.toContain('they are a pair')
    await button('Prove it').trigger('click')
    await vi.waitFor(() => expect(wrapper.find('.proof').text()).toContain('two different pairs'))
  })

  it('of a session is drawn bit by bit once it is revealed, with its messages', async () => {
    const entry = await entryOf(6)
    const next = await entryOf(7)
    setRecords([entry, { ...next, connection: entry.connection }])
    const key = Uint8Array.of(1, 2, 4, 7, 8, 16, 32, 64)
    const artifact: Artifact = {
      kind: 'symmetric-key',
      id: 'k',
      title: 'K_sess',
      source: 'x',
      symbol: 'K_sess',
    }
    const backing = { reveal: async () => key, suite: 'classic', connection: entry.connection.id } as const
    openInspector([artifact], 'k', new Map([['k', backing]]))
    await show(KeyTab, { artifact }, 'session key')
    expect(wrapper.find('.parity').exists()).toBe(false)
    expect(wrapper.findAll('.uses tr').length).toBe(2)
    await button('Reveal').trigger('click')
    await flushPromises()
    expect(wrapper.findAll('.parity tbody tr').length).toBe(8)
    expect(wrapper.find('.parity tbody tr:nth-child(4)').text().replaceAll(/\s/g, '')).toBe('07000001113odd')
  })
})

describe('the chain', () => {
  it('has each certificate under its issuer, and compares two of them', async () => {
    openInspector([known.server, known.authority])
    await show(ChainTab, { artifact: known.server }, 'CN=ID-CA')
    const lines = () => wrapper.findAll('.line')
    expect(lines().map((line) => line.find('.title').text())).toEqual(['CN=ID-CA', 'CN=ID-Server'])
    expect(lines()[1]!.find('[aria-current]').exists()).toBe(true)
    for (const box of wrapper.findAll('[role=checkbox]')) await box.trigger('click')
    await vi.waitFor(() => expect(wrapper.find('.compare').exists()).toBe(true))
    const subject = wrapper.findAll('.compare tr').find((row) => row.text().startsWith('Subject'))!
    expect(subject.text()).toContain('different')
    await lines()[0]!.find('.open').trigger('click')
    expect(inspector.shown.value?.id).toBe('ca')
  })
})

describe('the commands', () => {
  it('are on the names of the lab’s export for what is the lab’s', async () => {
    const artifact: CertificateArtifact = { ...known.server, id: 'lab/server' }
    inspector.setLab([artifact, { ...known.authority, id: 'lab/ca' }])
    await show(CommandsTab, { artifact }, 'openssl x509')
    expect(wrapper.find('.needed').text()).toMatch(/server\.crt.*ca\.crt|ca\.crt.*server\.crt/)
    expect(wrapper.findAll('.line').map((line) => line.text())).toContain(
      'openssl x509 -in server.crt -noout -text',
    )
  })

  it('are on the names that its own export gives for anything else, with the chain above it', async () => {
    openInspector([known.server, known.authority])
    await show(CommandsTab, { artifact: known.server }, 'openssl verify')
    const verify = wrapper.findAll('.line').find((line) => line.text().includes('openssl verify'))!
    expect(verify.text()).toMatch(/-CAfile \S*ID-CA\.crt \S*ID-Server\.crt/)
  })
})

describe('the list', () => {
  it('is walked with the arrow keys, and Delete takes a file off it', async () => {
    const groups = [
      { id: 'lab', title: 'In the lab', entries: [known.authority], notes: [], file: false },
      { id: 'file-1', title: 'x.pem', entries: [known.server], notes: [], file: true },
    ]
    wrapper = mount(InspectorList, { props: { groups, chosen: 'ca' }, attachTo: document.body })
    const entries = wrapper.findAll('.entry')
    expect(entries.map((entry) => entry.attributes('tabindex'))).toEqual(['0', '-1'])
    await entries[0]!.trigger('keydown', { key: 'ArrowDown' })
    expect(wrapper.emitted('choose')).toEqual([['server']])
    await entries[0]!.trigger('keydown', { key: 'Delete' })
    expect(wrapper.emitted('remove')).toBeUndefined()
    await entries[1]!.trigger('keydown', { key: 'Delete' })
    expect(wrapper.emitted('remove')).toEqual([['file-1']])
  })
})

describe('the passphrase prompt', () => {
  it('answers with what was typed, with null to leave it locked, with nothing to give up', async () => {
    const answer = vi.fn()
    const file = { name: 'x.key', what: 'The private key', problem: undefined, working: undefined, answer }
    wrapper = mount(PassphrasePrompt, { props: { file }, attachTo: document.body })
    await wrapper.find('input').setValue('secret')
    await wrapper.find('form').trigger('submit')
    await button('Leave it locked').trigger('click')
    await button('Cancel').trigger('click')
    expect(answer.mock.calls).toEqual([['secret'], [null], [undefined]])
    await wrapper.setProps({ file: { ...file, problem: 'It is not the one.' } })
    await flushPromises()
    expect(wrapper.find('input').element.value).toBe('')
    expect(wrapper.find('input').attributes('aria-invalid')).toBe('true')
    expect(wrapper.find('[role=alert]').text()).toBe('It is not the one.')
  })
})
