import { describe, expect, it } from 'vitest'
import { planTrial } from '#shared/trial/plan'
import type { TrialClock } from '#shared/trial/request'

const LISTS = [[10, 60, 100], [1], [2], [86_400], [1, 86_400], [8, 7, 6, 5, 4, 3, 2, 1]]
const CLOCKS: readonly TrialClock[] = ['real', 'simulated']
const every = LISTS.flatMap((lifetimes) => CLOCKS.map((clock) => ({ lifetimes, clock })))

describe('the plan of a trial', () => {
  it('asks each lifetime at a quarter, a half, three quarters, at its end, and three times after it', () => {
    const { lifetimes, duration } = planTrial({ lifetimes: [10, 60, 100], clock: 'simulated' })
    expect(
      lifetimes.map(({ lifetime, requests }) => [lifetime, requests.map(({ at }) => at / 1000)]),
    ).toEqual([
      [10, [2.5, 5, 7.5, 10, 10.001, 13, 16]],
      [60, [15, 30, 45, 60, 60.001, 63, 66]],
      [100, [25, 50, 75, 100, 100.001, 103, 106]],
    ])
    expect(duration).toBe(106_000)
  })

  it('asks exactly at the end, and a millisecond later, where the clock stands still while a message travels', () => {
    const [planned] = planTrial({ lifetimes: [60], clock: 'simulated' }).lifetimes
    expect(planned?.requests.slice(3, 5)).toEqual([
      { phase: 'at', at: 60_000 },
      { phase: 'after', at: 60_001 },
    ])
  })

  it('leaves a tenth of a second for the journey in real time', () => {
    const [planned] = planTrial({ lifetimes: [2], clock: 'real' }).lifetimes
    expect(planned?.requests.slice(3, 5)).toEqual([
      { phase: 'at', at: 1_900 },
      { phase: 'after', at: 2_100 },
    ])
  })

  it('has a session for each request that comes too late; in real time that can be every one', () => {
    const sessions = (clock: TrialClock): readonly number[] =>
      planTrial({ lifetimes: [10, 60], clock }).lifetimes.map((planned) => planned.sessions)
    expect(sessions('simulated')).toEqual([3, 3])
    expect(sessions('real')).toEqual([7, 7])
  })

  it.each(every)(
    'has rising whole moments, and phases that say where they lie: $lifetimes, $clock',
    (request) => {
      const { lifetimes, duration } = planTrial(request)
      expect(lifetimes.map(({ lifetime }) => lifetime)).toEqual(request.lifetimes)
      for (const { lifetime, requests } of lifetimes) {
        const moments = requests.map(({ at }) => at)
        expect(moments).toHaveLength(7)
        expect(moments.every(Number.isInteger)).toBe(true)
        expect(moments).toEqual([...new Set(moments)].sort((a, b) => a - b))
        expect(duration).toBeGreaterThanOrEqual(moments.at(-1)!)
        for (const { phase, at } of requests) expect(phase === 'after').toBe(at > lifetime * 1000)
      }
    },
  )

  it('spreads the requests after the end as wide as the chart’s axis needs it', () => {
    const late = (lifetimes: readonly number[]): readonly number[] =>
      planTrial({ lifetimes: [...lifetimes], clock: 'simulated' })
        .lifetimes.find(({ lifetime }) => lifetime === 60)!
        .requests.slice(4)
        .map(({ at }) => at - 60_000)
    expect(late([60])).toEqual([1, 2_000, 4_000])
    expect(late([60, 1_000])).toEqual([1, 15_000, 30_000])
    expect(late([60, 86_400])).toEqual([1, 10_000, 20_000])
  })
})
