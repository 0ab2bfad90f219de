/** Which elements of a structure are to be seen, and where an element or a byte is among them. */
import { countNodes, numberOf, type PackedStructure } from './packed'

/** An element with more inside it than this is folded at first. */
const MANY = 100

/** Indices of elements whose insides are not shown. */
export type Folded = ReadonlySet<number>

/** True for an element that holds others. */
export function hasChildren(packed: PackedStructure, index: number): boolean {
  return numberOf(packed, index, 'next') > index + 1
}

/** Elements that hold very many others: folded until the person unfolds them. */
export function foldedAtFirst(packed: PackedStructure): Folded {
  const folded = new Set<number>()
  const total = countNodes(packed)
  for (let index = 0; index < total; index++) {
    // The first child knows how many there are beside it.
    if (hasChildren(packed, index) && numberOf(packed, index + 1, 'siblings') > MANY) folded.add(index)
  }
  return folded
}

/** Every element that holds others, but for the outermost. */
export function foldedAll(packed: PackedStructure): Folded {
  const folded = new Set<number>()
  const total = countNodes(packed)
  for (let index = 0; index < total; index++) {
    if (hasChildren(packed, index) && numberOf(packed, index, 'depth') > 0) folded.add(index)
  }
  return folded
}

/** Indices of the elements that are to be seen, in order. */
export function visibleRows(packed: PackedStructure, folded: Folded): Int32Array {
  const total = countNodes(packed)
  const rows = new Int32Array(total)
  let length = 0
  for (let index = 0; index < total;) {
    rows[length++] = index
    index = folded.has(index) ? numberOf(packed, index, 'next') : index + 1
  }
  return rows.subarray(0, length)
}

/** The row of an element, or of the folded one that it is in. */
export function rowOf(rows: Int32Array, index: number): number {
  return lastAtMost(rows.length, (row) => rows[row] ?? 0, index)
}

/** The innermost element that a byte belongs to, and whether to its header; undefined outside of all. */
export function elementAt(
  packed: PackedStructure,
  offset: number,
): { readonly index: number; readonly isHeader: boolean } | undefined {
  let index = lastAtMost(countNodes(packed), (at) => numberOf(packed, at, 'offset'), offset)
  // What begins last before the byte may have ended before it too: then one of those around it has it.
  while (index >= 0 && offset >= endOf(packed, index)) index = numberOf(packed, index, 'parent')
  if (index < 0) return undefined
  return { index, isHeader: offset < contentOf(packed, index) }
}

/** Where an element's content begins. */
export function contentOf(packed: PackedStructure, index: number): number {
  return numberOf(packed, index, 'offset') + numberOf(packed, index, 'headerLength')
}

/** The offset after an element. */
export function endOf(packed: PackedStructure, index: number): number {
  return contentOf(packed, index) + numberOf(packed, index, 'contentLength')
}

/** The elements around one, the outermost first. */
export function ancestorsOf(packed: PackedStructure, index: number): readonly number[] {
  const found: number[] = []
  for (let at = numberOf(packed, index, 'parent'); at >= 0; at = numberOf(packed, at, 'parent'))
    found.push(at)
  return found.reverse()
}

/** The last place whose value is at most `wanted`, of values that never fall; -1 when there is none. */
function lastAtMost(length: number, valueAt: (place: number) => number, wanted: number): number {
  let low = 0
  let high = length
  while (low < high) {
    const middle = (low + high) >> 1
    if (valueAt(middle) <= wanted) low = middle + 1
    else high = middle
  }
  return low - 1
}
