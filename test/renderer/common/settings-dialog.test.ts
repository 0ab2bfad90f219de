// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS, readSettings, settingsSchema, type Settings } from '#shared/settings'
import { SETTINGS_GROUPS } from '../../../renderer/common/dialogs/settings-groups'
import SettingsDialog from '../../../renderer/common/dialogs/SettingsDialog.vue'
import { giveSizes, standInForMain, type StandIn } from './support'

let wrapper: VueWrapper
let main: StandIn
const opened = vi.fn()

async function open(settings: Settings = DEFAULT_SETTINGS): Promise<void> {
  wrapper = mount(SettingsDialog, {
    props: { open: false, settings, 'onUpdate:open': opened },
    attachTo: document.body,
  })
  await wrapper.setProps({ open: true })
  await flushPromises()
}

beforeEach(() => {
  giveSizes()
  opened.mockClear()
  main = standInForMain({ 'settings:set': (value) => readSettings(value) })
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

const dialog = (): HTMLElement => document.querySelector<HTMLElement>('[role="dialog"]')!
const field = (label: string): HTMLInputElement => {
  const found = [...dialog().querySelectorAll('label')].find((each) => each.textContent?.trim() === label)!
  return document.getElementById(found.htmlFor) as HTMLInputElement
}
const sent = (): unknown => main.calls.mock.calls.find(([name]) => name === 'settings:set')?.[1]

async function press(name: string): Promise<void> {
  const buttons = [...dialog().querySelectorAll('button')]
  buttons
    .find((button) => (button.getAttribute('aria-label') ?? button.textContent?.trim()) === name)!
    .click()
  await flushPromises()
}

async function type(label: string, value: string): Promise<void> {
  field(label).value = value
  field(label).dispatchEvent(new Event('input'))
  await flushPromises()
}

it('has a field for every setting', async () => {
  await open()
  const names = SETTINGS_GROUPS.flatMap((group) => group.fields.map((each) => each.name))
  expect([...names].sort()).toEqual(Object.keys(settingsSchema.entries).sort())
})

it('sends what is in the fields, numbers as numbers, and closes', async () => {
  await open({ ...DEFAULT_SETTINGS, rsaBits: 3072 })
  await press('100 seconds')
  await type('Client', ' ID-Anna ')
  await press('Save')
  expect(sent()).toEqual({ ...DEFAULT_SETTINGS, rsaBits: 3072, lifetime: 100, clientIdentity: 'ID-Anna' })
  expect(opened).toHaveBeenLastCalledWith(false)
})

it.each(['', '1.5', '-4', 'ten', '0x10'])(
  'refuses “%s” as a number and says so beside the field',
  async (text) => {
    await open()
    await type('Message age limit', text)
    await press('Save')
    expect(field('Message age limit').getAttribute('aria-invalid')).toBe('true')
    expect(dialog().textContent).toContain('The message age limit in seconds is')
    expect(opened).not.toHaveBeenCalled()
  },
)

it('restores defaults into the fields without saving them', async () => {
  await open({ ...DEFAULT_SETTINGS, maxAge: 99 })
  await press('Restore defaults')
  expect(field('Message age limit').value).toBe('10')
  expect(sent()).toBeUndefined()
})
