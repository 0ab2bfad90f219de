/** The width of an element as a ref, for layouts that count columns. */
import { onScopeDispose, ref, watch, type Ref } from 'vue'

/** Width in CSS pixels; `initial` until the element is there. */
export function useWidth(element: Ref<HTMLElement | null>, initial: number): Readonly<Ref<number>> {
  const width = ref(initial)
  const observer = new ResizeObserver(([entry]) => {
    if (entry) width.value = entry.contentRect.width
  })
  watch(element, (now, before) => {
    if (before) observer.unobserve(before)
    if (now) observer.observe(now)
  })
  onScopeDispose(() => observer.disconnect())
  return width
}
