import { expect, it } from 'vitest'
import { withLength } from '#shared/adversary/moves'
import {
  applyEdit,
  bitsOf,
  changesOf,
  editFrame,
  lengthAfter,
  withDigit,
  type Edit,
} from '../../../renderer/adversary/bytes/edits'

const bytes = Uint8Array.of(0x00, 0x01, 0x80, 0xff)

it('flips the bit that is named by its worth, and the same one back', () => {
  const flip: Edit = { is: 'flip', at: 2, bit: 7 }
  expect(applyEdit(bytes, flip)).toEqual(Uint8Array.of(0x00, 0x01, 0x00, 0xff))
  expect(applyEdit(applyEdit(bytes, flip), flip)).toEqual(bytes)
  expect(bitsOf(0x81).map(({ value }) => value)).toEqual([1, 0, 0, 0, 0, 0, 0, 1])
  for (const { bit } of bitsOf(0)) {
    const [changed] = applyEdit(Uint8Array.of(0), { is: 'flip', at: 0, bit })
    expect(changed).toBe(2 ** bit)
  }
})

it('types a byte over, puts one in and takes one out, and leaves the bytes that it was given', () => {
  const before = bytes.slice()
  expect(applyEdit(bytes, { is: 'byte', at: 3, value: 0x0a })).toEqual(Uint8Array.of(0, 1, 0x80, 0x0a))
  expect(applyEdit(bytes, { is: 'insert', at: 1 })).toEqual(Uint8Array.of(0, 0, 1, 0x80, 0xff))
  expect(applyEdit(bytes, { is: 'remove', at: 0 })).toEqual(Uint8Array.of(1, 0x80, 0xff))
  expect(bytes).toEqual(before)
})

it('the length field follows bytes that are put in or taken out alone, where it shall, and is then as main makes it', () => {
  const edits: readonly Edit[] = [
    { is: 'flip', at: 3, bit: 0 },
    { is: 'byte', at: 3, value: 0x0a },
    { is: 'insert', at: 5 },
    { is: 'remove', at: 5 },
  ]
  expect(edits.map((edit) => lengthAfter(edit, true))).toEqual(['kept', 'kept', 'recomputed', 'recomputed'])
  expect(edits.map((edit) => lengthAfter(edit, false))).toEqual(['kept', 'kept', 'kept', 'kept'])
  const frame = Uint8Array.of(0, 0, 0, 3, 7, 8, 9)
  for (const edit of edits)
    for (const length of ['kept', 'recomputed'] as const)
      for (const given of [frame, frame.slice(0, 4), frame.slice(0, 3)])
        expect(editFrame(given, edit, length)).toEqual(withLength(applyEdit(given, edit), length))
  expect(editFrame(frame, { is: 'insert', at: 7 }, 'recomputed')).toEqual(
    Uint8Array.of(0, 0, 0, 4, 7, 8, 9, 0),
  )
})

it('takes a hex digit for the half that it was typed for', () => {
  expect(withDigit(0x12, 'A', 'high')).toBe(0xa2)
  expect(withDigit(0x12, 'f', 'low')).toBe(0x1f)
})

it('finds where bytes differ: runs of others, and where some were put in or taken out', () => {
  const runs = (now: Uint8Array) => changesOf(bytes, now).map(({ start, end }) => [start, end])
  expect(runs(bytes)).toEqual([])
  expect(runs(Uint8Array.of(1, 2, 0x80, 0xfe))).toEqual([
    [0, 2],
    [3, 4],
  ])
  expect(runs(Uint8Array.of(0, 1, 7, 8, 0x80, 0xff))).toEqual([[2, 4]])
  expect(runs(Uint8Array.of(0, 0x80, 0xff))).toEqual([[1, 2]])
  expect(runs(Uint8Array.of(0, 1))).toEqual([[1, 2]])
})
