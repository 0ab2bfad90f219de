/** An argument is counted before it is read: repeated references, long lists and wide objects cost no more than the bound. */
import { expect, it } from 'vitest'
import { isBounded, mostBytesOf } from '#shared/ipc/size'

it('counts what an argument holds', () => {
  expect(isBounded(undefined, { values: 1 })).toBe(true)
  expect(isBounded([1, 2, 3], { values: 4 })).toBe(true)
  expect(isBounded([1, 2, 3], { values: 3 })).toBe(false)
  expect(isBounded({ a: { b: [new Uint8Array(9_999_999)] } }, { values: 4 })).toBe(true)
  expect(isBounded({ a: { b: [1, 2] } }, { values: 4 })).toBe(false)
})

it('counts what stands in several places at each of them, without going through all', () => {
  const cell = { attack: 'x', suite: 'modern', without: Array.from({ length: 1_000_000 }, () => 'freshness') }
  expect(isBounded({ cells: Array.from({ length: 4_096 }, () => cell) })).toBe(false)
  let nested: unknown = []
  for (let depth = 0; depth < 200; depth++) nested = [nested, nested]
  expect(isBounded(nested)).toBe(false)
  const wide = Object.fromEntries(Array.from({ length: 200_000 }, (_, index) => [`k${index}`, index]))
  expect(isBounded(wide)).toBe(false)
})

it('counts bytes and characters, of names too, and what a view stands on as a whole', () => {
  const bytes = 1_000
  expect(isBounded(new Uint8Array(1_000), { bytes })).toBe(true)
  expect(isBounded(new Uint8Array(1_001), { bytes })).toBe(false)
  expect(isBounded(new Uint8Array(1_000).subarray(0, 1), { bytes: 999 })).toBe(false)
  expect(isBounded(new ArrayBuffer(1_001), { bytes })).toBe(false)
  expect(isBounded(['x'.repeat(600), 'y'.repeat(401)], { bytes })).toBe(false)
  expect(isBounded({ ['n'.repeat(1_001)]: 0 }, { bytes })).toBe(false)
  expect(isBounded({ bytes: new Uint8Array(33 * 1024 * 1024) })).toBe(false)
  expect(
    isBounded({ bytes: new Uint8Array(33 * 1024 * 1024) }, { bytes: mostBytesOf('run:open-given') }),
  ).toBe(true)
})

it.each([new Map([[1, 'x'.repeat(9)]]), new Set([1]), 10n ** 9n, new Date(), new Error('x'), /x/])(
  'takes nothing that holds what it can’t count: %s',
  (value) => {
    expect(isBounded({ value })).toBe(false)
  },
)
