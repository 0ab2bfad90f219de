/** What can be done to the bytes of a frame by hand, and where two frames differ. */
import { concat, type Bytes } from '#shared/bytes'
import { LENGTH_BYTES } from '#shared/hl1/frame'
import type { ByteMark } from '../../common/bytes/ranges'

/** The place of a bit in its byte: 0 is the least significant one. */
export type Bit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7

/** One change; `at` is a byte's offset. */
export type Edit =
  | { readonly is: 'flip'; readonly at: number; readonly bit: Bit }
  | { readonly is: 'byte'; readonly at: number; readonly value: number }
  | { readonly is: 'insert'; readonly at: number }
  | { readonly is: 'remove'; readonly at: number }

/** What becomes of a frame's length field: where it `follows` at all, it does when bytes are put in or taken out. */
export function lengthAfter({ is }: Edit, follows: boolean): 'kept' | 'recomputed' {
  return follows && (is === 'insert' || is === 'remove') ? 'recomputed' : 'kept'
}

/** A frame with a change made, and its length field as main leaves it (shared/adversary/moves.ts, which brings cryptography along). */
export function editFrame(bytes: Bytes, edit: Edit, length: 'kept' | 'recomputed'): Bytes {
  const edited = applyEdit(bytes, edit)
  if (length === 'recomputed' && edited.length >= LENGTH_BYTES)
    new DataView(edited.buffer).setUint32(0, edited.length - LENGTH_BYTES)
  return edited
}

/** The bytes with a change made; a byte that is put in is 0. */
export function applyEdit(bytes: Bytes, edit: Edit): Bytes {
  const { at } = edit
  switch (edit.is) {
    case 'flip':
      return withByte(bytes, at, (bytes[at] ?? 0) ^ (1 << edit.bit))
    case 'byte':
      return withByte(bytes, at, edit.value)
    case 'insert':
      return concat(bytes.slice(0, at), new Uint8Array(1), bytes.slice(at))
    case 'remove':
      return concat(bytes.slice(0, at), bytes.slice(at + 1))
  }
}

/** A byte whose high or low half is this hex digit. */
export function withDigit(byte: number, digit: string, half: 'high' | 'low'): number {
  const value = Number.parseInt(digit, 16)
  return half === 'high' ? (value << 4) | (byte & 0x0f) : (byte & 0xf0) | value
}

/** The bits of a byte, the most significant first. */
export function bitsOf(byte: number): readonly { readonly bit: Bit; readonly value: number }[] {
  return ([7, 6, 5, 4, 3, 2, 1, 0] as const).map((bit) => ({ bit, value: (byte >> bit) & 1 }))
}

/**
 * Where bytes differ from what they were: runs of other bytes, or of frames of different lengths all between what both begin and end
 * with.
 */
export function changesOf(before: Uint8Array, now: Uint8Array): readonly ByteMark[] {
  if (before.length !== now.length) {
    const least = Math.min(before.length, now.length)
    let start = 0
    while (start < least && before[start] === now[start]) start++
    let same = 0
    while (same < least - start && before.at(-1 - same) === now.at(-1 - same)) same++
    // Where something was only taken out, what stands there now is marked.
    const from = Math.max(0, Math.min(start, now.length - 1))
    return [mark(from, Math.max(from + 1, now.length - same))]
  }
  const runs: ByteMark[] = []
  for (let at = 0; at < now.length; at++) {
    if (before[at] === now[at]) continue
    const start = at
    while (at < now.length && before[at] !== now[at]) at++
    runs.push(mark(start, at))
  }
  return runs
}

function mark(start: number, end: number): ByteMark {
  return { start, end, part: 'header' }
}

function withByte(bytes: Bytes, at: number, value: number): Bytes {
  const copy = bytes.slice()
  copy[at] = value
  return copy
}
