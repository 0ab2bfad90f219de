// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { HL1 } from '#shared/hl1/protocol'
import { toHex, type Bytes } from '#shared/bytes'
import { describePrivateKey } from '#shared/crypto/primitives/rsa'
import { describeKey } from '#shared/inspect/describe'
import { withoutSecrets } from '#shared/record/record'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { keyPair } from '../../support/credentials'
import { carriedKeys, keysFromSettings } from '../../../renderer/common/keys/symmetric-keys'
import KeysPanel from '../../../renderer/common/keys/KeysPanel.vue'
import { entryOf, giveSizes, standInForMain } from './support'

let wrapper: VueWrapper | undefined

beforeEach(() => {
  giveSizes()
  standInForMain({})
})
afterEach(() => {
  wrapper?.unmount()
  vi.unstubAllGlobals()
})

const nothing = (): Promise<never> => Promise.reject(new Error('not asked'))

it('lists the symmetric keys that messages have carried, with what they protected', async () => {
  const entries = [await entryOf(5), await entryOf(6, 'sent'), await entryOf(7), await entryOf(8, 'sent')]
  const keys = carriedKeys(HL1, entries, nothing)
  expect(keys.map(({ symbol }) => symbol)).toEqual(['K_tmp2', 'K_sess'])
  expect(keys[0]?.instances[0]).toMatchObject({
    protected: 'protected step 6',
    connection: { from: { address: '127.0.0.1', port: 40_000 } },
  })
  expect(keys[1]?.instances[0]).toMatchObject({ protected: 'protected steps 7 and 8' })
  expect(keys[0]?.instances[0]?.origin).toMatch(/^Arrived in step 5/)
  expect(keys[1]?.instances[0]?.origin).toMatch(/^Made here, sent in step 6/)
})

it('counts no key that came with a refused message', async () => {
  const refused = {
    ...(await entryOf(5)),
    outcome: { ok: false, code: 'stale_timestamp', message: 'too old' },
  } as const
  expect(carriedKeys(HL1, [refused], nothing)).toEqual([])
})

it('shows a private key only after Reveal, and not after Hide', async () => {
  const pair = await keyPair('server')
  const parts = await describePrivateKey(pair.privateKey)
  const reveal = vi.fn(async () => ({ pem: pair.privateKey.pem, parts }))
  const view = await describeKey(pair.publicKey)
  wrapper = mount(KeysPanel, {
    props: {
      role: 'server',
      pairs: [{ publicSymbol: 'PK_S', privateSymbol: 'SK_S', view, missing: '', reveal }],
      entries: [],
      settings: undefined,
      reveal: nothing,
    },
  })
  const secret = pair.privateKey.pem.split('\n')[3]!
  expect(wrapper.text()).toContain(view.fingerprint)
  expect(wrapper.html()).not.toContain(secret)
  expect(reveal).not.toHaveBeenCalled()
  await wrapper.find('[aria-label="Reveal the private key of the application server"]').trigger('click')
  await flushPromises()
  expect(wrapper.html()).toContain(secret)
  await wrapper.find('[aria-label="Hide the private key of the application server"]').trigger('click')
  expect(wrapper.html()).not.toContain(secret)
})

it('shows a session key only after Reveal', async () => {
  const entry = await entryOf(6)
  const key = entry.members[0]!.value as Bytes
  wrapper = mount(KeysPanel, {
    props: {
      role: 'client',
      pairs: [],
      entries: [withoutSecrets(entry)],
      reveal: async () => key,
      settings: DEFAULT_SETTINGS,
    },
  })
  expect(wrapper.html()).not.toContain(toHex(key))
  expect(wrapper.html()).not.toContain(DEFAULT_SETTINGS.bootstrapKey)
  await wrapper.find('[aria-label="Reveal the session key"]').trigger('click')
  await flushPromises()
  expect(wrapper.text()).toContain(toHex(key))
})

it('shows the bootstrap key after Reveal, to the roles that have it from the settings', async () => {
  expect(keysFromSettings(HL1, 'authority', DEFAULT_SETTINGS)).toEqual([])
  for (const role of ['client', 'server']) {
    const props = { role, pairs: [], entries: [], reveal: nothing, settings: DEFAULT_SETTINGS }
    wrapper = mount(KeysPanel, { props })
    expect(wrapper.text()).toContain('A setting, the same in every copy of the program')
    await wrapper.find('[aria-label="Reveal the bootstrap key"]').trigger('click')
    await flushPromises()
    expect(wrapper.text()).toContain(DEFAULT_SETTINGS.bootstrapKey)
    wrapper.unmount()
  }
  const [group] = keysFromSettings(HL1, 'client', DEFAULT_SETTINGS)
  expect(group?.instances[0]?.suite).toBe('classic')
})

it('has a setting for every key that is one, and it is hex', () => {
  const named = Object.values(HL1.keys).flatMap(({ setting }) => setting ?? [])
  expect(named).toEqual(['bootstrapKey'])
  expect(DEFAULT_SETTINGS).toMatchObject(
    Object.fromEntries(named.map((name) => [name, expect.stringMatching(/^([0-9a-f]{2})+$/) as unknown])),
  )
})
