/** The one fault that a window shows: what a click of its own met, or what main reports of the role. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Fault } from '#shared/errors'

export interface Notice {
  readonly fault: ComputedRef<Fault | undefined>
  readonly set: (fault: Fault | undefined) => void
  readonly dismiss: () => void
}

/**
 * @param reported main's fault of the role; it stays dismissed until main reports another
 * @param cause what a fault of a click could come from, as a text: when it changes, the fault is overcome
 */
export function useNotice(reported: () => Fault | undefined, cause: () => string): Notice {
  const own = shallowRef<Fault>()
  watch([cause, () => nameOf(reported())], () => (own.value = undefined))
  const dismissed = shallowRef<string>()
  const fault = computed(() => {
    if (own.value) return own.value
    const found = reported()
    return nameOf(found) === dismissed.value ? undefined : found
  })
  return {
    fault,
    set: (found) => {
      own.value = found
      dismissed.value = undefined
    },
    dismiss: () => {
      own.value = undefined
      dismissed.value = nameOf(reported())
    },
  }
}

function nameOf(fault: Fault | undefined): string {
  return fault ? `${fault.code} ${fault.message}` : ''
}
