/** The menu's keys are those of the table that Help shows, and Help is reached from it. */
import { expect, it, vi } from 'vitest'
import type { MenuItemConstructorOptions } from 'electron'
import { menuTemplate } from '#main/windows/menu'
import { MENU_KEYS, windowKey } from '#shared/help/menu-keys'
import { readPlace } from '#shared/help/places'
import { isBeside, WINDOW_NAMES, WINDOWS, type WindowName } from '#shared/windows'

function open(focused?: WindowName) {
  const done: string[] = []
  const menu = menuTemplate(
    {
      named: () => focused,
      show: (name) => void done.push(`show ${name}`),
      showAll: () => void done.push('show all'),
      ask: (name, _, { dialog }) => void done.push(`${dialog} in ${name}`),
      askForFiles: async (name) => void done.push(`files in ${name}`),
      arrange: () => void done.push('arrange'),
      askForCapture: (name, what) => void done.push(`${what} of ${name}`),
      askForRun: (name) => void done.push(`run at ${name}`),
      toggleClock: () => void done.push('toggle clock'),
      print: (name) => void done.push(`print ${name}`),
      quit: (name) => void done.push(`quit at ${name ?? 'none'}`),
      showHelp: (place) => void done.push(place === undefined ? 'help' : `help at ${place}`),
      askForHelp: (name) => void done.push(`help on ${name}`),
    },
    WINDOWS,
    { development: false },
  )
  const items = menu.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
  const click = (label: string): void => {
    const found = items.find((item: MenuItemConstructorOptions) => item.label === label)
    ;(found?.click as ((...given: unknown[]) => void) | undefined)?.({}, undefined, {})
  }
  return { items, click, done }
}

it('every key of an entry of the app’s own is in the table, and the other way round', () => {
  const lab = WINDOW_NAMES.filter((name) => !isBeside(name))
  const expected = [
    ...Object.values(MENU_KEYS).map(({ keys: [key] }) => key),
    ...lab.map((_, index) => windowKey(index)),
  ]
  const given = open().items.flatMap(({ accelerator }) => accelerator ?? [])
  expect(given.toSorted()).toEqual(expected.toSorted())
})

it.each(['authority', 'server', 'client'] as const)(
  'F1 in the window %s has it say what is in sight',
  (name) => {
    const { click, done } = open(name)
    click('Help')
    expect(done).toEqual(['help', `help on ${name}`])
  },
)

it.each(['help', undefined] as const)('F1 in %s brings Help to the front as it is', (name) => {
  const { click, done } = open(name)
  click('Help')
  expect(done).toEqual(['help'])
})

it('prints what the window in front shows, and nothing where none of the app’s is', () => {
  const { click, done } = open('help')
  click('Print…')
  expect(done).toEqual(['print help'])
  const none = open()
  none.click('Print…')
  expect(none.done).toEqual([])
})

it('leads to the pages of Help', () => {
  const { click, done } = open('client')
  for (const label of ['The protocol', 'Glossary', 'Keyboard shortcuts', 'Sources']) click(label)
  expect(done).toEqual(['help at protocol', 'help at glossary', 'help at keyboard', 'help at sources'])
  for (const text of done) expect(readPlace(text.replace('help at ', ''))).toBeDefined()
})

it('dialogs and files that are asked for in the window of Help open in the lab', async () => {
  const { click, done } = open('help')
  click('Settings…')
  click('Open…')
  await vi.waitFor(() => expect(done).toHaveLength(4))
  expect(done).toEqual(['show client', 'settings in client', 'show client', 'files in client'])
})
