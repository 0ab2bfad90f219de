/** Tells bytes that happen to look like ASN.1 from an encoded value inside a string whose type isn't known. */
import type { Bytes } from '../../bytes'
import { DerError, readHeader } from '../encodings/der'
import type { Asn1Node, Asn1Tree } from './node'
import { decodeOid } from '../encodings/oid-text'
import { readTree, type ReadRange } from './reader'
import { contentOf } from './walk'

const [SEQUENCE, SET] = [0x30, 0x31] as const
/** The universal tags in use: up to BMPString, without those that X.690 leaves free. */
const USED_TAGS = new Set([
  1, 2, 3, 4, 5, 6, 8, 9, 10, 12, 13, 16, 17, 18, 19, 20, 22, 23, 24, 26, 27, 28, 30,
])
const CONSTRUCTED_TAGS = new Set([8, 16, 17])

/**
 * Reads bytes when they are just one element in strict DER.
 * @param primitives whether it may be a single primitive value, which a few random bytes may look like
 */
export function readEncoded(
  bytes: Bytes,
  range: Required<ReadRange>,
  primitives: boolean,
): Asn1Tree | undefined {
  const { start, end } = range
  const first = bytes[start]
  if (start >= end || (!primitives && first !== SEQUENCE && first !== SET)) return undefined
  try {
    if (readHeader(bytes, start, end).end !== end) return undefined
    const tree = readTree(bytes, range)
    const isEmpty = tree.nodes.length === 1 && tree.nodes[0]?.constructed === true
    const isStrict = tree.nodes.every((node) => isDer(bytes, node))
    return isStrict && (primitives || !isEmpty) ? tree : undefined
  } catch (error) {
    if (error instanceof DerError) return undefined
    throw error
  }
}

/** True when header and content are as DER has them, as far as a look tells. */
function isDer(bytes: Bytes, node: Asn1Node): boolean {
  if (node.indefinite || node.headerLength !== shortestHeader(node)) return false
  if (node.tagClass !== 'universal') return true
  if (!USED_TAGS.has(node.tagNumber) || CONSTRUCTED_TAGS.has(node.tagNumber) !== node.constructed)
    return false
  switch (node.tagNumber) {
    case 1:
      return node.contentLength === 1
    case 2:
      return node.contentLength > 0
    case 5:
      return node.contentLength === 0
    case 6:
      return decodeOid(contentOf(bytes, node)) !== undefined
    default:
      return true
  }
}

function shortestHeader({ tagNumber, contentLength }: Asn1Node): number {
  let length = 2
  if (tagNumber >= 31) for (let rest = tagNumber; rest > 0; rest = Math.floor(rest / 128)) length++
  if (contentLength >= 0x80) for (let rest = contentLength; rest > 0; rest = Math.floor(rest / 256)) length++
  return length
}
