import { describe, expect, it, vi } from 'vitest'
import { coalesce } from '#main/lab/coalesce'
import { expectNone } from '../../support/context'
import { until } from '../../support/wait'

describe('many requests to do something', () => {
  it('in one turn of the event loop are one run', async () => {
    let runs = 0
    const ask = coalesce(async () => void runs++, expectNone)
    for (let count = 0; count < 10; count++) ask()
    expect(runs).toBe(0)
    await until(() => runs === 1)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect(runs).toBe(1)
  })

  it('while a run is under way are one more, after it', async () => {
    const ends: (() => void)[] = []
    let running = 0
    let most = 0
    const ask = coalesce(async () => {
      most = Math.max(most, ++running)
      await new Promise<void>((resolve) => ends.push(resolve))
      running--
    }, expectNone)
    ask()
    await until(() => ends.length === 1)
    for (let count = 0; count < 5; count++) ask()
    ends[0]!()
    await until(() => ends.length === 2)
    ends[1]!()
    await until(() => running === 0)
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
    expect({ runs: ends.length, most }).toEqual({ runs: 2, most: 1 })
  })

  it('go on after a run that failed', async () => {
    const failure = new Error('No.')
    const reported = vi.fn()
    let runs = 0
    const ask = coalesce(async () => {
      if (++runs === 1) throw failure
    }, reported)
    ask()
    await until(() => reported.mock.calls.length === 1)
    ask()
    await until(() => runs === 2)
    expect(reported.mock.calls).toEqual([[failure]])
  })

  it('in a rush are runs with a pause between them, and none is left out at the end', async () => {
    vi.useFakeTimers()
    try {
      let runs = 0
      const ask = coalesce(async () => void runs++, expectNone, 50)
      for (let millisecond = 0; millisecond < 200; millisecond++) {
        ask()
        await vi.advanceTimersByTimeAsync(1)
      }
      const during = runs
      await vi.advanceTimersByTimeAsync(100)
      expect(during).toBeLessThanOrEqual(5)
      expect(during).toBeGreaterThanOrEqual(3)
      expect(runs).toBe(during + 1)
    } finally {
      vi.useRealTimers()
    }
  })
})
