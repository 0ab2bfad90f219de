/** How keys are written on a keyboard, and whether they are pressed. */

/** What is read of a key event. */
export interface Pressed {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

/** Whether a press is that of a shortcut: `CommandOrControl` is either, as no other use is made of the one that is not meant. */
export function isPressed(keys: string, pressed: Pressed): boolean {
  const parts = keys.split('+')
  const has = (name: string): boolean => parts.includes(name)
  return (
    (parts.at(-1) ?? '').toLowerCase() === nameOf(pressed).toLowerCase() &&
    (pressed.ctrlKey || pressed.metaKey) === (has('CommandOrControl') || has('Control')) &&
    pressed.altKey === has('Alt') &&
    pressed.shiftKey === has('Shift')
  )
}

function nameOf({ key }: Pressed): string {
  return key === ' ' ? 'Space' : key
}

const MAC_NAMES: Readonly<Record<string, string>> = {
  CommandOrControl: '⌘',
  Control: '⌃',
  Alt: '⌥',
  Shift: '⇧',
}
const NAMES: Readonly<Record<string, string>> = {
  CommandOrControl: 'Ctrl',
  Control: 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  PageUp: 'Page up',
  PageDown: 'Page down',
  Plus: '+',
}

/** The keys of an accelerator as they are written on the keyboard. */
export function keyNames(keys: string, mac: boolean): readonly string[] {
  return keys.split('+').map((name) => (mac ? MAC_NAMES[name] : undefined) ?? NAMES[name] ?? name)
}
