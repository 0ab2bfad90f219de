/** A secret that is on screen only after the person asked, and not for long. */
import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import { faultOf } from '../call'
import { rememberRevealed } from '../revealed'

/** A revealed secret hides itself again after this many milliseconds, and when its window is hidden. */
const HIDE_AFTER = 60_000

export interface Reveal<T> {
  /** The secret while it is shown, otherwise undefined. */
  readonly value: Readonly<Ref<T | undefined>>
  readonly fault: Readonly<Ref<Fault | undefined>>
  readonly show: () => Promise<void>
  readonly hide: () => void
}

/**
 * @param get asks for the secret; only ever called by `show`
 * @param of names what the secret belongs to, a record's secret by the record's identifier and a space before the
 * member's name: when it changes, the secret is hidden
 */
export function useReveal<T>(get: () => Promise<T>, of: () => string): Reveal<T> {
  const value = shallowRef<T>()
  const fault = shallowRef<Fault>()
  let request = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  function hide(): void {
    request++
    clearTimeout(timer)
    value.value = undefined
    fault.value = undefined
  }

  async function show(): Promise<void> {
    hide()
    const mine = request
    try {
      const secret = await get()
      if (mine !== request) return
      value.value = secret
      timer = setTimeout(hide, HIDE_AFTER)
    } catch (error) {
      if (mine === request) fault.value = faultOf(error)
    }
  }

  const hideWithWindow = (): void => {
    if (document.hidden) hide()
  }
  const forget = rememberRevealed({ of, hide })
  document.addEventListener('visibilitychange', hideWithWindow)
  onScopeDispose(() => {
    forget()
    document.removeEventListener('visibilitychange', hideWithWindow)
    hide()
  })
  watch(of, hide)

  return { value, fault, show, hide }
}
