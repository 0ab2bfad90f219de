/** What the keys of the keyboard do in a tree (WAI-ARIA Authoring Practices, tree view). */
import { numberOf, type PackedStructure } from './packed'
import { hasChildren, rowOf, type Folded } from './rows'

export type TreeMove =
  | { readonly kind: 'go'; readonly index: number }
  | { readonly kind: 'fold' | 'unfold'; readonly index: number }

export interface TreePlace {
  readonly packed: PackedStructure
  readonly folded: Folded
  /** Elements that are to be seen. */
  readonly rows: Int32Array
  /** The element that the keyboard is at. */
  readonly index: number
  /** Rows that fit. */
  readonly page: number
}

/** What a key does; undefined for any that does nothing here. */
export function moveAfterKey(key: string, place: TreePlace): TreeMove | undefined {
  const { packed, folded, rows, index, page } = place
  const row = rowOf(rows, index)
  const go = (to: number): TreeMove | undefined => {
    const target = rows[Math.min(rows.length - 1, Math.max(0, to))]
    return target === undefined ? undefined : { kind: 'go', index: target }
  }
  const isFolder = hasChildren(packed, index)
  const isFolded = folded.has(index)
  switch (key) {
    case 'ArrowUp':
      return go(row - 1)
    case 'ArrowDown':
      return go(row + 1)
    case 'PageUp':
      return go(row - page)
    case 'PageDown':
      return go(row + page)
    case 'Home':
      return go(0)
    case 'End':
      return go(rows.length - 1)
    case 'ArrowRight':
      if (!isFolder) return undefined
      return isFolded ? { kind: 'unfold', index } : { kind: 'go', index: index + 1 }
    case 'ArrowLeft': {
      if (isFolder && !isFolded) return { kind: 'fold', index }
      const parent = numberOf(packed, index, 'parent')
      return parent < 0 ? undefined : { kind: 'go', index: parent }
    }
    case 'Enter':
    case ' ':
      return isFolder ? { kind: isFolded ? 'unfold' : 'fold', index } : undefined
    default:
      return undefined
  }
}
