// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { DEFAULT_SETTINGS, readSettings, settingsSchema, type Settings } from '#shared/settings'
import { SETTINGS_GROUPS } from '../../../renderer/common/dialogs/settings-groups'
import SettingsDialog from '../../../renderer/common/dialogs/SettingsDialog.vue'
import { labView, sessionView } from '../../support/lab-view'
import { giveSizes, standInForMain, type StandIn } from './support'

let wrapper: VueWrapper
let main: StandIn
const opened = vi.fn()

async function open(settings: Settings = DEFAULT_SETTINGS, view = labView()): Promise<void> {
  wrapper = mount(SettingsDialog, {
    props: { open: false, settings, view, 'onUpdate:open': opened },
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

it('says of a corrected field no longer what was wrong, and of the others it does', async () => {
  await open()
  await type('Message age limit', '0')
  await type('Idle limit', '0')
  await press('Save')
  expect(field('Message age limit').getAttribute('aria-invalid')).toBe('true')
  await type('Message age limit', '5')
  expect(field('Message age limit').getAttribute('aria-invalid')).toBe('false')
  expect(field('Idle limit').getAttribute('aria-invalid')).toBe('true')
  expect(dialog().textContent).not.toContain('The message age limit in seconds is')
  await press('Restore defaults')
  expect(field('Idle limit').getAttribute('aria-invalid')).toBe('false')
})

it('restores defaults into the fields without saving them', async () => {
  await open({ ...DEFAULT_SETTINGS, maxAge: 99 })
  await press('Restore defaults')
  expect(field('Message age limit').value).toBe('10')
  expect(sent()).toBeUndefined()
})

it('says what saving does to what runs, and the button says it too', async () => {
  await open(DEFAULT_SETTINGS, labView({ server: { sessions: [sessionView()] } }))
  expect(dialog().textContent).not.toContain('What saving does')
  await type('Server’s port', '18002')
  expect(dialog().textContent).toContain('The server listens on port 18002 instead of 17402.')
  expect(dialog().textContent).toContain('One session ends.')
  await type('Authority’s port', '18001')
  await press('Save and restart both')
  expect(sent()).toMatchObject({ authorityPort: 18_001, serverPort: 18_002 })
  expect(opened).toHaveBeenLastCalledWith(false)
})

it('says nothing of what is not allowed, and refuses both roles on one port beside the field', async () => {
  await open()
  await type('Server’s port', '17401')
  expect(dialog().textContent).not.toContain('What saving does')
  await press('Save')
  expect(dialog().textContent).toContain('The server needs a port of its own: 17401 is the authority’s.')
  expect(field('Server’s port').getAttribute('aria-invalid')).toBe('true')
  expect(opened).not.toHaveBeenCalled()
})

it('stays open with the reason where a listener can’t be moved', async () => {
  main = standInForMain({
    'settings:set': () => {
      throw { code: 'port_in_use', message: 'Port 18002 is in use by another program.', freePort: 18_003 }
    },
  })
  await open()
  await type('Server’s port', '18002')
  await press('Save and restart server')
  expect(dialog().textContent).toContain('Port 18002 is in use by another program.')
  expect(opened).not.toHaveBeenCalled()
})

it('names the settings that the command line has set', async () => {
  await open(DEFAULT_SETTINGS, labView({ commandLine: ['lifetime', 'suite'] }))
  const described = (label: string): string =>
    (field(label).getAttribute('aria-describedby') ?? '')
      .split(' ')
      .map((id) => document.getElementById(id)?.textContent ?? '')
      .join(' ')
  expect(described('Session lifetime')).toContain('From the command line')
  expect(described('Suite')).toContain('From the command line')
  expect(described('Message age limit')).not.toContain('From the command line')
})

it('shows theme and size of text before they are saved, and takes them back with Cancel', async () => {
  await open()
  const previews = (): unknown[] =>
    main.calls.mock.calls.filter(([name]) => name === 'settings:preview').map(([, given]) => given)
  const choose = async (label: string, value: string): Promise<void> => {
    field(label).value = value
    field(label).dispatchEvent(new Event('change'))
    await flushPromises()
  }
  expect(previews()).toEqual([])
  await choose('Theme', 'dark')
  // What is wrong elsewhere does not matter to looks.
  await type('Session lifetime', 'ten')
  await choose('Size of text', '200')
  expect(previews()).toEqual([
    { looks: { theme: 'dark', textSize: 100 } },
    { looks: { theme: 'dark', textSize: 200 } },
  ])
  await press('Cancel')
  await wrapper.setProps({ open: false })
  await flushPromises()
  expect(previews().at(-1)).toEqual({})
  expect(sent()).toBeUndefined()
})
