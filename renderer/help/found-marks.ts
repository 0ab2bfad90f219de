/** Marks on a page what was searched for, without touching its elements (CSS Custom Highlight API). */

/** As the style sheet calls the marks. */
const NAME = 'found'
/** More than so many are not marked. */
const MOST = 500

/** Marks every word of a query in what an element shows; an empty query marks nothing. */
export function markFound(element: Element | null, query: string): void {
  // The simulated page of the tests has no highlights.
  if (!('highlights' in CSS)) return
  CSS.highlights.delete(NAME)
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (!element || words.length === 0) return
  const ranges: Range[] = []
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node && ranges.length < MOST; node = walker.nextNode())
    ranges.push(...rangesIn(node, words))
  CSS.highlights.set(NAME, new Highlight(...ranges))
}

function rangesIn(node: Node, words: readonly string[]): readonly Range[] {
  const text = (node.nodeValue ?? '').toLowerCase()
  return words.flatMap((word) => {
    const ranges: Range[] = []
    for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + word.length)
      ranges.push(range)
    }
    return ranges
  })
}
