/**
 * Parts of a window that aren't shown at first. Each is loaded when it is wanted; and so that nobody waits for it then,
 * all are loaded one after another once the window stands, somebody turns to it, and it has nothing else to do.
 */
import { defineAsyncComponent, h, ref, watch, type Component, type Ref } from 'vue'
import { onceLoaded } from '#shared/remember'
import PartMissing from './PartMissing.vue'

type Load<T> = () => Promise<T>

/** The other windows are left so many milliseconds to appear before this one takes the machine for what comes later. */
const REST_AFTER_MS = 1_000
/** After so many milliseconds more a window counts as idle even if it never rests. */
const IDLE_AFTER_MS = 1_000
/** What says that somebody turns to a window, a moment before the first click. */
const SIGNS = ['pointermove', 'pointerdown', 'keydown', 'dragenter'] as const
/** A part that takes longer than this, in milliseconds, says that it is coming. */
const SLOW_MS = 400

const parts: Load<unknown>[] = []

/**
 * A part that is no component: gives it, loading it if need be. A load that failed is tried again the next time.
 * @param when `first` for what the first click is likely to want: it goes before the others
 */
export function laterModule<T>(load: Load<T>, when?: 'first'): Load<T> {
  const once = onceLoaded(load)
  if (when === 'first') parts.unshift(once)
  else parts.push(once)
  return once
}

/** A component that is loaded later. Where it can't be, a line in its place says so and what to do. */
export function later<T extends Component>(load: Load<{ readonly default: T }>, when?: 'first'): T {
  const loader = laterModule(load, when)
  return defineAsyncComponent<T>({
    loader: async () => (await loader()).default,
    delay: SLOW_MS,
    loadingComponent: () => h('p', { class: 'muted', role: 'status' }, 'Loading…'),
    errorComponent: PartMissing,
    suspensible: false,
  })
}

/** True from the first time on that something is open: what was never opened need not be there. */
export function everOpen(open: Ref<boolean>): Readonly<Ref<boolean>> {
  const was = ref(open.value)
  watch(open, (now) => (was.value ||= now), { flush: 'sync' })
  return was
}

/**
 * Loads what is still missing, one after another, as soon as somebody turns to the window: one that nobody looks at takes
 * no memory for it. For a window's entry, after it was mounted.
 */
export function loadTheRest(): void {
  const turned = new AbortController()
  const next = (): void => {
    const load = parts.shift()
    if (load) requestIdleCallback(() => void load().then(next, next), { timeout: IDLE_AFTER_MS })
  }
  const begin = (): void => {
    if (turned.signal.aborted) return
    turned.abort()
    next()
  }
  const options = { capture: true, passive: true, signal: turned.signal }
  for (const sign of SIGNS) window.addEventListener(sign, begin, options)
  // A window may have the focus by itself when it is shown.
  setTimeout(() => {
    if (document.hasFocus()) begin()
    else window.addEventListener('focus', begin, options)
  }, REST_AFTER_MS)
}
