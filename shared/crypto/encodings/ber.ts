/**
 * BER and DER (X.690) taken apart field by field. What stands inside an element is read when it is asked for: a part that is
 * broken spoils no other.
 */
import { concat, type Bytes } from '../../bytes'
import { decodeOid } from './oid-text'
import { DerError, readHeader } from './der'

/** An element, and where it stands. */
export interface Ber {
  readonly bytes: Bytes
  readonly identifier: number
  readonly tagNumber: number
  readonly start: number
  readonly contentStart: number
  /** Exclusive; before the end-of-contents mark of an indefinite length. */
  readonly contentEnd: number
  /** Exclusive. */
  readonly end: number
}

/** Identifiers of what is read here (X.690 section 8). */
const [INTEGER, BIT_STRING, OCTET_STRING, OBJECT_IDENTIFIER, BMP_STRING, SEQUENCE, SET] = [
  0x02, 0x03, 0x04, 0x06, 0x1e, 0x30, 0x31,
] as const
const [CONSTRUCTED, CONTEXT] = [0x20, 0x80] as const
/** Pieces of strings inside pieces: more than any tool makes. */
const MAX_PIECES_DEPTH = 8

/**
 * The one element that the bytes are.
 * @throws SyntaxError when they are none, or more
 */
export function parseBer(bytes: Bytes): Ber {
  const element = readAt(bytes, 0, bytes.length)
  if (element.end !== bytes.length) throw new SyntaxError('There are bytes after its end.')
  return element
}

/** The elements inside a constructed one of this tag; SyntaxError when it is anything else. */
export function partsOf(node: Ber | undefined, tag: 'sequence' | 'set' | number): readonly Ber[] {
  const identifier = tag === 'sequence' ? SEQUENCE : tag === 'set' ? SET : CONTEXT | CONSTRUCTED | tag
  if (node?.identifier !== identifier) throw new SyntaxError(`A ${tag} is missing.`)
  return childrenOf(node)
}

/** All bytes of an element, as they stand. */
export function bytesOf({ bytes, start, end }: Ber): Bytes {
  return bytes.slice(start, end)
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidOf(node: Ber | undefined): string {
  const oid = decodeOid(contentOf(node, OBJECT_IDENTIFIER, 'an object identifier'))
  if (oid === undefined) throw new SyntaxError('An object identifier is malformed.')
  return oid
}

/** An INTEGER that is not negative and below 2^31. */
export function numberOf(node: Ber | undefined): number {
  const content = contentOf(node, INTEGER, 'a number')
  if (content.length === 0 || content.length > 4) throw new SyntaxError('A number is out of range.')
  const value = content.reduce((sum, byte) => sum * 256 + byte, 0)
  if ((content[0] ?? 0) >= 0x80) throw new SyntaxError('A number is negative.')
  return value
}

/** The bytes of an OCTET STRING, also of one in pieces, or of one behind an IMPLICIT context tag. */
export function octetsOf(node: Ber | undefined, implicit?: number): Bytes {
  const identifier = implicit === undefined ? OCTET_STRING : CONTEXT | implicit
  if (!node || (node.identifier & ~CONSTRUCTED) !== identifier)
    throw new SyntaxError('A byte string is missing.')
  return joined(node, 0)
}

/** The bytes of an INTEGER that is not negative, without zeros before it. */
export function magnitudeOf(node: Ber | undefined): Bytes {
  const content = contentOf(node, INTEGER, 'a number')
  if ((content[0] ?? 0x80) >= 0x80) throw new SyntaxError('A number is negative.')
  const first = content.findIndex((byte) => byte !== 0)
  return first === -1 ? new Uint8Array(1) : content.slice(first)
}

/** The bytes of a BIT STRING of whole bytes, or of one behind an IMPLICIT context tag. */
export function bitsOf(node: Ber | undefined, implicit?: number): Bytes {
  const content = contentOf(node, implicit === undefined ? BIT_STRING : CONTEXT | implicit, 'a bit string')
  if (content[0] !== 0) throw new SyntaxError('A bit string is not made of whole bytes.')
  return content.slice(1)
}

/** Code units of a BMPString; undefined for anything else. What is left of an odd number of bytes is left out. */
export function bmpTextOf(node: Ber | undefined): string | undefined {
  if (node?.identifier !== BMP_STRING) return undefined
  const content = node.bytes.subarray(node.contentStart, node.contentEnd)
  return new TextDecoder('utf-16be').decode(content.subarray(0, content.length & ~1))
}

/** True for an element with this context tag. */
export function isContext(node: Ber | undefined, tag: number): boolean {
  return node !== undefined && (node.identifier & ~CONSTRUCTED) === (CONTEXT | tag)
}

/** True for elements that hold others. */
export function isConstructed(node: Ber | undefined): boolean {
  return node !== undefined && (node.identifier & CONSTRUCTED) !== 0
}

function joined(node: Ber, depth: number): Bytes {
  if (!isConstructed(node)) return node.bytes.slice(node.contentStart, node.contentEnd)
  if (depth > MAX_PIECES_DEPTH) throw new SyntaxError('A byte string is in too many pieces.')
  const pieces = childrenOf(node).map((piece) => {
    if ((piece.identifier & ~CONSTRUCTED) !== OCTET_STRING)
      throw new SyntaxError('A byte string has other parts.')
    return joined(piece, depth + 1)
  })
  return concat(...pieces)
}

function contentOf(node: Ber | undefined, identifier: number, what: string): Bytes {
  if (node?.identifier !== identifier) throw new SyntaxError(`There is not ${what}.`)
  return node.bytes.slice(node.contentStart, node.contentEnd)
}

function childrenOf({ bytes, contentStart, contentEnd }: Ber): readonly Ber[] {
  const children: Ber[] = []
  for (let at = contentStart; at < contentEnd;) {
    const child = readAt(bytes, at, contentEnd)
    children.push(child)
    at = child.end
  }
  return children
}

function readAt(bytes: Bytes, start: number, limit: number): Ber {
  try {
    const { identifier, tagNumber, contentStart, end } = readHeader(bytes, start, limit)
    const ends = end === undefined ? endOfIndefinite(bytes, contentStart, limit) : { contentEnd: end, end }
    return { bytes, identifier, tagNumber, start, contentStart, ...ends }
  } catch (cause) {
    if (cause instanceof DerError) throw new SyntaxError(cause.message, { cause })
    throw cause
  }
}

/** Where the content of an element of indefinite length ends: at the mark that belongs to it. */
function endOfIndefinite(
  bytes: Bytes,
  start: number,
  limit: number,
): { readonly contentEnd: number; readonly end: number } {
  let at = start
  for (let open = 1; ;) {
    const { identifier, contentStart, end } = readHeader(bytes, at, limit)
    const isMark = identifier === 0 && end === contentStart
    if (isMark && --open === 0) return { contentEnd: at, end: contentStart }
    if (end === undefined) open++
    at = end ?? contentStart
  }
}
