/** Tells bytes that happen to look like ASN.1 from an encoded value inside a string whose type isn't known. */
import type { Bytes } from '../../bytes'
import { DerError, readHeader } from '../encodings/der'
import { plainFault } from './der-rules'
import type { Asn1Tree } from './node'
import { readTree, type ReadRange } from './reader'

const [SEQUENCE, SET] = [0x30, 0x31] as const

/**
 * Reads bytes when they are just one element in strict DER.
 * @param primitives whether it may be a single primitive value, which a few random bytes may look like
 */
export function readEncoded(
  bytes: Bytes,
  range: Required<Omit<ReadRange, 'firstOnly'>>,
  primitives: boolean,
): Asn1Tree | undefined {
  const { start, end } = range
  const first = bytes[start]
  if (start >= end || (!primitives && first !== SEQUENCE && first !== SET)) return undefined
  try {
    if (readHeader(bytes, start, end).end !== end) return undefined
    const tree = readTree(bytes, range)
    const isEmpty = tree.nodes.length === 1 && tree.nodes[0]?.constructed === true
    const isStrict = tree.nodes.every((node) => plainFault(bytes, node) === undefined)
    return isStrict && (primitives || !isEmpty) ? tree : undefined
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}
