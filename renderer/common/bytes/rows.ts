/** Rows of the byte view as data: one cell per byte, with what decides its look. */
import { toHex } from '#shared/bytes'
import type { ByteRange } from '#shared/record/range'
import { MASK, placeOf, printable } from './ranges'

export interface ByteCell {
  readonly offset: number
  readonly hex: string
  readonly character: string
  /** Symbol of the key whose hue the byte has: the one it is under, or the one that its member carries. */
  readonly key: string | undefined
  /** True for a byte of a named range, and where in this row that range begins and ends. */
  readonly named: boolean
  readonly first: boolean
  readonly last: boolean
  /** True for a byte in whose place nothing is shown: it is a secret. */
  readonly masked?: boolean
  /** True for a byte that only frames others, as the tag and length of an ASN.1 element do. */
  readonly frame?: boolean
}

/** What a view shows: bytes, their named ranges, and where they are from. */
export interface ByteSource {
  readonly bytes: Uint8Array
  readonly ranges: readonly ByteRange[]
  readonly inFrame: boolean
  /** The key that a member carries, by the member's name. */
  readonly carried: Readonly<Record<string, string>>
}

/** All bytes in hex, as they are shown: dots for those that are a secret. */
export function hexOf({ bytes, ranges }: Pick<ByteSource, 'bytes' | 'ranges'>): string {
  const masked = ranges.filter((range) => range.masked === true)
  return Array.from(bytes, (_, offset) =>
    masked.some(({ start, end }) => start <= offset && offset < end)
      ? MASK.repeat(2)
      : toHex(bytes.subarray(offset, offset + 1)),
  ).join('')
}

/** The cells of one row. */
export function cellsOf(source: ByteSource, row: number, width: number): readonly ByteCell[] {
  const { bytes, ranges, inFrame, carried } = source
  const start = row * width
  const end = Math.min(start + width, bytes.length)
  const near = ranges.filter((range) => range.start < end && start < range.end)
  const cells: ByteCell[] = []
  for (let offset = start; offset < end; offset++) {
    const { range, key, members } = placeOf(near, offset, inFrame)
    const carriedKey = inFrame ? undefined : carried[members[0] ?? '']
    const masked = range?.masked === true
    cells.push({
      offset,
      hex: masked ? MASK.repeat(2) : toHex(bytes.subarray(offset, offset + 1)),
      character: masked ? MASK : printable(bytes[offset] ?? 0),
      ...(masked ? { masked } : {}),
      key: key ?? carriedKey,
      named: range !== undefined,
      first: offset === start || range !== placeOf(near, offset - 1, inFrame).range,
      last: offset === end - 1 || range !== placeOf(near, offset + 1, inFrame).range,
    })
  }
  return cells
}

/** The offset that a key of the keyboard leads to; undefined for any other key. */
export function offsetAfterKey(
  key: string,
  at: { readonly offset: number; readonly length: number; readonly width: number; readonly page: number },
): number | undefined {
  const { offset, length, width, page } = at
  const column = offset % width
  const moves: Readonly<Record<string, number>> = {
    ArrowLeft: offset - 1,
    ArrowRight: offset + 1,
    ArrowUp: offset - width < 0 ? offset : offset - width,
    ArrowDown: offset + width >= length ? offset : offset + width,
    PageUp: offset - page * width < 0 ? column : offset - page * width,
    PageDown: offset + page * width,
    Home: offset - column,
    End: offset - column + width - 1,
  }
  const target = moves[key]
  return target === undefined ? undefined : Math.min(length - 1, Math.max(0, target))
}
