/** An answer that takes a moment, asked anew whenever the question changes. */
import { shallowRef, watch, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import { faultOf } from '../call'

/** While an answer takes longer than this, in milliseconds, the one before is not shown any more. */
const SLOW_AFTER = 150

export interface Answer<T> {
  /** The newest answer; undefined until the first one is there, while another takes long, and after a fault. */
  readonly value: Readonly<Ref<T | undefined>>
  readonly fault: Readonly<Ref<Fault | undefined>>
  /** True once the answer has taken long enough to say so. */
  readonly slow: Readonly<Ref<boolean>>
}

/**
 * @param question what is asked; with undefined, nothing is
 * @param ask gets the answer; only that to the newest question counts
 */
export function useAnswer<Q extends object, T>(
  question: () => Q | undefined,
  ask: (question: Q) => Promise<T>,
): Answer<T> {
  const value = shallowRef<T>()
  const fault = shallowRef<Fault>()
  const slow = shallowRef(false)

  watch(
    question,
    async (asked, _, onCleanup) => {
      let isNewest = true
      const timer = setTimeout(() => {
        slow.value = true
        value.value = undefined
      }, SLOW_AFTER)
      const done = (answer: T | undefined, found?: Fault): void => {
        if (!isNewest) return
        clearTimeout(timer)
        value.value = answer
        fault.value = found
        slow.value = false
      }
      onCleanup(() => {
        isNewest = false
        clearTimeout(timer)
      })
      if (!asked) return done(undefined)
      try {
        done(await ask(asked))
      } catch (error) {
        done(undefined, faultOf(error))
      }
    },
    { immediate: true },
  )

  return { value, fault, slow }
}
