import { describe, expect, it } from 'vitest'
import { planTrial } from '#shared/trial/plan'
import type { TrialClock } from '#shared/trial/request'

const LISTS = [[10, 60, 100], [1], [2], [86_400], [1, 86_400], [8, 7, 6, 5, 4, 3, 2, 1]]
const CLOCKS: readonly TrialClock[] = ['real', 'simulated']
const every = LISTS.flatMap((lifetimes) => CLOCKS.map((clock) => ({ lifetimes, clock })))

describe('the plan of a trial', () => {
  it('asks each lifetime at a quarter, a half, three quarters, at its end, and three times after it', () => {
    const { sessions, duration } = planTrial({ lifetimes: [10, 60, 100], clock: 'simulated' })
    const moments = [10, 60, 100].map((lifetime) =>
      sessions
        .filter((session) => session.lifetime === lifetime)
        .flatMap(({ requests }) => requests.map(({ at }) => at / 1000)),
    )
    expect(moments).toEqual([
      [2.5, 5, 7.5, 10, 10.001, 13, 16],
      [15, 30, 45, 60, 60.001, 63, 66],
      [25, 50, 75, 100, 100.001, 103, 106],
    ])
    expect(duration).toBe(106_000)
  })

  it('asks exactly at the end, and a millisecond later, where the clock stands still while a message travels', () => {
    const [first] = planTrial({ lifetimes: [60], clock: 'simulated' }).sessions
    expect(first?.requests.slice(-2)).toEqual([
      { phase: 'at', at: 60_000 },
      { phase: 'after', at: 60_001 },
    ])
  })

  it('leaves a tenth of a second for the journey in real time', () => {
    const [first] = planTrial({ lifetimes: [2], clock: 'real' }).sessions
    expect(first?.requests.slice(-2)).toEqual([
      { phase: 'at', at: 1_900 },
      { phase: 'after', at: 2_100 },
    ])
  })

  it.each(every)('has at most one request too late in a session, its last: $lifetimes, $clock', (request) => {
    for (const { requests, lifetime } of planTrial(request).sessions) {
      const late = requests.filter(({ at }) => at > lifetime * 1000)
      expect(late).toEqual(requests.slice(-1))
      expect(late[0]?.phase).toBe('after')
    }
  })

  it.each(every)('has rising whole moments, each once for a lifetime: $lifetimes, $clock', (request) => {
    const { sessions, duration } = planTrial(request)
    for (const lifetime of request.lifetimes) {
      const moments = sessions
        .filter((session) => session.lifetime === lifetime)
        .flatMap(({ requests }) => requests.map(({ at }) => at))
      expect(moments).toHaveLength(7)
      expect(moments.every(Number.isInteger)).toBe(true)
      expect(moments).toEqual([...new Set(moments)].sort((a, b) => a - b))
      expect(duration).toBeGreaterThanOrEqual(moments.at(-1)!)
    }
  })

  it('spreads the requests after the end as wide as the chart’s axis needs it', () => {
    const late = (lifetimes: readonly number[]): readonly number[] =>
      planTrial({ lifetimes: [...lifetimes], clock: 'simulated' })
        .sessions.filter(({ lifetime }) => lifetime === 60)
        .map(({ requests }) => requests.at(-1)!.at - 60_000)
    expect(late([60])).toEqual([1, 2_000, 4_000])
    expect(late([60, 1_000])).toEqual([1, 15_000, 30_000])
    expect(late([60, 86_400])).toEqual([1, 10_000, 20_000])
  })
})
