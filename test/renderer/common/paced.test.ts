import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { paced } from '../../../renderer/common/paced'

let clock = 0
beforeEach(() => {
  clock = 0
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
})
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Lets so many milliseconds pass. */
function after(ms: number): void {
  for (let passed = 0; passed < ms; passed++) {
    clock++
    vi.advanceTimersByTime(1)
  }
}

it('shows at once what comes while it rests, and what comes meanwhile together, in its order', () => {
  const shown: (readonly string[])[] = []
  const put = paced<string>((values) => void shown.push(values))
  for (const value of ['a', 'b', 'c']) put(value)
  expect(shown).toEqual([['a']])
  after(10)
  expect(shown).toEqual([['a'], ['b', 'c']])
  after(100)
  put('d')
  expect(shown).toEqual([['a'], ['b', 'c'], ['d']])
})

it.each([
  [30, 30],
  [5_000, 200],
])('after a drawing of %i ms it rests %i ms', (cost, rest) => {
  const shown: (readonly number[])[] = []
  const put = paced<number>((values) => {
    shown.push(values)
    clock += cost
  })
  put(1)
  put(2)
  vi.advanceTimersByTime(0)
  vi.advanceTimersByTime(rest - 1)
  expect(shown).toEqual([[1]])
  vi.advanceTimersByTime(1)
  expect(shown).toEqual([[1], [2]])
})

it('shows what comes after a drawing that has failed', () => {
  const shown: (readonly string[])[] = []
  const put = paced<string>((values) => {
    if (values.includes('bad')) throw new Error('It can’t be drawn.')
    shown.push(values)
  })
  expect(() => put('bad')).toThrow('can’t be drawn')
  put('good')
  after(10)
  expect(shown).toEqual([['good']])
})
