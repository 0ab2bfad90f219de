/** How many elements bytes have, before anything is made of them: what reads them takes time and memory for each. */
import type { Bytes } from '../../bytes'
import { DerError } from '../encodings/der'
import type { Asn1Tree } from './node'
import { readTree, type ReadRange } from './reader'
import { isUniversal } from './walk'

const [BIT_STRING, OCTET_STRING] = [3, 4] as const

/**
 * True for bytes with more elements than `most`, those inside strings counted too, as `structure.ts` looks into them. Takes as long
 * as `most` elements do, however many there are. What can't be read counts as nothing: readers say what is wrong with it.
 */
export function hasMoreElements(bytes: Bytes, most: number): boolean {
  let left = most
  const ranges = [{ start: 0, end: bytes.length }]
  for (let range = ranges.pop(); range; range = ranges.pop()) {
    // One more, so that what is none is not taken for one too many.
    const tree = readAtMost(bytes, { ...range, limit: left + 1 })
    if (tree === 'more') return true
    left -= tree?.nodes.length ?? 0
    if (left < 0) return true
    for (const node of tree?.nodes ?? []) {
      const isBits = isUniversal(node, BIT_STRING)
      if (node.constructed || !(isBits || isUniversal(node, OCTET_STRING))) continue
      const start = node.offset + node.headerLength
      // The first byte counts the bits that are not used.
      ranges.push({ start: isBits ? start + 1 : start, end: start + node.contentLength })
    }
  }
  return false
}

/** Undefined where the bytes can't be read. */
function readAtMost(bytes: Bytes, range: ReadRange): Asn1Tree | 'more' | undefined {
  try {
    return readTree(bytes, range)
  } catch (error) {
    if (!(error instanceof DerError)) throw error
    return error.code === 'asn1_too_many' ? 'more' : undefined
  }
}
