/** What shows only where something lasts: nobody needs *Cancel* for what is over before it can be read. */
import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'

/** What takes longer than this, in milliseconds, can be given up. */
export const LASTS_MS = 1_000

/** True once `holds` has been true for so long without a break. */
export function useLasting(holds: () => boolean, milliseconds = LASTS_MS): Readonly<Ref<boolean>> {
  const lasting = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = (): void => clearTimeout(timer)
  watch(
    holds,
    (now) => {
      stop()
      lasting.value = false
      if (now) timer = setTimeout(() => (lasting.value = true), milliseconds)
    },
    { immediate: true },
  )
  onScopeDispose(stop)
  return readonly(lasting)
}
