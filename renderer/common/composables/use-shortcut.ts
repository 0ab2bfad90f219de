/** Keys with Ctrl (or Command) that a view answers while it is in front: Ctrl+F to search in it, Ctrl+S to save what it shows, Ctrl+W to close it. */
import { onMounted, onScopeDispose } from 'vue'
import { isPressed } from '#shared/help/key-names'
import { FRONT_KEYS } from '#shared/help/shortcuts'

interface Shortcut {
  readonly keys: string
  /** What the view stands in; undefined while it is not there. */
  readonly place: () => Element | null | undefined
  readonly run: () => void
}

/** Those of all views of this window, the newest last. */
const shortcuts: Shortcut[] = []

/**
 * Answers a key while the view is seen, and no dialog lies over it. Of several the newest does: what was opened last is in front.
 * @param place the element that the view stands in
 */
export function useShortcut(name: keyof typeof FRONT_KEYS, place: Shortcut['place'], run: () => void): void {
  const shortcut: Shortcut = { keys: FRONT_KEYS[name].keys[0], place, run }
  onMounted(() => {
    if (shortcuts.length === 0) document.addEventListener('keydown', answer)
    shortcuts.push(shortcut)
  })
  onScopeDispose(() => {
    shortcuts.splice(shortcuts.indexOf(shortcut), shortcuts.includes(shortcut) ? 1 : 0)
    if (shortcuts.length === 0) document.removeEventListener('keydown', answer)
  })
}

function answer(event: KeyboardEvent): void {
  if (event.defaultPrevented) return
  const found = shortcuts.findLast(({ keys, place }) => isPressed(keys, event) && isInFront(place()))
  if (!found) return
  event.preventDefault()
  found.run()
}

function isInFront(place: Element | null | undefined): boolean {
  if (!place?.isConnected || place.getClientRects().length === 0) return false
  const top = [...document.querySelectorAll('[role="dialog"], [role="alertdialog"]')].at(-1)
  return !top || top.contains(place)
}
