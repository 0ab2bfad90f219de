/** An argument is counted before it is read: repeated references, long lists and wide objects cost no more than the bound. */
import { expect, it } from 'vitest'
import { isBounded } from '#shared/ipc/size'

it('counts what an argument holds', () => {
  expect(isBounded(undefined, 1)).toBe(true)
  expect(isBounded([1, 2, 3], 4)).toBe(true)
  expect(isBounded([1, 2, 3], 3)).toBe(false)
  expect(isBounded({ a: { b: [new Uint8Array(9_999_999)] } }, 4)).toBe(true)
  expect(isBounded({ a: { b: [1, 2] } }, 4)).toBe(false)
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
