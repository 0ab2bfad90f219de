/**
 * Every key that does something, a row each, with those of the menu (`menu-keys.ts`): handlers take theirs from here, and *Help* lists them. Keys that the
 * engine gives to buttons, fields and tabs everywhere are not listed.
 */
import type { Shortcut } from './menu-keys'

export interface ShortcutGroup {
  readonly title: string
  readonly shortcuts: readonly Shortcut[]
}

/** The menu bar is hidden until it is asked for. */
export const MENU_BAR: Shortcut = { keys: ['Alt'], what: 'Show the menu: File, View, Tools, Window, Help' }

/** Those that the engine gives to entries of the menu, by the entry's role, as they are on Linux. */
export const ROLE_KEYS = {
  close: { keys: ['CommandOrControl+W'], what: 'Close the window; what lies over it first' },
  minimize: { keys: ['CommandOrControl+M'], what: 'Minimise the window' },
  togglefullscreen: { keys: ['F11'], what: 'Full screen and back' },
  zoomIn: { keys: ['CommandOrControl+Plus'], what: 'Larger' },
  zoomOut: { keys: ['CommandOrControl+-'], what: 'Smaller' },
} as const satisfies Readonly<Record<string, Shortcut>>

/** Those that a view answers while it is in front (`renderer/common/composables/use-shortcut.ts`). */
export const FRONT_KEYS = {
  find: { keys: ['CommandOrControl+F'], what: 'Search in it' },
  save: { keys: ['CommandOrControl+S'], what: 'Export what it shows' },
  close: ROLE_KEYS.close,
} as const satisfies Readonly<Record<string, Shortcut>>

const ENDS = { keys: ['Home', 'End'], what: 'To the first and the last' }
const UP_AND_DOWN = { keys: ['ArrowUp', 'ArrowDown'], what: 'To the one above and below' }

/** Those of single views: a view takes no other key than those listed, beside what every button takes. */
export const VIEW_KEYS = {
  steps: { title: 'The eight steps', shortcuts: [UP_AND_DOWN, ENDS] },
  messages: {
    title: 'A list of messages',
    shortcuts: [
      UP_AND_DOWN,
      { keys: ['PageUp', 'PageDown'], what: 'A page up and down' },
      ENDS,
      FRONT_KEYS.find,
    ],
  },
  frames: {
    title: 'Lists of the adversary',
    shortcuts: [UP_AND_DOWN, { keys: ['PageUp', 'PageDown'], what: 'A page up and down' }, ENDS],
  },
  held: {
    title: 'Held messages',
    shortcuts: [
      { keys: ['Enter'], what: 'Pass it on as it is now' },
      { keys: ['Delete'], what: 'Drop it' },
    ],
  },
  heldBytes: {
    title: 'Bytes of a held message',
    shortcuts: [
      { keys: ['0–9', 'A–F'], what: 'Over the byte, one hex digit after the other' },
      { keys: ['Insert'], what: 'A byte more before it' },
      { keys: ['Delete'], what: 'The byte out' },
    ],
  },
  certificates: { title: 'A list of certificates, parts of a signature', shortcuts: [UP_AND_DOWN, ENDS] },
  opened: {
    title: 'What is open in the inspector',
    shortcuts: [UP_AND_DOWN, ENDS, { keys: ['Delete', 'Backspace'], what: 'Take the file off the list' }],
  },
  inspector: {
    title: 'The inspector',
    shortcuts: [
      { keys: ['Alt+ArrowLeft'], what: 'Back to where the link was' },
      FRONT_KEYS.find,
      FRONT_KEYS.save,
    ],
  },
  tree: {
    title: 'Structure, as a tree',
    shortcuts: [
      UP_AND_DOWN,
      { keys: ['PageUp', 'PageDown'], what: 'A page up and down' },
      ENDS,
      { keys: ['ArrowRight'], what: 'Unfold, or into it' },
      { keys: ['ArrowLeft'], what: 'Fold, or out of it' },
      { keys: ['Enter', 'Space'], what: 'Fold or unfold' },
    ],
  },
  search: {
    title: 'A search in a list or a structure',
    shortcuts: [
      { keys: ['Enter'], what: 'To the next find' },
      { keys: ['Shift+Enter'], what: 'To the previous find' },
      FRONT_KEYS.find,
    ],
  },
  recording: {
    title: 'A recording',
    shortcuts: [
      { keys: ['Alt+PageUp'], what: 'A moment back' },
      { keys: ['Alt+PageDown'], what: 'A moment on' },
    ],
  },
  bytes: {
    title: 'Bytes',
    shortcuts: [
      { keys: ['ArrowLeft', 'ArrowRight'], what: 'A byte back and on' },
      { keys: ['ArrowUp', 'ArrowDown'], what: 'A row up and down' },
      { keys: ['PageUp', 'PageDown'], what: 'A page up and down' },
      { keys: ['Home', 'End'], what: 'To the ends of the row' },
      { keys: ['Control+Home', 'Control+End'], what: 'To the first and the last byte' },
    ],
  },
  matrix: {
    title: 'The matrix of attacks',
    shortcuts: [
      { keys: ['ArrowLeft', 'ArrowRight'], what: 'A cell back and on; the first is the attack itself' },
      { keys: ['ArrowUp', 'ArrowDown'], what: 'A row up and down; the uppermost are the defences' },
      { keys: ['PageUp', 'PageDown'], what: 'A page up and down' },
      { keys: ['Home', 'End'], what: 'To the ends of the row' },
      { keys: ['Control+Home', 'Control+End'], what: 'To the first and the last cell' },
      { keys: ['Enter'], what: 'Open the run, or make it first; run the row or the column' },
      { keys: ['Space'], what: 'Run it' },
      FRONT_KEYS.find,
    ],
  },
  recipes: {
    title: 'The table of recipes',
    shortcuts: [
      UP_AND_DOWN,
      { keys: ['PageUp', 'PageDown'], what: 'A page up and down' },
      ENDS,
      { keys: ['Enter'], what: 'Have it judged' },
      FRONT_KEYS.find,
    ],
  },
  attackRun: {
    title: 'The run of an attack',
    shortcuts: [{ keys: ['Escape'], what: 'Back to where it was opened' }, FRONT_KEYS.save],
  },
  help: {
    title: 'Help',
    shortcuts: [
      { keys: ['CommandOrControl+F'], what: 'Search' },
      { keys: ['Alt+ArrowLeft'], what: 'Back' },
      { keys: ['Alt+ArrowRight'], what: 'Forward' },
      { keys: ['ArrowDown', 'ArrowUp'], what: 'From the search to what it found, and through it' },
      { keys: ['Escape'], what: 'End the search; where nothing is searched for, close Help' },
    ],
  },
  dialogs: {
    title: 'Dialogs',
    shortcuts: [{ keys: ['Escape'], what: 'Close it, or its menu first' }],
  },
} as const satisfies Readonly<Record<string, ShortcutGroup>>
