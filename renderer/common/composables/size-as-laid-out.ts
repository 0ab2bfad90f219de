/** The size of what a list scrolls in, for its virtualizer. */

interface Size {
  readonly width: number
  readonly height: number
}

/**
 * Told by the layout that comes anyway, before it is painted: to ask for the size at once would take another one.
 * @returns what ends it
 */
export function sizeAsLaidOut(
  { scrollElement }: { readonly scrollElement: Element | null },
  tell: (size: Size) => void,
): () => void {
  const observer = new ResizeObserver(([entry]) => {
    if (entry) tell({ width: entry.contentRect.width, height: entry.target.clientHeight })
  })
  if (scrollElement) observer.observe(scrollElement)
  return () => observer.disconnect()
}
