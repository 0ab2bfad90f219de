/** The application server: listens on TCP, registers with the authority (steps 1, 2) and serves clients (steps 3 to 8). */
import { fromHex } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import { LabError } from '#shared/errors'
import type { Alert } from '#shared/hl1/alerts'
import { register, startRegistration } from '#shared/hl1/drivers/registration'
import { lifetimeClock } from '#shared/hl1/environment'
import { serveClient, startServing } from '#shared/hl1/drivers/session'
import { answerRequest, bytesAskedFor } from '#shared/hl1/requests'
import type { ServerCredentials, ServerState } from '#shared/hl1/state'
import type { Conversation } from '#shared/hl1/drivers/conversation'
import type { SuiteName } from '#shared/hl1/suites'
import type { Connection, Endpoint } from '#shared/record/connection'
import { BYTES_PER_TURN, nextTurn } from '#shared/turn'
import type { OpenConnection } from '../net/connections'
import { converse, turnAway } from '../net/converse'
import type { Place } from '../net/places'
import { ListeningRole, type ListeningOptions, type ListeningSettings } from '../net/listening-role'
import { SessionList, type SessionClock } from './session-list'

/** What the server needs to know of the settings; ages and lifetimes in seconds. Read anew for every connection. */
export interface ServerSettings extends ListeningSettings {
  readonly serverIdentity: string
  readonly suite: SuiteName
  readonly rsaBits: RsaBits
  readonly maxAge: number
  readonly lifetime: number
  readonly bootstrapKey: string
  readonly enforceAddress: boolean
  readonly idleLimit: number
}

export interface ServerOptions extends ListeningOptions<ServerSettings> {
  /** The keys of a connection to a client are forgotten: its session has ended, or the connection has. */
  readonly onKeysForgotten?: (connection: Connection) => void
  /** What sessions with this app's own client are measured with; nobody stops the clock of another program's session. */
  readonly ownSessions?: SessionClock
}

const UNREGISTERED: Alert = {
  code: 'internal_error',
  step: 3,
  message: 'The server has no certificate yet: it has to register with the authority first.',
}

const TO_AUTHORITY = { opener: 'server', acceptor: 'authority' } as const

export class ApplicationServer extends ListeningRole<ServerSettings> {
  readonly sessions: SessionList
  #credentials: ServerCredentials | undefined
  #registering: AbortController | undefined
  /** Ends each session that still lives, by its connection. */
  readonly #endings = new Map<string, () => void>()
  /** Conversations with clients that are open, by their connections. */
  readonly #conversations = new Map<string, Conversation<ServerState>>()
  readonly #onKeysForgotten: (connection: Connection) => void
  readonly #ownSessions: SessionClock | undefined

  constructor(options: ServerOptions) {
    super(options, 'server')
    this.sessions = new SessionList(options.environment, options.onChange)
    this.#onKeysForgotten = options.onKeysForgotten ?? (() => undefined)
    this.#ownSessions = options.ownSessions
  }

  /** Key pair and both certificates, once it is registered. */
  get credentials(): ServerCredentials | undefined {
    return this.#credentials
  }

  /** What it knows of each client's connection that is open, keys and all. */
  get states(): readonly { readonly connection: Connection; readonly state: ServerState }[] {
    return [...this.#conversations.values()].map(({ connection, state }) => ({ connection, state }))
  }

  get registering(): boolean {
    return this.#registering !== undefined
  }

  /**
   * Ends a session before its time: the client gets the alert `session_expired`, the keys are forgotten.
   * @param connection the identifier of its connection
   * @throws LabError `unknown_session` when there is none, or it has ended already
   */
  endSession(connection: string): void {
    const end = this.#endings.get(connection)
    if (!end) throw new LabError('unknown_session', 'This session has ended already.')
    end()
  }

  /**
   * Registers: one connection to the authority, steps 1 and 2. Credentials of an earlier registration stay until the new
   * ones have passed every check. `onOpened` learns of the connection before anything is sent.
   * @param authority where to connect to: the authority, or whoever relays to it
   * @throws ProtocolError; LabError `not_running`, `already_registering`, `connection_refused`, `connection_closed`
   */
  async register(
    authority: Endpoint,
    trustAnchor: Certificate,
    onOpened: (connection: Connection) => void = () => undefined,
  ): Promise<void> {
    this.requireRunning()
    if (this.#registering) throw new LabError('already_registering', 'A registration is under way already.')
    const { settings, connections, environment } = this.options
    const { suite, serverIdentity: idS, rsaBits, maxAge } = settings()
    const abort = new AbortController()
    this.#registering = abort
    this.options.onChange()
    try {
      const opened = await connections.open(authority, TO_AUTHORITY, environment, abort.signal)
      onOpened(opened.connection)
      const state = startRegistration({ suite, idS, trustAnchor, rsaBits, maxAge })
      const idleSeconds = (): number => settings().idleLimit
      const conversation = converse(state, opened, this.options, { idleSeconds, signal: abort.signal })
      this.#credentials = await register(conversation)
    } finally {
      this.#registering = undefined
      this.options.onChange()
    }
  }

  /** Gives up a registration that is under way. */
  cancelRegistration(): void {
    this.#registering?.abort(new LabError('cancelled', 'The registration was cancelled.'))
  }

  protected override leave(): void {
    this.cancelRegistration()
  }

  protected override forget(): void {
    this.#credentials = undefined
    this.sessions.clear()
  }

  #newState(credentials: ServerCredentials, peer: Endpoint): ServerState {
    const { bootstrapKey, enforceAddress, maxAge } = this.options.settings()
    const kBoot = fromHex(bootstrapKey)
    if (!kBoot) throw new LabError('bad_setting', 'The bootstrap key is not hex.')
    return startServing({ credentials, kBoot, enforceAddress, maxAge, peer })
  }

  protected override async serve(open: OpenConnection, signal: AbortSignal, place: Place): Promise<void> {
    const { settings } = this.options
    if (!this.#credentials) return turnAway(open, 'server', UNREGISTERED, this.options)
    const { peer } = open.socket
    const { id, opener } = open.connection
    const lifetimes = opener === 'client' ? this.#ownSessions : undefined
    const environment = lifetimes ? { ...this.options.environment, lifetimes } : this.options.environment
    const { monotonic } = lifetimeClock(environment)
    const state = this.#newState(this.#credentials, peer)
    const idleSeconds = (): number => settings().idleLimit
    const context = { ...this.options, environment }
    const conversation = converse(state, open, context, { idleSeconds, signal, place })
    this.#conversations.set(id, conversation)
    try {
      await serveClient(conversation, {
        lifetime: () => settings().lifetime,
        onSession: (session, end) => {
          place.settle()
          this.sessions.add(id, session, peer, conversation.state.suite ?? settings().suite, lifetimes)
          this.#endings.set(id, end)
        },
        onSessionEnd: (how) => {
          place.unsettle()
          this.#endings.delete(id)
          this.sessions.end(id, how)
          this.#onKeysForgotten(conversation.connection)
        },
        answer: async (request, session) => {
          this.sessions.countRequest(id)
          if ((bytesAskedFor(request) ?? 0) > BYTES_PER_TURN) await nextTurn()
          const age = (monotonic() - session.startedMonotonic) / 1000
          return answerRequest(request, { ...environment, ...peer, idC: session.idC, age })
        },
      })
    } finally {
      this.#conversations.delete(id)
      this.sessions.disconnect(id)
      this.#onKeysForgotten(conversation.connection)
    }
  }
}
