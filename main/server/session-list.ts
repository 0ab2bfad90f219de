/** The server's sessions, as it shows them. Keys stay with their connections. */
import type { SessionView } from '#shared/lab'
import type { SessionEnd } from '#shared/hl1/drivers/session'
import type { Environment } from '#shared/hl1/environment'
import type { LifetimeClock } from '#shared/hl1/pausable-clock'
import { timeLeft, type Session } from '#shared/hl1/state'
import type { SuiteName } from '#shared/hl1/suites'
import type { Endpoint } from '#shared/record/connection'

interface Entry {
  /** Of the session's connection: each has one session at most. */
  readonly id: string
  readonly peer: Endpoint
  readonly suite: SuiteName
  /** Without its key. */
  readonly session: Omit<Session, 'key'>
  readonly requests: number
  readonly connected: boolean
  readonly end: SessionView['end']
  readonly clock: SessionClock
  /** By the clock that never stands, as if the session's had not. */
  readonly began: number
  /** Milliseconds that its clock stood until it ended; undefined while it lives. */
  readonly stood: number | undefined
}

/** What a session's lifetime is measured with; `isPaused` while that stands. */
export type SessionClock = LifetimeClock & { readonly isPaused?: boolean }

/** Ended sessions that are kept to be shown. */
const KEPT = 200

export class SessionList {
  /** By their connections, the oldest first. */
  readonly #entries = new Map<string, Entry>()

  constructor(
    private readonly environment: Environment,
    private readonly onChange: () => void,
  ) {}

  /** Adds a session that has just begun; `id` is its connection's, `peer` the client's end as the server sees it. */
  add(
    id: string,
    { key: _key, ...session }: Session,
    peer: Endpoint,
    suite: SuiteName,
    clock: SessionClock = this.environment,
  ): void {
    const began = this.environment.monotonic() - (clock.monotonic() - session.startedMonotonic)
    this.#dropOldest()
    const fresh = { requests: 0, connected: true, end: undefined, stood: undefined }
    this.#entries.set(id, { id, peer, suite, session, clock, began, ...fresh })
    this.onChange()
  }

  countRequest(id: string): void {
    this.#change(id, ({ requests }) => ({ requests: requests + 1 }))
  }

  /** The session has ended; how it ended first is what counts. */
  end(id: string, how: SessionEnd): void {
    const at = this.environment.now()
    this.#change(id, (entry) => ({ end: entry.end ?? { how, at }, stood: this.#stood(entry) }))
  }

  /** The session's connection is gone. */
  disconnect(id: string): void {
    this.#change(id, () => ({ connected: false }))
  }

  /** Whether a session that is measured with this clock lives. */
  hasLive(clock: SessionClock): boolean {
    return [...this.#entries.values()].some((entry) => entry.clock === clock && this.#isLive(entry))
  }

  clear(): void {
    this.#entries.clear()
    this.onChange()
  }

  /** All of them, the newest first. */
  views(): readonly SessionView[] {
    const { now } = this.environment
    return [...this.#entries.values()]
      .map((entry) => ({ ...entry, isLive: this.#isLive(entry), stood: this.#stood(entry) }))
      .map(({ id, peer, suite, session, requests, connected, end, clock, stood, isLive }) => ({
        id,
        idC: session.idC,
        peer,
        suite,
        startedAt: session.startedAt,
        lifetime: session.lifetime,
        elapsed: clock.monotonic() - session.startedMonotonic,
        paused: isLive && clock.isPaused === true,
        stood,
        viewedAt: now(),
        requests,
        connected,
        end,
      }))
      .reverse()
  }

  #isLive({ session, connected, end, clock }: Entry): boolean {
    return connected && !end && timeLeft(session, clock.monotonic()) >= 0
  }

  /** In whole milliseconds: both clocks are read one after the other, which is no time that one of them stood. */
  #stood({ session, clock, began, stood }: Entry): number {
    if (stood !== undefined) return stood
    const passed = this.environment.monotonic() - began
    return Math.max(0, Math.round(passed - (clock.monotonic() - session.startedMonotonic)))
  }

  /** There is nothing to change where the connection has not come as far as a session, or the server has stopped. */
  #change(id: string, changes: (entry: Entry) => Partial<Entry>): void {
    const entry = this.#entries.get(id)
    if (!entry) return
    this.#entries.set(id, { ...entry, ...changes(entry) })
    this.onChange()
  }

  /** Forgets those that have ended longest ago, where there are more than are kept. */
  #dropOldest(): void {
    if (this.#entries.size <= KEPT) return
    const ended = [...this.#entries.values()].filter((entry) => !this.#isLive(entry))
    for (const { id } of ended.slice(0, Math.max(0, ended.length - KEPT))) this.#entries.delete(id)
  }
}
