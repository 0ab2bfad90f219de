/** Lifetime trials and the labs that they run in, over real TCP. */
import { describe, expect, it } from 'vitest'
import { runTrial } from '#main/experiments/lifetime-trial'
import { withPrivateLab } from '#main/experiments/private-lab'
import { simulatedClock, type TrialClock } from '#main/experiments/trial-clock'
import { Trials } from '#main/experiments/trials'
import { LabError } from '#shared/errors'
import type { Hl1Entry } from '#shared/hl1/types'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { isAsDemanded, isWholeAndAsDemanded, type TrialResult } from '#shared/trial/result'
import { rejection } from '../support/conversations'
import { RawPeer } from '../support/raw-peer'
import { until } from '../support/wait'

const NEVER = new AbortController().signal
const settings = (): typeof DEFAULT_SETTINGS => DEFAULT_SETTINGS

/** Sockets and listeners of this process that are open. */
const openSockets = (): number =>
  process.getActiveResourcesInfo().filter((name) => name.startsWith('TCP')).length

describe.each(SUITE_NAMES)('a simulated trial of 10, 60 and 100 s in suite %s', (suite) => {
  it('is accepted at exactly the end and refused a millisecond later, by the server, over TCP', async () => {
    const records: Hl1Entry[] = []
    const result = await runTrial(
      { lifetimes: [10, 60, 100], suite, clock: 'simulated' },
      { onRecord: (entry) => records.push(entry), signal: NEVER },
    )
    expect(isWholeAndAsDemanded(result)).toBe(true)
    for (const lifetime of [10, 60, 100]) {
      const end = lifetime * 1000
      const rows = result.rows.filter((row) => row.lifetime === lifetime)
      expect(rows.map(({ phase, outcome }) => `${phase} ${outcome.is}`)).toEqual([
        'before accepted',
        'before accepted',
        'before accepted',
        'at accepted',
        'after refused',
        'after refused',
        'after refused',
      ])
      expect(rows[3]?.outcome).toEqual({ is: 'accepted', session: 1, sent: end, answered: end })
      expect(rows[4]?.outcome).toEqual({
        is: 'refused',
        session: 1,
        sent: end + 1,
        answered: end + 1,
        code: 'session_expired',
      })
    }
    const requests = records.filter(({ kind, step }) => kind === 'message' && step === 7)
    expect(requests.filter(({ direction }) => direction === 'sent')).toHaveLength(21)
    const judged = requests.filter(({ direction }) => direction === 'received')
    expect(judged.map(({ role }) => role)).toEqual(Array(21).fill('server'))
    expect(judged.filter(({ outcome }) => !outcome.ok && outcome.code === 'session_expired')).toHaveLength(9)
    const alerts = records.filter(({ kind, role }) => kind === 'alert' && role === 'client')
    expect(alerts).toHaveLength(9)
    expect(records.every((entry) => entry.suite === suite)).toBe(true)
    const connections = new Set(
      records.filter(({ role }) => role === 'client').map((each) => each.connection.id),
    )
    expect(connections.size).toBe(9)
  })
})

describe('a trial', () => {
  it('in real time ends a session of two seconds after two seconds', async () => {
    const seen: TrialResult[] = []
    const result = await runTrial(
      { lifetimes: [2], suite: 'classic', clock: 'real' },
      { onProgress: (progress) => seen.push(progress), signal: NEVER },
    )
    expect(result.rows.filter((row) => isAsDemanded(row) !== true)).toEqual([])
    const late = result.rows.filter(({ phase }) => phase === 'after')
    expect(late.map(({ outcome }) => outcome.is)).toEqual(['refused', 'refused', 'refused'])
    expect(result.rows[0]?.outcome.is).toBe('accepted')
    for (const { planned, outcome } of result.rows)
      expect(outcome.is === 'pending' ? -1 : outcome.sent).toBeGreaterThanOrEqual(planned)
    expect(seen.map(({ state }) => state)).toEqual(['starting', ...Array<string>(8).fill('running'), 'done'])
    expect(seen.map(({ rows }) => rows.filter(({ outcome }) => outcome.is !== 'pending').length)).toEqual([
      0, 0, 1, 2, 3, 4, 5, 6, 7, 7,
    ])
  })

  it('of a second and of a day runs at once on a simulated clock, whatever timers a server has', async () => {
    const result = await runTrial(
      { lifetimes: [86_400, 1], suite: 'modern', clock: 'simulated' },
      { signal: NEVER },
    )
    expect(isWholeAndAsDemanded(result)).toBe(true)
    expect(result.rows.map(({ lifetime }) => lifetime)).toEqual([
      ...Array(7).fill(86_400),
      ...Array(7).fill(1),
    ])
    expect(result.elapsed).toBe(result.duration)
  })

  it.each([
    { late: 150, refused: 4 },
    { late: 1_600, refused: 7 },
  ])(
    'on a machine that is $late ms late asks late, and is judged by when it asked',
    async ({ late, refused }) => {
      const { environment, until: exactly } = simulatedClock()
      const clock: TrialClock = { environment, until: (moment) => exactly(moment + late) }
      const request = { lifetimes: [2], suite: 'classic', clock: 'real' } as const
      const result = await runTrial({ ...request, lifetimes: [2] }, { signal: NEVER, clock })
      expect(result.rows.map(({ outcome }) => outcome.is)).toEqual([
        ...Array<string>(7 - refused).fill('accepted'),
        ...Array<string>(refused).fill('refused'),
      ])
      expect(isWholeAndAsDemanded(result)).toBe(true)
      const refusals = result.rows.slice(7 - refused)
      expect(refusals.map(({ outcome }) => (outcome.is === 'refused' ? outcome.session : 0))).toEqual(
        refusals.map((_, index) => index + 1),
      )
    },
  )

  it('that is given up in the middle ends with its reason, and leaves nothing open', async () => {
    await until(() => openSockets() === 0)
    const abort = new AbortController()
    const seen: TrialResult[] = []
    const running = rejection(
      runTrial(
        { lifetimes: [1, 600], suite: 'classic', clock: 'real' },
        { onProgress: (progress) => seen.push(progress), signal: abort.signal },
      ),
    )
    await until(() => seen.at(-1)?.rows.some(({ outcome }) => outcome.is === 'accepted') === true)
    abort.abort(new LabError('cancelled', 'Enough.'))
    expect(await running).toMatchObject({ code: 'cancelled' })
    await until(() => openSockets() === 0)
  })
})

describe('the trials of a window', () => {
  it('run one at a time, end when they are cancelled, and keep what they have found', async () => {
    const told: TrialResult[] = []
    const trials = new Trials((result) => told.push(result))
    expect(() => trials.last).toThrow(expect.objectContaining({ code: 'no_trial' }))
    const request = { lifetimes: [600], suite: 'classic', clock: 'real' } as const
    const running = trials.start({ ...request, lifetimes: [600] })
    await expect(trials.start({ ...request, lifetimes: [5] })).rejects.toMatchObject({
      code: 'trial_running',
    })
    await until(() => told.at(-1)?.state === 'running')
    await trials.cancel()
    expect(await running).toMatchObject({ state: 'cancelled', request })
    expect(told.at(-1)).toBe(trials.last)
    expect(trials.last.rows.every(({ outcome }) => outcome.is === 'pending')).toBe(true)
    const next = await trials.start({ lifetimes: [5], suite: 'classic', clock: 'simulated' })
    expect(isWholeAndAsDemanded(next)).toBe(true)
    expect(trials.last).toBe(next)
    await trials.cancel()
    expect(trials.last.state).toBe('done')
  })

  it('can be cancelled before anything was sent', async () => {
    const trials = new Trials(() => undefined)
    const running = trials.start({ lifetimes: [600], suite: 'classic', clock: 'real' })
    await trials.cancel()
    expect(await running).toMatchObject({ state: 'cancelled' })
  })
})

describe('a private lab', () => {
  it('has ports of its own, takes any number of clients, and is gone when it was used', async () => {
    const records: Hl1Entry[] = []
    const lab = { settings, onRecord: (entry: Hl1Entry) => records.push(entry), signal: NEVER }
    const port = await withPrivateLab(lab, async ({ addresses, register, connect }) => {
      expect(addresses.server.port).not.toBe(addresses.authority.port)
      await register()
      const clients = await Promise.all([connect(), connect({ suite: 'modern' })])
      for (const client of clients) {
        await client.open()
        expect(await client.request('echo hello')).toBe('hello')
        client.close()
      }
      return addresses.server.port
    })
    expect(records.map(({ role }) => role)).toEqual(expect.arrayContaining(['authority', 'server', 'client']))
    expect(new Set(records.filter(({ role }) => role === 'client').map(({ suite }) => suite)).size).toBe(2)
    await expect(RawPeer.connect(port)).rejects.toThrow()
  })

  it('closes when its use fails, with the failure', async () => {
    await until(() => openSockets() === 0)
    const failed = withPrivateLab({ settings, signal: NEVER }, async ({ register, connect }) => {
      await register()
      await (await connect()).open()
      throw new LabError('stopped', 'Enough.')
    })
    expect(await rejection(failed)).toMatchObject({ code: 'stopped' })
    await until(() => openSockets() === 0)
  })

  it('that is given up ends with the reason for that, also while it starts or registers', async () => {
    const stopped = (signal: AbortSignal, use: () => void): Promise<unknown> =>
      rejection(
        withPrivateLab({ settings, signal }, async ({ register }) => {
          use()
          await register()
        }),
      )
    for (const when of ['before', 'while it starts', 'while it registers']) {
      const abort = new AbortController()
      const stop = (): void => abort.abort(new LabError('cancelled', when))
      if (when === 'before') stop()
      const ended = stopped(abort.signal, () => {
        if (when === 'while it registers') setImmediate(stop)
      })
      if (when === 'while it starts') stop()
      expect(await ended).toMatchObject({ code: 'cancelled', message: when })
    }
  })
})
