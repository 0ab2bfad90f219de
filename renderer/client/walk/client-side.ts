/**
 * The client's end of the walk: its connection of the moment, how far that is, and what it leaves behind: records, answers,
 * and without keys what was known last. Walking, it stops before each of its own messages.
 */
import { LabError } from '#shared/errors'
import { isUnsent } from '#shared/hl1/alerts'
import type { Client } from '#shared/hl1/drivers/client'
import { Gates } from '#shared/hl1/drivers/gates'
import type { Environment } from '#shared/hl1/environment'
import { withoutKeys } from '#shared/hl1/forgetting'
import type { ClientState } from '#shared/hl1/state'
import type { StepNumber } from '#shared/hl1/steps'
import type { CallsOf } from '#shared/ipc/contract'
import type { Hl1Entry } from '#shared/hl1/types'
import { forgetSecrets } from '#shared/record/record'
import { CLIENT_RECORDS_KEPT, RecordList } from '#shared/record/record-list'
import type { Settings } from '#shared/settings'
import type { Call } from '../../common/call'
import type { connectClient } from './client-role'
import { SessionEnd } from './session-end'

/** A request that was sent, and its answer once it is there. */
export interface Exchange {
  readonly id: number
  readonly request: string
  readonly answer: string | undefined
  /** Of the session that it was sent in. */
  readonly connection: string | undefined
}

/** What the client's end needs from outside. */
export interface ClientSurroundings {
  /** Asks main. */
  readonly call: Call<CallsOf<'client'>>
  /** Undefined until they were read. */
  readonly settings: () => Settings | undefined
  /** The protocol, with its cryptography, which is wanted when the client connects. */
  readonly loadClient: () => Promise<{ readonly connectClient: typeof connectClient }>
  readonly clock: Pick<Environment, 'monotonic' | 'after'>
  /** The secrets in these of its records are gone. */
  readonly onForgotten: (records: ReadonlySet<string>) => void
}

/** So many requests with their answers are shown, the newest. */
export const EXCHANGES_KEPT = 50
const SERVER_GONE = 'The server has closed the connection: the session is gone.'

export class ClientSide {
  readonly #gates = new Gates(() => this.#look())
  readonly #records = new RecordList<Hl1Entry>(CLIENT_RECORDS_KEPT)
  readonly #earlier = new RecordList<Hl1Entry>(CLIENT_RECORDS_KEPT)
  readonly #end: SessionEnd
  #role: Client | undefined
  /** What was known last on a connection that is gone. */
  #left: ClientState | undefined
  #connection: string | undefined
  #exchanges: readonly Exchange[] = []
  #exchangeCount = 0
  #hadSession = false
  #hasDropped = false
  #stepping = false
  /** Parts of the conversation that have not ended. */
  #parts = 0
  /** How often a connection was left: one that is being made meanwhile is left as well. */
  #leavings = 0
  /** Handshake or exchange, whichever is under way; settles when it has ended, and never rejects. */
  #running: Promise<void> = Promise.resolve()

  /**
   * @param onChange anything that can be seen here is another now
   * @param onFault why a message was not sent, or why the connection has ended
   */
  constructor(
    private readonly around: ClientSurroundings,
    private readonly onChange: () => void,
    private readonly onFault: (error: unknown) => void,
  ) {
    this.#end = new SessionEnd(around.clock, () => this.#forgetOwn())
  }

  /** What the client knows; undefined while it has no connection. */
  get state(): ClientState | undefined {
    return this.#role?.state
  }

  /** As {@link state}, and without keys what it knew last when the connection is gone. */
  get known(): ClientState | undefined {
    return this.state ?? this.#left
  }

  /** The identifier of the connection to the server that the records speak of. */
  get connection(): string | undefined {
    return this.#connection
  }

  /** Records of the client's own messages, oldest first, secrets included. */
  get records(): readonly Hl1Entry[] {
    return this.#records.all
  }

  /** Those of connections before, since {@link forget}; their secrets are gone. */
  get earlier(): readonly Hl1Entry[] {
    return this.#earlier.all
  }

  /** Records since {@link forget} had to go for newer ones. */
  get hasDropped(): boolean {
    return this.#hasDropped || this.#earlier.hasDropped || this.#records.hasDropped
  }

  /** What a run that is saved keeps of it: also what it has recorded on connections before, since {@link forget}. */
  get kept(): {
    readonly records: readonly Hl1Entry[]
    readonly state: ClientState | undefined
    readonly connection: string | undefined
  } {
    const { state, connection } = this
    return { records: [...this.earlier, ...this.records], state, connection }
  }

  get exchanges(): readonly Exchange[] {
    return this.#exchanges
  }

  /** The session's lifetime is over; its key is kept until the client leaves: a request may be sent all the same. */
  get ended(): boolean {
    return this.#end.ended
  }

  /** There is, or was, a session since {@link forget}. */
  get hadSession(): boolean {
    return this.#hadSession
  }

  /** A request was sent, and its answer is not there yet. */
  get awaitsAnswer(): boolean {
    const next = this.state?.next
    return next?.act === 'accept' && next.step === 8
  }

  /** A connection is being made, or a handshake or an exchange is under way. */
  get underWay(): boolean {
    return this.#parts > 0
  }

  /** Resolves when handshake or exchange, whichever is under way, has ended. */
  get over(): Promise<void> {
    return this.#running
  }

  /** Whether each message waits to be released; going on without waiting releases those that wait. */
  setStepping(stepping: boolean): void {
    this.#stepping = stepping
    if (!stepping) this.#gates.releaseAll()
  }

  /**
   * Leaves the connection that there is, makes another, and begins the handshake on it.
   * @throws CallError `no_trust_anchor`, `not_running`, `connection_refused`; LabError `not_ready`, `bad_setting`
   */
  async connect(): Promise<void> {
    this.leave()
    // The list of the connection of the moment begins anew, and with it what it says.
    this.#hasDropped = this.hasDropped
    for (const record of this.records) this.#earlier.add(record)
    this.#change((list) => list.replace([]))
    const leavings = this.#leavings
    this.#parts++
    const role = await this.#makeRole().finally(() => this.#parts--)
    if (leavings !== this.#leavings) {
      role.close()
      throw new LabError('connection_closed', 'The client has left before it was connected.')
    }
    this.#role = role
    this.#connection = role.connection.id
    this.#running = this.#follow(role, role.open())
  }

  /** Begins an exchange; `force` even after the session's end. Does nothing without a connection. */
  ask(request: string, force: boolean): void {
    const role = this.#role
    if (!role) return
    const exchange: Exchange = {
      id: ++this.#exchangeCount,
      request,
      answer: undefined,
      connection: this.#connection,
    }
    const asked = role.request(request, { force }).then((answer) => {
      const others = this.#exchanges.filter(({ id }) => id !== exchange.id)
      this.#exchanges = [{ ...exchange, answer }, ...others].slice(0, EXCHANGES_KEPT)
    })
    this.#running = this.#follow(role, asked)
  }

  /** Resolves when the client stands before a step of its own, or its part has ended. */
  async standsBefore(step: StepNumber): Promise<void> {
    await this.#gates.reached(step, () => this.#connection, this.#running)
  }

  /** Lets a step of the client's own be built, once it is ready to; false when its part has ended before that. */
  async release(step: StepNumber): Promise<boolean> {
    await this.standsBefore(step)
    const connection = this.#connection ?? ''
    if (!this.#gates.has(step, connection)) return false
    // A failure ends the part that it is of, which says why.
    void this.#gates.release(step, connection)
    return true
  }

  /** Leaves the server, for whatever reason there is to tell; the keys go. */
  leave(reason?: unknown): void {
    this.#leavings++
    if (reason !== undefined) this.onFault(reason)
    if (!this.#role) return
    this.#left = withoutKeys(this.#role.state)
    this.#role.close()
    this.#role = undefined
    this.#look()
    this.#forgetOwn()
  }

  /** Nothing is left of what was. */
  forget(): void {
    this.leave()
    this.#left = undefined
    this.#connection = undefined
    this.#exchanges = []
    this.#hadSession = false
    this.#hasDropped = false
    this.#earlier.replace([])
    this.#change((list) => list.replace([]))
  }

  /** The window's part is gone. */
  close(): void {
    this.#end.close()
  }

  async #makeRole(): Promise<Client> {
    const { call, clock, loadClient, settings } = this.around
    const { connectClient } = await loadClient()
    const role = await connectClient({
      call,
      lifetimes: clock,
      settings: () => {
        const known = settings()
        if (!known) throw new LabError('not_ready', 'The settings have not been read yet.')
        return known
      },
      stepping: () => this.#stepping,
      pace: async (step, connection, ending) => {
        if (this.#stepping) return this.#gates.wait(step, connection, ending())
      },
      onRecord: (entry) => this.#change((list) => list.add(entry)),
      onFarewell: (error) => {
        if (this.#role !== role) return
        const isGone = error instanceof LabError && error.code === 'connection_closed'
        this.leave(isGone ? new LabError('connection_closed', SERVER_GONE) : error)
      },
    })
    return role
  }

  /** Waits for a part of the conversation. A failure ends the connection, but for a refusal of this side's own to send. */
  async #follow(role: Client, part: Promise<unknown>): Promise<void> {
    this.#parts++
    try {
      await part
    } catch (error) {
      if (this.#role !== role) return
      if (isUnsent(error)) this.onFault(error)
      else this.leave(error)
    } finally {
      this.#parts--
      this.#look()
    }
  }

  /** Forgets the keys that the client's own records hold. */
  #forgetOwn(): void {
    this.#change((list) => list.change(forgetSecrets))
    this.around.onForgotten(new Set(this.records.map(({ id }) => id)))
  }

  #change(change: (list: RecordList<Hl1Entry>) => void): void {
    change(this.#records)
    this.#look()
  }

  #look(): void {
    const session = this.state?.session
    if (session) this.#hadSession = true
    this.#end.follow(session)
    this.onChange()
  }
}
