/** The wall clock as a ref, for countdowns. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** Milliseconds since the Unix epoch, renewed every `interval` milliseconds. */
export function useNow(interval = 250): Readonly<Ref<number>> {
  const now = ref(Date.now())
  const timer = setInterval(() => (now.value = Date.now()), interval)
  onScopeDispose(() => clearInterval(timer))
  return readonly(now)
}
