import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { measureSuites } from '#main/experiments/measure-suites'
import { SuiteRuns } from '#main/experiments/suite-runs'
import { generateRsaKeyPair } from '#shared/crypto/primitives/rsa'
import { LabError } from '#shared/errors'
import { reportFailure } from '#shared/failure'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import type { Comparison } from '#shared/side-by-side/compare'
import type { RunProgress } from '#shared/side-by-side/runs'
import { rejection } from '../support/conversations'
import { buildEntry, type BuiltProgram } from '../support/terminal-program'

const never = new AbortController().signal
const nothing = (): void => undefined

/** What every comparison has to hold, whatever the machine. */
function expectConsistent({ runs, suites }: Comparison, expectedRuns: number): void {
  expect(runs).toBe(expectedRuns)
  for (const suite of SUITE_NAMES) {
    const { steps, totals } = suites[suite]
    expect(STEP_NUMBERS.reduce((sum, step) => sum + steps[step].bytes.frame, 0)).toBe(totals.bytes)
    expect(totals).toMatchObject({ connections: 2, roundTrips: 4 })
    expect(totals.working.count).toBe(expectedRuns)
    expect(totals.elapsed.median).toBeGreaterThan(totals.working.median)
    for (const { count, each, together } of totals.kinds) {
      expect(each?.count ?? 0).toBe(count * expectedRuns)
      expect(together === undefined || together.count === expectedRuns).toBe(true)
    }
    for (const step of STEP_NUMBERS)
      for (const { time } of [steps[step].built, steps[step].checked]) expect(time.low).toBeGreaterThan(0)
  }
  const counts = SUITE_NAMES.map((suite) =>
    Object.fromEntries(suites[suite].totals.kinds.map(({ kind, count }) => [kind, count])),
  )
  expect(counts).toEqual([
    { rsa_generate: 1, rsa_private: 5, rsa_public: 7, ecdh: 0, hkdf: 0, aes: 0, des: 12 },
    { rsa_generate: 1, rsa_private: 5, rsa_public: 6, ecdh: 4, hkdf: 8, aes: 14, des: 0 },
  ])
}

describe('runs of both suites over TCP', () => {
  it('are measured, each as often as asked for, with progress up to the last', async () => {
    const told: RunProgress[] = []
    const comparison = await measureSuites({
      settings: DEFAULT_SETTINGS,
      runs: 3,
      onProgress: (progress) => told.push(progress),
      signal: never,
    })
    expectConsistent(comparison, 3)
    expect(comparison).toMatchObject({ rsaBits: 2048, request: 'echo side by side' })
    // One of each goes before those that count.
    expect(told).toEqual(Array.from({ length: 8 }, (_, done) => ({ done, of: 8 })))
  })

  it('do not ask which suite the settings have', async () => {
    const settings = { ...DEFAULT_SETTINGS, suite: 'modern', serverPort: 1, authorityPort: 1 } as const
    expectConsistent(await measureSuites({ settings, runs: 1, onProgress: nothing, signal: never }), 1)
  })

  it('end when they are given up, with that reason', async () => {
    const stop = new AbortController()
    const onProgress = ({ done }: RunProgress): void => {
      if (done === 2) stop.abort(new LabError('cancelled', 'Enough.'))
    }
    const given = measureSuites({ settings: DEFAULT_SETTINGS, runs: 9, onProgress, signal: stop.signal })
    expect(await rejection(given)).toMatchObject({ code: 'cancelled' })
  })
})

describe('the thread', () => {
  let built: BuiltProgram
  beforeAll(async () => {
    built = await buildEntry('main/experiments/suites-thread.ts')
  })
  afterAll(() => built.remove())

  const thread = (onProgress: (progress: RunProgress) => void = nothing): SuiteRuns =>
    new SuiteRuns(built.program, onProgress)

  it('counts nothing of what goes on elsewhere in the program', async () => {
    const told: RunProgress[] = []
    const busy = { on: true }
    const elsewhere = (async () => {
      while (busy.on) await generateRsaKeyPair(2048)
    })()
    try {
      expectConsistent(await thread((progress) => told.push(progress)).run(DEFAULT_SETTINGS, 3), 3)
    } finally {
      busy.on = false
      await elsewhere
    }
    expect(told).toHaveLength(8)
  })

  it('hands on what nobody has foreseen, with the place where it was thrown', async () => {
    const failure: unknown = await thread()
      .run(undefined as never, 1)
      .catch((error: unknown) => error)
    const { name, frames } = reportFailure(failure)
    expect(name).toBe('TypeError')
    expect(frames.join('\n')).toContain('generateRsaKeyPair')
  })

  it('is given up when asked to, and can be used again', async () => {
    const runs: SuiteRuns = thread(({ done }) => {
      if (done === 1) void runs.cancel()
    })
    expect(await rejection(runs.run(DEFAULT_SETTINGS, 27))).toMatchObject({ code: 'cancelled' })
    await runs.cancel()
    expect(await rejection(runs.run(DEFAULT_SETTINGS, 27))).toMatchObject({ code: 'cancelled' })
  })

  it('runs once at a time', async () => {
    const runs = thread()
    const first = rejection(runs.run(DEFAULT_SETTINGS, 27))
    expect(await rejection(runs.run(DEFAULT_SETTINGS, 3))).toMatchObject({ code: 'already_running' })
    await runs.cancel()
    expect(await first).toMatchObject({ code: 'cancelled' })
  })

  it('tells what went wrong in a run', async () => {
    const settings = { ...DEFAULT_SETTINGS, bootstrapKey: 'no hex' }
    expect(await rejection(thread().run(settings, 3))).toMatchObject({ code: 'bad_setting' })
  })
})
