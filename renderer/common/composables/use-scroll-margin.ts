/** How far below the beginning of what scrolls an element stands: for lists that scroll along with other things. */
import { onScopeDispose, readonly, ref, watch, type Ref } from 'vue'

/** In CSS pixels, kept current while what is above the element grows and shrinks; 0 while nothing scrolls it along. */
export function useScrollMargin(
  element: Readonly<Ref<HTMLElement | null>>,
  scroller: () => HTMLElement | null | undefined,
): Readonly<Ref<number>> {
  const margin = ref(0)
  const measure = (): void => {
    const outer = scroller()
    if (!outer || !element.value) return void (margin.value = 0)
    const { top } = element.value.getBoundingClientRect()
    margin.value = Math.round(top - outer.getBoundingClientRect().top + outer.scrollTop)
  }
  const observer = new ResizeObserver(measure)
  watch(
    [element, scroller] as const,
    ([inner, outer]) => {
      observer.disconnect()
      measure()
      if (!outer) return
      // Whatever stands beside it, or beside what it is in, may push it down.
      for (let at: Element | null = inner; at && at !== outer; at = at.parentElement) {
        for (const beside of at.parentElement?.children ?? []) observer.observe(beside)
      }
    },
    { immediate: true, flush: 'post' },
  )
  onScopeDispose(() => observer.disconnect())
  return readonly(margin)
}
