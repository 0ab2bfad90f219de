/** The keys that *Help* lists, by where they do something, for its page and for its search. */
import { MENU_KEYS, windowKey } from '#shared/help/menu-keys'
import { MENU_BAR, ROLE_KEYS, VIEW_KEYS, type ShortcutGroup } from '#shared/help/shortcuts'
import { isBeside, WINDOW_NAMES, WINDOWS } from '#shared/windows'

const windows = WINDOW_NAMES.filter((name) => !isBeside(name)).map((name) => WINDOWS[name])

/** Every key that does something, in the order of the page. */
export const SHORTCUT_GROUPS: readonly ShortcutGroup[] = [
  {
    title: 'Everywhere',
    shortcuts: [
      MENU_BAR,
      ...Object.values(MENU_KEYS),
      ...windows.map(({ title }, index) => ({ keys: [windowKey(index)], what: `The window ${title}` })),
      ...Object.values(ROLE_KEYS),
    ],
  },
  ...Object.values(VIEW_KEYS),
]
