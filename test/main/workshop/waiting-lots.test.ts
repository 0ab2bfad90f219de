/** What waits to be judged is counted right, whatever ends when. */
import { expect, it } from 'vitest'
import { WaitingLots } from '#main/workshop/waiting-lots'

it('counts verdicts as they come, and nothing once all have', () => {
  const lots = new WaitingLots()
  const { lot } = lots.add(['a', 'b'], 2)!
  expect([lots.count, lots.chains]).toEqual([{ done: 0, of: 4 }, ['a', 'b']])
  for (const chain of ['a', 'b', 'a']) expect(lots.judged(lot, chain)).toBe(true)
  expect([lots.count, lots.chains]).toEqual([{ done: 3, of: 4 }, ['b']])
  lots.judged(lot, 'b')
  expect(lots.count).toEqual({ done: 4, of: 4 })
  expect(lots.end(lot)).toBe(true)
  expect(lots.count).toEqual({ done: 0, of: 0 })
})

it('the end of one lot is not that of another, and what comes late is for nobody', () => {
  const lots = new WaitingLots()
  const first = lots.add(['a'], 3)!.lot
  const second = lots.add(['b'], 3)!.lot
  lots.judged(first, 'a')
  expect(lots.end(first)).toBe(false)
  expect([lots.count, lots.chains]).toEqual([{ done: 1, of: 4 }, ['b']])
  expect(lots.judged(first, 'a')).toBe(false)
  expect([lots.has(first), lots.has(second)]).toEqual([false, true])
  expect(lots.end(second)).toBe(true)
})

it('a chain that waits is not made to wait twice', () => {
  const lots = new WaitingLots()
  lots.add(['a', 'b'], 1)
  expect(lots.add(['b', 'c'], 1)).toMatchObject({ ids: ['c'] })
  expect(lots.add(['a', 'b', 'c'], 1)).toBeUndefined()
})

it('of chains of one’s own, two wait at most', () => {
  const lots = new WaitingLots()
  const { lot } = lots.add(['own'], 7)!
  lots.add(['own'], 7)
  expect(() => lots.add(['own'], 7)).toThrow(expect.objectContaining({ code: 'too_many_runs' }) as Error)
  lots.end(lot)
  expect(lots.add(['own'], 7)).toBeDefined()
})
