/** A simulated clock rules all time limits: a walk, a trial and both suites side by side go on without a single real timer. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runTrial } from '#main/experiments/lifetime-trial'
import { measureSuites } from '#main/experiments/measure-suites'
import { simulatedClock } from '#main/experiments/trial-clock'
import { systemEnvironment } from '#shared/hl1/environment'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import { STEPS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { isWholeAndAsDemanded } from '#shared/trial/result'
import { story } from '../support/conversations'
import { closeLabs, makeClient, startedLab } from '../support/lab'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

const NEVER = new AbortController().signal
/** Where the program's own files are, whatever folder the project lies in. */
const OURS = ['main', 'shared'].map((room) => join(import.meta.dirname, '../..', room, '/'))

/** Where this program itself has asked for a real timer; what tests and Node do is their own affair. */
let timers: string[] = []
beforeEach(() => {
  timers = []
  const { setTimeout, setInterval } = globalThis
  const { timeout } = AbortSignal
  const note = (): void => {
    const caller = new Error().stack?.split('\n').find((line) => OURS.some((room) => line.includes(room)))
    if (caller !== undefined) timers.push(caller.trim())
  }
  const noting =
    <F extends (...given: never[]) => unknown>(real: F) =>
    (...given: Parameters<F>): ReturnType<F> => {
      note()
      return real(...given) as ReturnType<F>
    }
  vi.stubGlobal('setTimeout', Object.assign(noting(setTimeout as never), setTimeout))
  vi.stubGlobal('setInterval', Object.assign(noting(setInterval as never), setInterval))
  vi.spyOn(AbortSignal, 'timeout').mockImplementation(noting(timeout.bind(AbortSignal)))
})
afterEach(async () => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  await closeLabs()
})

const newClock = (): SimulatedClock => new SimulatedClock({ now: Date.now(), monotonic: 0 })

it('a real timer would be seen here', () => {
  systemEnvironment.after(1_000, () => undefined)()
  expect(timers).toHaveLength(1)
})

describe.each(SUITE_NAMES)('in suite %s', (suite) => {
  it('a walk stands still at each gate for a day, and then goes on', async () => {
    const clock = newClock()
    const started = await startedLab({ suite }, { environment: clock.ruling(systemEnvironment) })
    const { lab, told } = started
    const day = (): void => clock.pass(86_400_000)
    await lab.walkRegister()
    day()
    await lab.walkFinishRegistration()
    const { client, records, link } = await makeClient(started)
    const opening = client.open()
    for (const step of [4, 6] as const) {
      await until(() => lab.walk.gates.waiting.includes(step))
      day()
      lab.walk.gates.release(step, link.connection.id)
    }
    const session = await opening
    const asked = client.request('echo one')
    await until(() => lab.walk.gates.waiting.includes(8))
    lab.walk.gates.release(8, link.connection.id)
    expect(await asked).toBe('one')
    clock.pass(session.lifetime * 1_000 + 1)
    expect(lab.server.sessions.views()[0]?.end?.how).toBe('lifetime')
    const steps = story([...told, ...records]).filter((line) => line.startsWith('sent'))
    expect(steps.toSorted()).toEqual(Object.keys(STEPS).map((step) => `sent step ${step}`))
    client.close()
    await lab.close()
    expect(timers).toEqual([])
  })

  it('a lifetime trial runs to its end', async () => {
    const result = await runTrial({ lifetimes: [10, 60], suite, clock: 'simulated' }, { signal: NEVER })
    expect(isWholeAndAsDemanded(result)).toBe(true)
    expect(timers).toEqual([])
  })
})

it('both suites run side by side', async () => {
  const { environment } = simulatedClock()
  const onProgress = (): void => undefined
  const { suites } = await measureSuites({
    settings: DEFAULT_SETTINGS,
    runs: 1,
    onProgress,
    environment,
    signal: NEVER,
  })
  for (const name of SUITE_NAMES) {
    expect(suites[name].totals).toMatchObject({ connections: 2, roundTrips: 4 })
    expect(suites[name].totals.elapsed.median).toBe(0)
  }
  expect(timers).toEqual([])
})

it('whoever says nothing is dropped when that clock has passed the idle limit, and not before', async () => {
  const clock = newClock()
  const { lab } = await startedLab({ idleLimit: 30 }, { environment: clock.ruling(systemEnvironment) })
  await lab.register()
  const silent = await RawPeer.connect(lab.server.address!.port)
  await until(() => lab.server.connections === 1)
  clock.pass(29_999)
  await new Promise((resolve) => setImmediate(resolve))
  expect(lab.server.connections).toBe(1)
  clock.pass(1)
  expect(await silent.alert()).toMatchObject({ code: 'timeout', step: 3 })
  silent.close()
  await until(() => lab.server.connections === 0)
  expect(timers).toEqual([])
})
