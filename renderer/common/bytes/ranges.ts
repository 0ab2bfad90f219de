/** Which named parts a byte belongs to: the rules behind the byte view. */
import type { ByteRange } from '#shared/record/range'
import { toHex } from '#shared/bytes'

/** Bytes to mark, `end` exclusive; `part` tells header and content of an element apart. */
export interface ByteMark {
  readonly start: number
  readonly end: number
  readonly part?: 'header' | 'content'
}

/** What is at one byte. */
export interface BytePlace {
  /** The smallest named range around the byte that says what it is. */
  readonly range: ByteRange | undefined
  /** Members whose value is here or went into this byte: several under one cipher block, all of them under RSA. */
  readonly members: readonly string[]
  /** Symbol of the key under which the byte is unreadable. */
  readonly key: string | undefined
}

/** Ranges of a frame that only say “made from a member” name the link, not the byte: `ciphertext` does that. */
const isProjection = (range: ByteRange, inFrame: boolean): boolean => inFrame && range.member !== undefined

/** Looks a byte up; `inFrame` is false for a plaintext, where a member's range is its very value. */
export function placeOf(ranges: readonly ByteRange[], offset: number, inFrame: boolean): BytePlace {
  const around = ranges.filter((range) => range.start <= offset && offset < range.end)
  const naming = around.filter((range) => !isProjection(range, inFrame))
  const members = around.flatMap((range) => (range.member === undefined ? [] : [range.member]))
  return {
    // A member that stands in the frame by itself, in clear, is all that lies there: it names its bytes.
    range: smallest(naming) ?? smallest(around),
    members: [...new Set(members)],
    key: around.find((range) => range.key !== undefined)?.key,
  }
}

/** Members that went into a byte which is not their own by name. */
export function madeFrom({ range, members }: BytePlace): readonly string[] {
  return members.filter((name) => name !== range?.member)
}

/** The ranges of members, for marking them; the first one is where a view scrolls to. */
export function rangesOf(ranges: readonly ByteRange[], members: readonly string[]): readonly ByteRange[] {
  return ranges.filter((range) => range.member !== undefined && members.includes(range.member))
}

/** The mark that a byte is under. */
export function markOf(marks: readonly ByteMark[], offset: number): ByteMark | undefined {
  return marks.find((mark) => mark.start <= offset && offset < mark.end)
}

/** Stands in the place of a byte that is a secret, twice in hex: no byte is written like that. */
export const MASK = '•'

/** A byte for a screen reader: “offset 12, hex 4c, letter L, length”. */
export function spokenByte(bytes: Uint8Array, offset: number, place: BytePlace): string {
  const byte = bytes[offset]
  if (byte === undefined) return ''
  if (place.range?.masked) return `offset ${offset}, hidden, ${place.range.name}`
  const letter = byte > 0x20 && byte < 0x7f ? `, character ${String.fromCharCode(byte)}` : ''
  const from = madeFrom(place)
  const members = from.length > 0 ? `, made from ${from.join(', ')}` : ''
  const name = place.range ? `, ${place.range.name}` : ''
  return `offset ${offset}, hex ${toHex(bytes.subarray(offset, offset + 1))}${letter}${name}${members}`
}

/** A printable character, or a middle dot in its place. */
export function printable(byte: number): string {
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·'
}

/** An offset in hex with the digits that `length` bytes need, at least four. */
export function offsetText(offset: number, length: number): string {
  return offset.toString(16).padStart(Math.max(4, (length - 1).toString(16).length), '0')
}

function smallest(ranges: readonly ByteRange[]): ByteRange | undefined {
  return ranges.reduce<ByteRange | undefined>(
    (best, range) => (best && best.end - best.start <= range.end - range.start ? best : range),
    undefined,
  )
}
