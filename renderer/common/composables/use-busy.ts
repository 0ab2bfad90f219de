/** One piece of work at a time: a second click while it runs does nothing. */
import { readonly, ref, type Ref } from 'vue'

/** Work that takes longer than this, in milliseconds, shows that it is under way. */
const SLOW_AFTER = 500

export interface Busy {
  readonly busy: Readonly<Ref<boolean>>
  /** True once the work has taken long enough to say so. */
  readonly slow: Readonly<Ref<boolean>>
  /** Runs the work, or does nothing and gives undefined while other work runs. Errors pass through. */
  readonly run: <T>(work: () => T | Promise<T>) => Promise<T | undefined>
}

export function useBusy(): Busy {
  const busy = ref(false)
  const slow = ref(false)

  async function run<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    if (busy.value) return undefined
    busy.value = true
    const timer = setTimeout(() => (slow.value = true), SLOW_AFTER)
    try {
      return await work()
    } finally {
      clearTimeout(timer)
      busy.value = false
      slow.value = false
    }
  }

  return { busy: readonly(busy), slow: readonly(slow), run }
}
