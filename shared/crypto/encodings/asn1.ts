/** ASN.1 trees by node-forge, for structures that are written. `ber.ts` takes them apart. */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, toUtf8, type Bytes } from '../../bytes'

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

/** A BIT STRING of whole bytes. */
export function bits(value: Uint8Array): Asn1 {
  return primitive(forge.asn1.Type.BITSTRING, `\0${toBinaryString(value)}`)
}

/** One of a few numbers that each have a name. */
export function enumerated(value: number): Asn1 {
  return primitive(forge.asn1.Type.ENUMERATED, forge.asn1.integerToDer(value).getBytes())
}

/** UTF8String. */
export function utf8String(text: string): Asn1 {
  return primitive(forge.asn1.Type.UTF8, toBinaryString(toUtf8(text)))
}

/** Characters of IA5String behind an IMPLICIT context tag. */
export function implicitText(tag: number, text: string): Asn1 {
  return forge.asn1.create(forge.asn1.Class.CONTEXT_SPECIFIC, tag, false, text)
}

/** A time in whole seconds as RFC 5280 has it (section 4.1.2.5): UTCTime until the end of 2049, then GeneralizedTime. */
export function time(at: number): Asn1 {
  const date = new Date(at)
  return date.getUTCFullYear() < 2050
    ? primitive(forge.asn1.Type.UTCTIME, forge.asn1.dateToUtcTime(date))
    : primitive(forge.asn1.Type.GENERALIZEDTIME, forge.asn1.dateToGeneralizedTime(date))
}

/** DER that stands already, as a part of something. */
export function whole(der: Uint8Array): Asn1 {
  return forge.asn1.fromDer(toBinaryString(der), { decodeBitStrings: false })
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
