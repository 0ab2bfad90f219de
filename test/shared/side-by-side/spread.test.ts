import { expect, it } from 'vitest'
import { spreadOf } from '#shared/side-by-side/spread'

it.each([
  { values: [7], median: 7, low: 7, high: 7 },
  { values: [4, 2], median: 3, low: 2.5, high: 3.5 },
  { values: [9, 1, 5], median: 5, low: 3, high: 7 },
  { values: [5, 1, 4, 2, 3], median: 3, low: 2, high: 4 },
  { values: [10, 20, 100], median: 20, low: 15, high: 60 },
])('median and quartiles of $values', ({ values, ...expected }) => {
  expect(spreadOf(values)).toEqual({ ...expected, count: values.length })
})

it('of nothing is nothing', () => {
  expect(spreadOf([])).toBeUndefined()
})

it('leaves the values in their order', () => {
  const values = [3, 1, 2]
  spreadOf(values)
  expect(values).toEqual([3, 1, 2])
})
