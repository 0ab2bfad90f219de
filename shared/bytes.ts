/** Byte strings and their text forms: hex, standard base64 (RFC 4648 section 4, with padding), UTF-8. */

/** Bytes that own their buffer, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** No groups inside the repetition: on a text of some million characters they would exhaust the stack. */
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/
/** The bits that the padding leaves over are zero: each byte string has one text (RFC 4648 section 3.5). */
const BASE64_END = /(?:^|[^=]|[AQgw]==|[AEIMQUYcgkosw048]=)$/
const HEX = /^[0-9a-fA-F]*$/
const CHUNK = 0x8000
const HEX_DIGITS = encoder.encode('0123456789abcdef')

/** Joins parts into one new byte string. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  return concatAll(parts)
}

/** The same for a list of any length: more arguments than some ten thousand exhaust the stack. */
export function concatAll(parts: readonly Uint8Array[]): Bytes {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    joined.set(part, offset)
    offset += part.length
  }
  return joined
}

/** True when both have the same bytes. Not constant in time: only for public values. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a === b || (a.length === b.length && a.every((byte, index) => byte === b[index]))
}

/** Lower-case hex, two digits a byte, with `separator` between bytes. */
export function toHex(bytes: Uint8Array, separator = ''): string {
  const between = encoder.encode(separator)
  const text = new Uint8Array(bytes.length * (2 + between.length))
  let at = 0
  for (const byte of bytes) {
    text[at++] = HEX_DIGITS[byte >> 4] ?? 0
    text[at++] = HEX_DIGITS[byte & 15] ?? 0
    text.set(between, at)
    at += between.length
  }
  return decoder.decode(text.subarray(0, Math.max(0, at - between.length)))
}

/** Bytes of a hex string; undefined when it isn't one. */
export function fromHex(text: string): Bytes | undefined {
  if (text.length % 2 !== 0 || !HEX.test(text)) return undefined
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at++) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16)
  return bytes
}

/** One character a byte, the form that node-forge works on. */
export function toBinaryString(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += CHUNK) {
    // `apply` takes any list of numbers, and four times less time than spreading it.
    text += String.fromCharCode.apply(null, bytes.subarray(start, start + CHUNK) as unknown as number[])
  }
  return text
}

/** Inverse of {@link toBinaryString}. */
export function fromBinaryString(text: string): Bytes {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index++) bytes[index] = text.charCodeAt(index)
  return bytes
}

/** Standard base64 with padding. */
export function toBase64(bytes: Uint8Array): string {
  return btoa(toBinaryString(bytes))
}

/** Bytes of standard base64 with padding; undefined when it is anything else (no spaces, no URL alphabet). */
export function fromBase64(text: string): Bytes | undefined {
  const isBase64 = text.length % 4 === 0 && BASE64.test(text) && BASE64_END.test(text.slice(-4))
  return isBase64 ? fromBinaryString(atob(text)) : undefined
}

/** Bytes of base64 in the alphabet of URLs, with or without padding (RFC 4648 section 5); undefined when it is anything else. */
export function fromBase64Url(text: string): Bytes | undefined {
  if (/[+/]/.test(text)) return undefined
  const standard = text.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, '')
  return fromBase64(standard.padEnd(Math.ceil(standard.length / 4) * 4, '='))
}

/** UTF-8 bytes of a text. */
export function toUtf8(text: string): Bytes {
  return encoder.encode(text)
}

/** Text of UTF-8 bytes; throws a SyntaxError when they are not valid UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new SyntaxError('The bytes are not UTF-8.', { cause })
  }
}
