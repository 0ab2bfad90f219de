/** ASN.1 trees by node-forge, for structures that are written, or taken apart field by field. */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, type Bytes } from '../../bytes'

export type Asn1 = forge.asn1.Asn1

/**
 * Reads BER or DER, all of it. Contents of strings stay unread.
 * @throws SyntaxError, whatever node-forge throws at what it can't read
 */
export function parseAsn1(der: Uint8Array): Asn1 {
  const text = toBinaryString(der)
  try {
    return forge.asn1.fromDer(text, { decodeBitStrings: false })
  } catch (cause) {
    throw new SyntaxError('There is no whole ASN.1 element.', { cause })
  }
}

/** Writes DER. */
export function encodeAsn1(node: Asn1): Bytes {
  return fromBinaryString(forge.asn1.toDer(node).getBytes())
}

export function sequence(...parts: readonly Asn1[]): Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SEQUENCE, true, [...parts])
}

export function set(...parts: readonly Asn1[]): Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, forge.asn1.Type.SET, true, [...parts])
}

/** An element with a context tag around others: EXPLICIT, or an IMPLICIT constructed one. */
export function context(tag: number, ...parts: readonly Asn1[]): Asn1 {
  return forge.asn1.create(forge.asn1.Class.CONTEXT_SPECIFIC, tag, true, [...parts])
}

export function oid(value: string): Asn1 {
  return primitive(forge.asn1.Type.OID, forge.asn1.oidToDer(value).getBytes())
}

/** A number below 2^31, or the bytes of a larger one as they stand (two's complement). */
export function integer(value: number | Uint8Array): Asn1 {
  const content =
    typeof value === 'number' ? forge.asn1.integerToDer(value).getBytes() : toBinaryString(value)
  return primitive(forge.asn1.Type.INTEGER, content)
}

export function octets(value: Uint8Array): Asn1 {
  return primitive(forge.asn1.Type.OCTETSTRING, toBinaryString(value))
}

/** An OCTET STRING behind an IMPLICIT context tag. */
export function implicitOctets(tag: number, value: Uint8Array): Asn1 {
  return forge.asn1.create(forge.asn1.Class.CONTEXT_SPECIFIC, tag, false, toBinaryString(value))
}

export function nothing(): Asn1 {
  return primitive(forge.asn1.Type.NULL, '')
}

/** A BMPString: UTF-16, big-endian. */
export function bmpString(text: string): Asn1 {
  return primitive(forge.asn1.Type.BMPSTRING, text)
}

/** The elements inside a constructed one of this tag; SyntaxError when it is anything else. */
export function partsOf(node: Asn1 | undefined, tag: 'sequence' | 'set' | number): readonly Asn1[] {
  const isIt =
    typeof tag === 'number'
      ? isContext(node, tag)
      : isUniversal(node, tag === 'sequence' ? forge.asn1.Type.SEQUENCE : forge.asn1.Type.SET)
  if (!isIt || !node || !Array.isArray(node.value)) throw new SyntaxError(`A ${tag} is missing.`)
  return node.value
}

/** True for an element with this context tag. */
export function isContext(node: Asn1 | undefined, tag: number): boolean {
  return node?.tagClass === forge.asn1.Class.CONTEXT_SPECIFIC && (node.type as number) === tag
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidOf(node: Asn1 | undefined): string {
  const content = contentOf(node, forge.asn1.Type.OID, 'an object identifier')
  // Of what is longer no known one is made, and node-forge takes its bytes as it finds them.
  if (content.length === 0 || content.length > 64) throw new SyntaxError('An object identifier is malformed.')
  return forge.asn1.derToOid(content)
}

/** The bytes of an INTEGER that is not negative, without zeros before it. */
export function magnitudeOf(node: Asn1 | undefined): Bytes {
  const content = fromBinaryString(contentOf(node, forge.asn1.Type.INTEGER, 'a number'))
  if (content.length === 0 || (content[0] ?? 0) >= 0x80) throw new SyntaxError('A number is negative.')
  const first = content.findIndex((byte) => byte !== 0)
  return first === -1 ? new Uint8Array(1) : content.slice(first)
}

/** An INTEGER that is not negative and below 2^31. */
export function numberOf(node: Asn1 | undefined): number {
  const content = contentOf(node, forge.asn1.Type.INTEGER, 'a number')
  if (content.length === 0 || content.length > 4) throw new SyntaxError('A number is out of range.')
  const value = forge.asn1.derToInteger(content)
  if (value < 0) throw new SyntaxError('A number is negative.')
  return value
}

/** The bytes of an OCTET STRING, also of one in pieces (BER), or of one behind an IMPLICIT context tag. */
export function octetsOf(node: Asn1 | undefined, implicit?: number): Bytes {
  const isIt =
    implicit === undefined ? isUniversal(node, forge.asn1.Type.OCTETSTRING) : isContext(node, implicit)
  if (!isIt || !node) throw new SyntaxError('A byte string is missing.')
  return fromBinaryString(joined(node))
}

/** The bytes of a BIT STRING of whole bytes, or of one behind an IMPLICIT context tag. */
export function bitsOf(node: Asn1 | undefined, implicit?: number): Bytes {
  const text =
    implicit !== undefined && isContext(node, implicit) && typeof node?.value === 'string'
      ? node.value
      : contentOf(node, forge.asn1.Type.BITSTRING, 'a bit string')
  const content = fromBinaryString(text)
  if (content[0] !== 0) throw new SyntaxError('A bit string is not made of whole bytes.')
  return content.slice(1)
}

/** The text of a BMPString; undefined for anything else. */
export function bmpTextOf(node: Asn1 | undefined): string | undefined {
  return isUniversal(node, forge.asn1.Type.BMPSTRING) && typeof node?.value === 'string'
    ? node.value
    : undefined
}

function joined(node: Asn1): string {
  if (typeof node.value === 'string') return node.value
  return node.value
    .map((piece) => {
      if (!isUniversal(piece, forge.asn1.Type.OCTETSTRING))
        throw new SyntaxError('A byte string has other parts.')
      return joined(piece)
    })
    .join('')
}

function contentOf(node: Asn1 | undefined, type: forge.asn1.Type, what: string): string {
  if (!isUniversal(node, type) || typeof node?.value !== 'string')
    throw new SyntaxError(`There is not ${what}.`)
  return node.value
}

function isUniversal(node: Asn1 | undefined, type: forge.asn1.Type): boolean {
  return node?.tagClass === forge.asn1.Class.UNIVERSAL && node.type === type
}

function primitive(type: forge.asn1.Type, content: string): Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, type, false, content)
}
