/** One role's side of one connection: builds and accepts in turn, records every message, answers a bad one with an alert. */
import { isForeseen, LabError } from '../../errors'
import { ProtocolError } from '../alerts'
import type { Environment } from '../environment'
import { accept, asProtocolError, build, buildAlert, expectation, refuseUnasked } from '../message'
import type { Connection } from '../../record/connection'
import type { Hl1Entry, Hl1Record } from '../types'
import type { AuthorityState, ClientState, RegistrationState, ServerState } from '../state'
import type { StepTypes } from '../conduct'
import type { StepNumber } from '../steps'
import type { ReceiveLimits, Transport } from './transport'

export type RoleState = AuthorityState | RegistrationState | ServerState | ClientState

/** Told what becomes of a message that somebody has let be built: one of the two, once. */
export interface Departure {
  readonly sent: () => void
  readonly failed: (reason: unknown) => void
}

/**
 * Asked before a message is built: whoever walks step by step answers when they are ready. `ending` makes a signal that aborts
 * when the conversation ends before that.
 */
export type Pace = (step: StepNumber, ending: () => AbortSignal) => Promise<Departure | void>

/** Builds at once. */
export const fullPace: Pace = async () => {}

/** What a conversation needs besides its state. */
export interface ConversationOptions {
  readonly transport: Transport
  readonly environment: Environment
  /** What the records belong to. */
  readonly connection: Connection
  readonly pace: Pace
  /** Asked anew for every message that is waited for. */
  readonly limits: () => ReceiveLimits
  /** Learns of every message. What it throws is for {@link onFailure}: the conversation goes on. */
  readonly onRecord: (entry: Hl1Entry) => void
  /** Takes what nobody has foreseen and what must not end the conversation. Must not throw. */
  readonly onFailure: (error: unknown) => void
  /** Gives the conversation up, also a message that is being sent; without it an interruption ends that. */
  readonly signal?: AbortSignal
}

/** How long the peer gets to take a last alert before the connection is closed on it. */
const ALERT_TIMEOUT_MS = 1_000

let recorded = 0

/** Turns a new record into one that a journal keeps, with an identifier that no other has. */
export function journalEntry(record: Hl1Record, connection: Connection): Hl1Entry {
  // What is added comes first: the other way round the engine takes ten times as long.
  return { id: `${record.role}-${++recorded}`, connection, ...record }
}

/** Tells an observer of a record. Never throws. */
export function tellRecord(
  { onRecord, onFailure }: Pick<ConversationOptions, 'onRecord' | 'onFailure'>,
  entry: Hl1Entry,
): void {
  try {
    onRecord(entry)
  } catch (error) {
    onFailure(error)
  }
}

export class Conversation<S extends RoleState> {
  #state: S
  #connection: Connection
  readonly #interruption = new AbortController()
  /** Each aborts when the conversation ends: it is interrupted, or given up. */
  readonly #endings: readonly AbortSignal[]

  constructor(
    state: S,
    readonly options: ConversationOptions,
  ) {
    this.#state = state
    this.#connection = withSuite(options.connection, state.suite)
    const { signal } = this.#interruption
    this.#endings = options.signal ? [options.signal, signal] : [signal]
  }

  get state(): S {
    return this.#state
  }

  /** With its suite, once a message has fixed that. */
  get connection(): Connection {
    return this.#connection
  }

  /** Replaces the state between two messages: for what a role learns or forgets outside the protocol. */
  update(change: (state: S) => S): void {
    this.#state = change(this.#state)
  }

  /**
   * Ends the conversation at the next moment at which it waits: with a refusal of this role's own, of which the peer is told,
   * or because this role leaves (LabError `connection_closed`).
   */
  interrupt(reason: LabError): void {
    this.#interruption.abort(reason)
  }

  /**
   * Waits for the pace, builds a step and sends it; an input that is a function is asked for after the pace.
   * @throws LabError `connection_closed` when the peer does not take the message within the time for a frame
   */
  async build<N extends StepNumber>(
    this: Conversation<StepTypes[N]['builder'] & S>,
    step: N,
    input: StepTypes[N]['input'] | (() => StepTypes[N]['input'] | Promise<StepTypes[N]['input']>),
  ): Promise<void> {
    const { environment, limits, pace, signal = this.#interruption.signal, transport } = this.options
    const departure = await pace(step, () => AbortSignal.any([...this.#endings]))
    try {
      const value = typeof input === 'function' ? await input() : input
      const built = await build(step, this.#state, value, environment)
      // Given up meanwhile: nothing is sent, and no secret gets into a record that nobody expects any more.
      this.#throwIfEnded()
      this.#record(built.record)
      await transport.send(built.frame, limits().frame, signal)
      this.#state = built.state as StepTypes[N]['builder'] & S
    } catch (error) {
      departure?.failed(error)
      throw error
    }
    departure?.sent()
  }

  /**
   * Waits for a step and accepts it; `limits` instead of the conversation's own where a step has its own. `begin` is waited for
   * between the two.
   */
  async accept<N extends StepNumber>(
    this: Conversation<StepTypes[N]['acceptor'] & S>,
    step: N,
    limits: ReceiveLimits = this.options.limits(),
    begin: () => Promise<void> = async () => undefined,
  ): Promise<void> {
    const { environment, transport } = this.options
    const frame = await transport.receive(expectation(this.#state), limits, ...this.#endings)
    await begin()
    const accepted = await accept(step, this.#state, frame, environment)
    this.#throwIfEnded()
    this.#record(accepted.record)
    this.#state = accepted.state as StepTypes[N]['acceptor'] & S
  }

  /**
   * Listens while nothing is asked of the peer, until `enough` aborts. A peer that speaks then has something to say that
   * ends the conversation.
   * @throws ProtocolError the peer's alert, or `unexpected_message`; LabError `connection_closed` when the peer leaves
   */
  async overhear(enough: AbortSignal): Promise<void> {
    const { environment, limits, transport } = this.options
    const { frame: limit } = limits()
    try {
      await transport.arrival(...this.#endings, enough)
    } catch (error) {
      if (enough.aborted && !this.#endings.some(({ aborted }) => aborted)) return
      throw error
    }
    const { suites } = expectation(this.#state)
    const patience = { idle: limit, frame: limit }
    const frame = await transport.receive({ step: 0, suites }, patience, ...this.#endings)
    throw refuseUnasked(this.#state, frame, environment)
  }

  /**
   * Runs a part of the conversation. Where it fails, the failure is recorded, the peer gets the alert unless it was the
   * one who sent it, and the connection is closed.
   * @throws ProtocolError; LabError `connection_closed`; the signal's reason
   */
  async run<T>(part: () => Promise<T>): Promise<T> {
    const { signal, transport } = this.options
    try {
      return await part()
    } catch (error) {
      if (signal?.aborted || (error instanceof LabError && error.code === 'connection_closed')) {
        transport.close()
        throw error
      }
      const step = this.#state.next.act === 'end' ? 0 : this.#state.next.step
      const refusal = asProtocolError(error, step)
      if (refusal.record) this.#record(refusal.record)
      if (refusal.origin === 'local') await this.#sendAlert(refusal)
      transport.close()
      throw refusal
    }
  }

  #throwIfEnded(): void {
    for (const signal of this.#endings) signal.throwIfAborted()
  }

  async #sendAlert(refusal: ProtocolError): Promise<void> {
    const { environment, onFailure, transport } = this.options
    const suite = this.#state.suite ?? refusal.record?.suite
    const { frame, record } = buildAlert({ role: this.#state.role, suite }, refusal.alert, environment)
    this.#record(record)
    try {
      await transport.send(frame, ALERT_TIMEOUT_MS, new AbortController().signal)
    } catch (error) {
      // The peer may be gone already; then there is nobody left to tell.
      if (!isForeseen(error)) onFailure(error)
    }
  }

  #record(record: Hl1Record): void {
    this.#connection = withSuite(this.#connection, record.suite)
    tellRecord(this.options, journalEntry(record, this.#connection))
  }
}

function withSuite(connection: Connection, suite: string | undefined): Connection {
  if (connection.suite !== undefined || suite === undefined) return connection
  const { id, opener, acceptor, from, to } = connection
  return { id, opener, acceptor, from, to, suite }
}
