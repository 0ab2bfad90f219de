/** ASN.1 trees by node-forge, for structures that are written. `ber.ts` takes them apart. */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, type Bytes } from '../../bytes'

export type Asn1 = forge.asn1.Asn1

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

function primitive(type: forge.asn1.Type, content: string): Asn1 {
  return forge.asn1.create(forge.asn1.Class.UNIVERSAL, type, false, content)
}
