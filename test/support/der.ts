/** DER written by hand in tests: the app's own writer, and what tests say in hex. */
import { fromHex, toUtf8, type Bytes } from '#shared/bytes'
import { integer as integerOf, octets, oid, sequence, yes } from '#shared/crypto/encodings/asn1'
import { writeElement } from '#shared/crypto/encodings/der'

export { bits, octets, oid, sequence, set } from '#shared/crypto/encodings/asn1'

export function hex(text: string): Bytes {
  return fromHex(text.replace(/\s/g, ''))!
}

export const utf8 = (text: string): Bytes => writeElement(0x0c, toUtf8(text))
export const integer = (content: string): Bytes => integerOf(hex(content))
/** An element with a context tag, `constructed` or not. */
export const context = (tag: number, constructed: boolean, ...parts: readonly Bytes[]): Bytes =>
  writeElement(0x80 | (constructed ? 0x20 : 0) | tag, ...parts)

/** An Extension of RFC 5280. */
export function extension(dotted: string, value: Bytes, critical = false): Bytes {
  return sequence(oid(dotted), ...(critical ? [yes()] : []), octets(value))
}
