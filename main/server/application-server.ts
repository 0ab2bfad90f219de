/** The application server: listens on TCP, registers with the authority (steps 1, 2) and serves clients (steps 3 to 8). */
import { fromHex } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import { LabError } from '#shared/errors'
import type { ListenerStatus } from '#shared/lab'
import type { Alert } from '#shared/hl1/alerts'
import { register, startRegistration } from '#shared/hl1/drivers/registration'
import { serveClient, startServing } from '#shared/hl1/drivers/session'
import { answerRequest } from '#shared/hl1/requests'
import type { Endpoint, ServerCredentials, ServerState } from '#shared/hl1/state'
import type { SuiteName } from '#shared/hl1/suites'
import { busyAlert, failConnection, converse, turnAway, type RoleContext } from '../net/converse'
import { Listener } from '../net/listener'
import { connect, type Connection } from '../net/socket-pipe'
import { SessionList } from './session-list'

/** What the server needs to know of the settings; ages and lifetimes in seconds. Read anew for every connection. */
export interface ServerSettings {
  readonly serverPort: number
  readonly authorityPort: number
  readonly serverIdentity: string
  readonly suite: SuiteName
  readonly rsaBits: RsaBits
  readonly maxAge: number
  readonly lifetime: number
  readonly bootstrapKey: string
  readonly enforceAddress: boolean
  readonly idleLimit: number
  readonly maxConnections: number
}

export interface ServerOptions extends RoleContext {
  readonly settings: () => ServerSettings
  /** Something that the server shows has changed. */
  readonly onChange: () => void
  /** The keys of a connection to a client are forgotten: its session has ended, or the connection has. */
  readonly onKeysForgotten?: (connection: string) => void
}

const UNREGISTERED: Alert = {
  code: 'internal_error',
  step: 3,
  message: 'The server has no certificate yet: it has to register with the authority first.',
}

export class ApplicationServer {
  readonly sessions: SessionList
  #status: ListenerStatus = 'stopped'
  #starting: Promise<void> | undefined
  #credentials: ServerCredentials | undefined
  #registering: AbortController | undefined
  /** Ends each session that still lives, by its identifier. */
  readonly #endings = new Map<string, () => void>()
  readonly #listener: Listener

  constructor(private readonly options: ServerOptions) {
    this.sessions = new SessionList(options.environment, options.onChange)
    this.#listener = new Listener({
      serve: async (connection, signal) => this.#serve(connection, signal),
      refuse: (connection) => turnAway(connection, 'server', busyAlert(3), options),
      fail: (connection, error) => failConnection(connection, 'server', { step: 3, error }, options),
      maxConnections: () => options.settings().maxConnections,
      onCount: options.onChange,
      reservedPorts: () => [options.settings().authorityPort],
    })
  }

  get status(): ListenerStatus {
    return this.#status
  }

  get address(): Endpoint | undefined {
    return this.#listener.address
  }

  get connections(): number {
    return this.#listener.connections
  }

  /** Key pair and both certificates, once it is registered. */
  get credentials(): ServerCredentials | undefined {
    return this.#credentials
  }

  get registering(): boolean {
    return this.#registering !== undefined
  }

  /** @throws PortInUseError; LabError `listen_failed`, `already_running` */
  async start(port = this.options.settings().serverPort): Promise<void> {
    if (this.#status !== 'stopped') throw new LabError('already_running', 'The server is running already.')
    this.#starting = this.#start(port)
    await this.#starting
  }

  /**
   * Listens at another port, with the same key and certificate; sessions end with their connections.
   * @throws PortInUseError; LabError `listen_failed`, `not_running`: then everything is as before
   */
  async move(port: number): Promise<void> {
    this.#requireRunning()
    await this.#listener.move(port)
    this.options.onChange()
  }

  /**
   * Ends a session before its time: the client gets the alert `session_expired`, the keys are forgotten.
   * @throws LabError `unknown_session` when there is none of that name, or it has ended already
   */
  endSession(id: string): void {
    const end = this.#endings.get(id)
    if (!end) throw new LabError('unknown_session', 'This session has ended already.')
    end()
  }

  /** Stops listening, ends every session, and forgets the private key. One that is starting is let finish first. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined)
    if (this.#status !== 'running') return
    this.#become('stopping')
    this.cancelRegistration()
    await this.#listener.stop()
    this.#credentials = undefined
    this.sessions.clear()
    this.#become('stopped')
  }

  /**
   * Registers: one connection to the authority, steps 1 and 2. Credentials of an earlier registration stay until the new
   * ones have passed every check. `onConnected` learns the server's end of the connection before anything is sent.
   * @throws ProtocolError; LabError `not_running`, `already_registering`, `connection_refused`, `connection_closed`
   */
  async register(
    authority: Endpoint,
    trustAnchor: Certificate,
    onConnected: (local: Endpoint) => void = () => undefined,
  ): Promise<void> {
    this.#requireRunning()
    if (this.#registering) throw new LabError('already_registering', 'A registration is under way already.')
    const { settings } = this.options
    const { suite, serverIdentity: idS, rsaBits, maxAge } = settings()
    const abort = new AbortController()
    this.#registering = abort
    this.options.onChange()
    try {
      const connection = await connect(authority, abort.signal)
      onConnected(connection.local)
      const state = startRegistration({ suite, idS, trustAnchor, rsaBits, maxAge })
      const idleSeconds = (): number => settings().idleLimit
      const conversation = converse(state, connection, connection.local, this.options, {
        idleSeconds,
        signal: abort.signal,
      })
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

  #requireRunning(): void {
    if (this.#status !== 'running')
      throw new LabError('not_running', 'The server is not running: start it first.')
  }

  async #start(port: number): Promise<void> {
    this.#become('starting')
    try {
      await this.#listener.start(port)
      this.#become('running')
    } catch (error) {
      this.#become('stopped')
      throw error
    }
  }

  #become(status: ListenerStatus): void {
    this.#status = status
    this.options.onChange()
  }

  #newState(credentials: ServerCredentials, peer: Endpoint): ServerState {
    const { bootstrapKey, enforceAddress, maxAge } = this.options.settings()
    const kBoot = fromHex(bootstrapKey)
    if (!kBoot) throw new LabError('bad_setting', 'The bootstrap key is not hex.')
    return startServing({ credentials, kBoot, enforceAddress, maxAge, peer })
  }

  async #serve(connection: Connection, signal: AbortSignal): Promise<void> {
    const { environment, settings } = this.options
    if (!this.#credentials) return turnAway(connection, 'server', UNREGISTERED, this.options)
    const state = this.#newState(this.#credentials, connection.peer)
    const idleSeconds = (): number => settings().idleLimit
    const conversation = converse(state, connection, connection.peer, this.options, { idleSeconds, signal })
    let id: string | undefined
    try {
      await serveClient(conversation, {
        lifetime: () => settings().lifetime,
        onSession: (session, end) => {
          id = this.sessions.add(session, connection.peer, conversation.state.suite ?? settings().suite)
          this.#endings.set(id, end)
        },
        onSessionEnd: (how) => {
          if (id === undefined) return
          this.#endings.delete(id)
          this.sessions.end(id, how)
          this.options.onKeysForgotten?.(conversation.options.connection)
        },
        answer: (request, session) => {
          if (id !== undefined) this.sessions.countRequest(id)
          const age = (environment.monotonic() - session.startedMonotonic) / 1000
          return answerRequest(request, { ...environment, ...connection.peer, idC: session.idC, age })
        },
      })
    } finally {
      if (id !== undefined) this.sessions.disconnect(id)
      this.options.onKeysForgotten?.(conversation.options.connection)
    }
  }
}
