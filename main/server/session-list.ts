/** The server's sessions, as it shows them. Keys stay with their connections. */
import type { SessionView } from '#shared/lab'
import type { SessionEnd } from '#shared/hl1/drivers/session'
import type { Environment } from '#shared/hl1/environment'
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
}

/** Ended sessions that are kept to be shown. */
const KEPT = 200

export class SessionList {
  #entries: readonly Entry[] = []

  constructor(
    private readonly environment: Environment,
    private readonly onChange: () => void,
  ) {}

  /** Adds a session that has just begun; `id` is its connection's, `peer` the client's end as the server sees it. */
  add(id: string, { key: _key, ...session }: Session, peer: Endpoint, suite: SuiteName): void {
    const ended = this.#entries.filter((entry) => !this.#isLive(entry))
    const dropped = new Set(ended.slice(0, Math.max(0, ended.length - KEPT)))
    const kept = this.#entries.filter((entry) => !dropped.has(entry))
    this.#replace([...kept, { id, peer, suite, session, requests: 0, connected: true, end: undefined }])
  }

  countRequest(id: string): void {
    this.#change(id, ({ requests }) => ({ requests: requests + 1 }))
  }

  /** The session has ended; how it ended first is what counts. */
  end(id: string, how: SessionEnd): void {
    const at = this.environment.now()
    this.#change(id, ({ end }) => ({ end: end ?? { how, at } }))
  }

  /** The session's connection is gone. */
  disconnect(id: string): void {
    this.#change(id, () => ({ connected: false }))
  }

  clear(): void {
    this.#replace([])
  }

  /** All of them, the newest first. */
  views(): readonly SessionView[] {
    const { now, monotonic } = this.environment
    return this.#entries
      .map(({ id, peer, suite, session, requests, connected, end }) => ({
        id,
        idC: session.idC,
        peer,
        suite,
        startedAt: session.startedAt,
        lifetime: session.lifetime,
        elapsed: monotonic() - session.startedMonotonic,
        viewedAt: now(),
        requests,
        connected,
        end,
      }))
      .reverse()
  }

  #isLive({ session, connected, end }: Entry): boolean {
    return connected && !end && timeLeft(session, this.environment.monotonic()) >= 0
  }

  /** There is nothing to change where the connection has not come as far as a session, or the server has stopped. */
  #change(id: string, changes: (entry: Entry) => Partial<Entry>): void {
    if (!this.#entries.some((entry) => entry.id === id)) return
    this.#replace(this.#entries.map((entry) => (entry.id === id ? { ...entry, ...changes(entry) } : entry)))
  }

  #replace(entries: readonly Entry[]): void {
    this.#entries = entries
    this.onChange()
  }
}
