/**
 * Writes DER (X.690) from its parts, each of them whole bytes. What is inside is written as it is given, so that a structure can
 * also be one that nobody should write. `ber.ts` and `der.ts` take structures apart.
 */
import { toUtf8, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { isoTime } from '../../time'
import { writeElement } from './der'
import { encodeOid } from './oid-text'

/** Universal tags (X.680 section 8.6), as the first byte of an element. */
export const TAGS = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  'BIT STRING': 0x03,
  'OCTET STRING': 0x04,
  NULL: 0x05,
  'OBJECT IDENTIFIER': 0x06,
  ENUMERATED: 0x0a,
  UTF8String: 0x0c,
  PrintableString: 0x13,
  IA5String: 0x16,
  UTCTime: 0x17,
  GeneralizedTime: 0x18,
  BMPString: 0x1e,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const

const [CONTEXT, CONSTRUCTED] = [0x80, 0x20] as const

export function sequence(...parts: readonly Uint8Array[]): Bytes {
  return writeElement(TAGS.SEQUENCE, ...parts)
}

/** The parts in the order in which they are given: DER sorts those of a SET OF by their bytes. */
export function set(...parts: readonly Uint8Array[]): Bytes {
  return writeElement(TAGS.SET, ...parts)
}

/** An element with a context tag around others: EXPLICIT, or an IMPLICIT constructed one. */
export function context(tag: number, ...parts: readonly Uint8Array[]): Bytes {
  return writeElement(CONTEXT | CONSTRUCTED | tag, ...parts)
}

/** An element of another type behind an IMPLICIT context tag, by its content. */
export function implicit(tag: number, content: Uint8Array): Bytes {
  return writeElement(CONTEXT | tag, content)
}

/** An OBJECT IDENTIFIER in its dotted form; a text that is none is a mistake of the program: LabError `internal_error`. */
export function oid(dotted: string): Bytes {
  const content = encodeOid(dotted)
  if (!content) throw new LabError('internal_error', `${dotted} is no object identifier.`)
  return writeElement(TAGS['OBJECT IDENTIFIER'], content)
}

/** A number from 0 to below 2^53, or the bytes of another one as they stand (two's complement). */
export function integer(value: number | Uint8Array): Bytes {
  return writeElement(TAGS.INTEGER, typeof value === 'number' ? magnitude(value) : value)
}

export function octets(...content: readonly Uint8Array[]): Bytes {
  return writeElement(TAGS['OCTET STRING'], ...content)
}

/** A BIT STRING without bits that are left over, as signatures and keys are. */
export function bits(...content: readonly Uint8Array[]): Bytes {
  return writeElement(TAGS['BIT STRING'], new Uint8Array(1), ...content)
}

/** TRUE, as DER has it. FALSE is a default wherever it stands, and not written. */
export function yes(): Bytes {
  return writeElement(TAGS.BOOLEAN, Uint8Array.of(0xff))
}

export function nothing(): Bytes {
  return writeElement(TAGS.NULL)
}

/** A BMPString: UTF-16, big-endian. */
export function bmpString(text: string): Bytes {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at))
  return writeElement(TAGS.BMPString, Uint8Array.from(units.flatMap((unit) => [unit >> 8, unit & 0xff])))
}

/** A string or a time, its characters as UTF-8, whether its type has them or not. */
export function text(
  type: 'UTF8String' | 'PrintableString' | 'IA5String' | 'UTCTime' | 'GeneralizedTime',
  characters: string,
): Bytes {
  return writeElement(TAGS[type], toUtf8(characters))
}

/** One of a few numbers that each have a name, below 128. */
export function enumerated(value: number): Bytes {
  return writeElement(TAGS.ENUMERATED, Uint8Array.of(value))
}

/** The digits of a time in UTC, from the year to the second. @param at milliseconds since the Unix epoch */
export function timeDigits(at: number): string {
  return isoTime(at).replace(/\D/g, '').slice(0, 14)
}

/** A time in whole seconds as RFC 5280 section 4.1.2.5 has it: UTCTime until the end of 2049, then GeneralizedTime. */
export function time(at: number): Bytes {
  const digits = timeDigits(at)
  const isShort = Number(digits.slice(0, 4)) < GENERALIZED_FROM
  return isShort ? text('UTCTime', `${digits.slice(2)}Z`) : text('GeneralizedTime', `${digits}Z`)
}

/** From 2050 on two digits are not enough for a year. */
const GENERALIZED_FROM = 2050

/** Big-endian, with a zero in front where the first bit would make it negative. */
function magnitude(value: number): Uint8Array {
  const bytes = [value % 256]
  for (let rest = Math.floor(value / 256); rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return Uint8Array.from((bytes[0] ?? 0) >= 0x80 ? [0, ...bytes] : bytes)
}
