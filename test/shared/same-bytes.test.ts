/** Byte strings with the same bytes have the same number, and no others. */
import { expect, it } from 'vitest'
import { SameBytes } from '#shared/same-bytes'

const bytes = (...all: number[]): Uint8Array => Uint8Array.from(all)

it('gives the same bytes the same number, and others another', () => {
  const same = new SameBytes()
  const all = [bytes(), bytes(0), bytes(0, 0), bytes(1, 0), bytes(0, 1), bytes(255, 255, 255)]
  const numbers = all.map((each) => same.numberOf(each))
  expect(new Set(numbers).size).toBe(all.length)
  expect(all.map((each) => same.numberOf(each.slice()))).toEqual(numbers)
  expect(same.areSame(bytes(1, 2), bytes(1, 2))).toBe(true)
  expect(same.areSame(bytes(1, 2), bytes(1, 3))).toBe(false)
})
