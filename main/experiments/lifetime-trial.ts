/**
 * The lifetime trial: sessions of several lifetimes at the same time, asked before, at and after their end. Every request is
 * sent over TCP, also one that the client itself would refuse, and what the server says to it is the result.
 */
import { isForeseen, LabError, passOwnFault } from '#shared/errors'
import type { Client } from '#shared/hl1/drivers/client'
import type { Environment } from '#shared/hl1/environment'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { planTrial, type PlannedLifetime, type PlannedRequest } from '#shared/trial/plan'
import type { TrialRequest } from '#shared/trial/request'
import type { TrialOutcome, TrialResult } from '#shared/trial/result'
import { withPrivateLab, type PrivateLab } from './private-lab'
import { realClock, simulatedClock, type TrialClock } from './trial-clock'
import { TrialProgress } from './trial-progress'

export interface TrialOptions {
  /** The trial as far as it is, after every request. */
  readonly onProgress?: (result: TrialResult) => void
  readonly onRecord?: (entry: Hl1Entry) => void
  /** Gives the trial up. */
  readonly signal: AbortSignal
  /** Another clock than the one that the request names, for instance one that is late. */
  readonly clock?: TrialClock
}

/** A session that is open; `start` on the monotonic clock, as the server has it. */
interface OpenSession {
  readonly client: Client
  readonly start: number
}

/** A lifetime's sessions, which started together. The first one is in use until the server closes it, then the next. */
interface Pool {
  readonly planned: PlannedLifetime
  readonly sessions: OpenSession[]
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
  const clock = options.clock ?? (request.clock === 'real' ? realClock(signal) : simulatedClock())
  const { environment } = clock
  const plan = planTrial(request)
  const progress = new TrialProgress(request, plan, environment, onProgress)
  let settings: Settings = { ...DEFAULT_SETTINGS, suite: request.suite, idleLimit: IDLE_LIMIT }
  const lab = { settings: () => settings, environment, onRecord, signal }
  return withPrivateLab(lab, async (privateLab) => {
    await privateLab.register()
    const pools: Pool[] = []
    // The longest first: they can wait while the others are opened.
    for (const planned of plan.lifetimes.toSorted((a, b) => b.lifetime - a.lifetime)) {
      settings = { ...settings, lifetime: planned.lifetime }
      const sessions: OpenSession[] = []
      for (let count = 0; count < planned.sessions; count++)
        sessions.push(await openSession(privateLab, environment))
      pools.push({ planned, sessions })
    }
    progress.begin(Math.min(...pools.map(startOf)))
    for (const { pool, planned } of inOrder(pools))
      progress.note(pool.planned.lifetime, planned, await askInPool(pool, planned, clock, signal))
    return progress.end()
  })
}

async function openSession(lab: PrivateLab, environment: Environment): Promise<OpenSession> {
  const client = await lab.connect()
  await client.open()
  // Both ends know when the session started, a journey of a message apart. The server's is the one that counts.
  const now = environment.monotonic()
  const listed = lab.server.sessions.views().find(({ id }) => id === client.connection.id)
  if (!listed) throw new LabError('internal_error', 'The server has not listed the session.')
  return { client, start: now - listed.elapsed }
}

/** Every request of every lifetime, by the moment at which it is due. */
function inOrder(
  pools: readonly Pool[],
): readonly { readonly pool: Pool; readonly planned: PlannedRequest }[] {
  const requests = pools.flatMap((pool) => pool.planned.requests.map((planned) => ({ pool, planned })))
  const due = ({ pool, planned }: (typeof requests)[number]): number => startOf(pool) + planned.at
  return requests.sort((a, b) => due(a) - due(b))
}

function startOf({ sessions }: Pool): number {
  return Math.min(...sessions.map(({ start }) => start))
}

/** Waits for the moment, and sends the request in the session that is in use. */
async function askInPool(
  { planned: { sessions: number }, sessions }: Pool,
  { at }: PlannedRequest,
  { environment, until }: TrialClock,
  signal: AbortSignal,
): Promise<TrialOutcome> {
  const [session] = sessions
  if (!session) throw new LabError('internal_error', 'The trial has no session left for the request.')
  await until(session.start + at)
  const outcome = await ask(session, environment, number - sessions.length + 1, signal)
  // The server closes after a refusal.
  if (outcome.is === 'refused') sessions.shift()
  return outcome
}

/** Sends a request, whatever the client thinks of it, and says what became of it. */
async function ask(
  { client, start }: OpenSession,
  { monotonic }: Environment,
  session: number,
  signal: AbortSignal,
): Promise<TrialOutcome> {
  const sent = monotonic() - start
  try {
    await client.request(REQUEST, { force: true })
    return { is: 'accepted', session, sent, answered: monotonic() - start }
  } catch (error) {
    passOwnFault(error)
    signal.throwIfAborted()
    if (!isForeseen(error)) throw error
    return { is: 'refused', session, sent, answered: monotonic() - start, code: error.code }
  }
}
