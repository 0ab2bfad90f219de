/**
 * The lifetime trial: sessions of several lifetimes at the same time, each asked before, at and after its end. Every
 * request is sent over TCP, also one that the client itself would refuse, and what the server says to it is the result.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError } from '#shared/errors'
import { systemEnvironment, type Environment } from '#shared/protocol/environment'
import type { JournalEntry } from '#shared/protocol/record'
import { SimulatedClock } from '#shared/protocol/simulated-clock'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { planTrial, type PlannedRequest, type PlannedSession, type TrialPlan } from '#shared/trial/plan'
import type { TrialRequest } from '#shared/trial/request'
import type { TrialOutcome, TrialResult, TrialRow } from '#shared/trial/result'
import type { PlainClient } from './client'
import { withPrivateLab, type PrivateLab } from './private-lab'

export interface TrialOptions {
  /** The trial as far as it is, after every request. */
  readonly onProgress?: (result: TrialResult) => void
  readonly onRecord?: (entry: JournalEntry) => void
  /** Gives the trial up. */
  readonly signal: AbortSignal
}

/** The clocks of a trial, and waiting on them. */
interface TrialClock {
  readonly environment: Environment
  /** Resolves when the monotonic clock has come to that moment. */
  readonly until: (monotonic: number) => Promise<void>
}

/** A session that is open; `start` on the monotonic clock, as the server has it. */
interface OpenSession {
  readonly client: PlainClient
  readonly start: number
  readonly planned: PlannedSession
  /** Within the trial, from 1. */
  readonly number: number
}

/** In a trial nobody is idle: sessions stay open until their last request, also a day after their end. Seconds. */
const IDLE_LIMIT = 86_400
const REQUEST = 'whoami'

/**
 * Runs a trial to its end.
 * @throws the signal's reason; what starting a lab and opening a session throw
 */
export async function runTrial(request: TrialRequest, options: TrialOptions): Promise<TrialResult> {
  const { signal, onProgress = () => undefined, onRecord = () => undefined } = options
  const clock = request.clock === 'real' ? realClock(signal) : simulatedClock()
  const plan = planTrial(request)
  let settings: Settings = { ...DEFAULT_SETTINGS, suite: request.suite, idleLimit: IDLE_LIMIT }
  const { environment } = clock
  const progress = new Progress(request, plan, environment, onProgress)
  const lab = { settings: () => settings, environment, onRecord, signal }
  return withPrivateLab(lab, async (privateLab) => {
    await privateLab.register()
    const sessions: OpenSession[] = []
    // The longest first: they can wait while the others are opened.
    for (const [index, planned] of byLifetime(plan.sessions)) {
      settings = { ...settings, lifetime: planned.lifetime }
      sessions.push(await openSession(privateLab, environment, planned, index + 1))
    }
    progress.begin(Math.min(...sessions.map(({ start }) => start)))
    for (const { session, planned } of inOrder(sessions)) {
      await clock.until(session.start + planned.at)
      progress.note(session, planned, await ask(session, environment, signal))
    }
    return progress.end()
  })
}

async function openSession(
  lab: PrivateLab,
  environment: Environment,
  planned: PlannedSession,
  number: number,
): Promise<OpenSession> {
  const client = await lab.connect()
  await client.open()
  // Both ends know when the session started, a journey of a message apart. The server's is the one that counts.
  const now = environment.monotonic()
  const listed = lab.server.sessions.views().find(({ peer }) => peer.port === client.local.port)
  if (!listed) throw new LabError('internal_error', 'The server has not listed the session.')
  return { client, start: now - listed.elapsed, planned, number }
}

/** Sends a request, whatever the client thinks of it, and says what became of it. */
async function ask(
  { client, start }: OpenSession,
  { monotonic }: Environment,
  signal: AbortSignal,
): Promise<TrialOutcome> {
  const sent = monotonic() - start
  try {
    await client.request(REQUEST, { force: true })
    return { is: 'accepted', sent, answered: monotonic() - start }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof LabError)) throw error
    return { is: 'refused', sent, answered: monotonic() - start, code: error.code }
  }
}

function byLifetime(sessions: readonly PlannedSession[]): readonly (readonly [number, PlannedSession])[] {
  return [...sessions.entries()].sort(([, a], [, b]) => b.lifetime - a.lifetime)
}

/** Every request of every session, by the moment at which it is due. */
function inOrder(
  sessions: readonly OpenSession[],
): readonly { readonly session: OpenSession; readonly planned: PlannedRequest }[] {
  const requests = sessions.flatMap((session) =>
    session.planned.requests.map((planned) => ({ session, planned })),
  )
  return requests.sort((a, b) => a.session.start + a.planned.at - (b.session.start + b.planned.at))
}

/** The result as it fills. */
class Progress {
  #result: TrialResult
  #began: number

  constructor(
    request: TrialRequest,
    plan: TrialPlan,
    private readonly environment: Environment,
    private readonly onProgress: (result: TrialResult) => void,
  ) {
    this.#began = environment.monotonic()
    this.#result = {
      request,
      state: 'starting',
      startedAt: environment.now(),
      elapsed: 0,
      duration: plan.duration,
      rows: rowsOf(request, plan),
    }
    onProgress(this.#result)
  }

  /** The sessions are open; `start` is that of the first one on the monotonic clock. */
  begin(start: number): void {
    this.#began = start
    this.#change({ state: 'running' })
  }

  note({ number }: OpenSession, planned: PlannedRequest, outcome: TrialOutcome): void {
    const isIt = (row: TrialRow): boolean => row.session === number && row.planned === planned.at
    this.#change({ rows: this.#result.rows.map((row) => (isIt(row) ? { ...row, outcome } : row)) })
  }

  end(): TrialResult {
    return this.#change({ state: 'done' })
  }

  #change(change: Partial<TrialResult>): TrialResult {
    const elapsed = this.environment.monotonic() - this.#began
    this.#result = { ...this.#result, elapsed, ...change }
    this.onProgress(this.#result)
    return this.#result
  }
}

function rowsOf({ lifetimes }: TrialRequest, { sessions }: TrialPlan): readonly TrialRow[] {
  const rows = sessions.flatMap(({ lifetime, requests }, index) =>
    requests.map(({ phase, at }): TrialRow => {
      return { lifetime, session: index + 1, phase, planned: at, outcome: { is: 'pending' } }
    }),
  )
  const place = (row: TrialRow): number => lifetimes.indexOf(row.lifetime)
  return rows.sort((a, b) => place(a) - place(b) || a.planned - b.planned)
}

function realClock(signal: AbortSignal): TrialClock {
  const environment = systemEnvironment
  return {
    environment,
    until: async (monotonic) => {
      // A timer may come a moment early.
      for (
        let left = monotonic - environment.monotonic();
        left > 0;
        left = monotonic - environment.monotonic()
      )
        await sleep(Math.ceil(left), undefined, { signal })
    },
  }
}

function simulatedClock(): TrialClock {
  const clock = new SimulatedClock({ now: systemEnvironment.now(), monotonic: 0 })
  return {
    environment: clock.environment,
    until: async (moment) => clock.pass(Math.max(0, moment - clock.monotonic())),
  }
}
