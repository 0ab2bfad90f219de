/** When a session's lifetime is over, on a clock that nobody sets. */
import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'
import { timeLeft, type Session } from '#shared/hl1/state'

/**
 * True from the end of the session's lifetime on, until there is another session or none.
 * @param onEnd called once for each session that comes to its end
 */
export function useSessionEnd(
  session: Readonly<Ref<Session | undefined>>,
  onEnd: () => void,
): Readonly<Ref<boolean>> {
  const ended = ref(false)
  let timer: ReturnType<typeof setTimeout> | undefined

  function look(): void {
    clearTimeout(timer)
    ended.value = false
    if (!session.value) return
    const left = timeLeft(session.value, performance.now())
    if (left >= 0) {
      // A millisecond later: exactly at the end it still lives.
      timer = setTimeout(look, left + 1)
      return
    }
    ended.value = true
    onEnd()
  }

  watch(() => session.value?.startedMonotonic, look, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return readonly(ended)
}
