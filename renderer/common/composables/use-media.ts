/** Whether a media query holds, as a ref: for layouts that are other elements, not only other styles. */
import { onScopeDispose, readonly, ref, type Ref } from 'vue'

/** True while `query` holds for this window, for instance `(max-width: 939px)`. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = window.matchMedia(query)
  const holds = ref(list.matches)
  const change = (event: MediaQueryListEvent): void => void (holds.value = event.matches)
  list.addEventListener('change', change)
  onScopeDispose(() => list.removeEventListener('change', change))
  return readonly(holds)
}
