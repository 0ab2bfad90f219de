/** DER written by hand in tests. */
import { fromHex, toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { encodeOid } from '#shared/crypto/encodings/oid-text'

export function hex(text: string): Bytes {
  return fromHex(text.replace(/\s/g, ''))!
}

export const sequence = (...parts: readonly Bytes[]): Bytes => writeElement(0x30, ...parts)
export const set = (...parts: readonly Bytes[]): Bytes => writeElement(0x31, ...parts)
export const octets = (...content: readonly Bytes[]): Bytes => writeElement(0x04, ...content)
export const bits = (...content: readonly Bytes[]): Bytes => writeElement(0x03, new Uint8Array(1), ...content)
export const oid = (dotted: string): Bytes => writeElement(0x06, encodeOid(dotted)!)
export const utf8 = (text: string): Bytes => writeElement(0x0c, toUtf8(text))
export const integer = (content: string): Bytes => writeElement(0x02, hex(content))
const boolean = (value: boolean): Bytes => writeElement(0x01, Uint8Array.of(value ? 0xff : 0))
/** An element with a context tag, `constructed` or not. */
export const context = (tag: number, constructed: boolean, ...parts: readonly Bytes[]): Bytes =>
  writeElement(0x80 | (constructed ? 0x20 : 0) | tag, ...parts)

/** An Extension of RFC 5280. */
export function extension(dotted: string, value: Bytes, critical = false): Bytes {
  return sequence(oid(dotted), ...(critical ? [boolean(true)] : []), octets(value))
}
