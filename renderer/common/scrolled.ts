/** Which elements have been scrolled at all, without asking them: where an element stands is known only once all is laid out. */
const scrolled = new WeakSet<EventTarget>()

document.addEventListener('scroll', ({ target }) => void (target && scrolled.add(target)), {
  capture: true,
  passive: true,
})

/** Whether an element was ever scrolled, by a person or otherwise; of the last frame, that is not known yet. */
export function wasScrolled(element: Element): boolean {
  return scrolled.has(element)
}
