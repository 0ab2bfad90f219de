/** What authority and server have in common: a role that listens on TCP, is started, moved and stopped. */
import { LabError } from '#shared/errors'
import type { ListenerStatus } from '#shared/lab'
import type { Endpoint } from '#shared/record/connection'
import { SUITE_BYTES } from '#shared/hl1/suites'
import { perObject } from '#shared/remember'
import { unlessAborted } from '#shared/unless-aborted'
import type { OpenConnection } from './connections'
import { TERMINAL_LOG } from '../log/log'
import { busyAlert, tellOfFailure, turnAway, type RoleContext } from './converse'
import { Listener } from './listener'
import type { Place } from './places'
import type { OpenSocket } from './socket-pipe'

/** What listening needs to know of the settings; read anew every time. */
export interface ListeningSettings {
  readonly authorityPort: number
  readonly serverPort: number
  readonly maxConnections: number
}

export interface ListeningOptions<S extends ListeningSettings> extends RoleContext {
  readonly settings: () => S
  /** Something that the role shows has changed. */
  readonly onChange: () => void
}

/** The two roles that listen: their ports' settings, and the step that a connection begins with. */
const ROLES = {
  authority: { port: 'authorityPort', reserved: 'serverPort', firstStep: 1 },
  server: { port: 'serverPort', reserved: 'authorityPort', firstStep: 3 },
} as const

export abstract class ListeningRole<S extends ListeningSettings> {
  readonly #listener: Listener
  #status: ListenerStatus = 'stopped'
  #starting: Promise<void> | undefined
  /** Gives up a start that is under way. */
  #startGivenUp = new AbortController()

  constructor(
    protected readonly options: ListeningOptions<S>,
    private readonly role: keyof typeof ROLES,
  ) {
    const { settings, onChange, environment, connections } = options
    const { firstStep, reserved } = ROLES[role]
    // Each is found once; it is asked for where the connection comes in, and where it is served.
    const connectionOf = perObject((socket: OpenSocket) => connections.accept(socket, role))
    this.#listener = new Listener({
      timers: environment,
      first: { step: firstStep, suites: SUITE_BYTES },
      isOwn: (socket) => connectionOf(socket).opener !== undefined,
      serve: async (socket, signal, place) => {
        const connection = connectionOf(socket)
        // The port may be open before the role is ready: who comes in between waits for it.
        try {
          await this.#starting
          await this.serve({ socket, connection }, signal, place)
        } catch (error) {
          await tellOfFailure({ socket, connection }, role, { step: firstStep, error }, options)
          throw error
        }
      },
      refuse: (socket) =>
        turnAway({ socket, connection: connectionOf(socket) }, role, busyAlert(firstStep), options),
      fail: (error) =>
        (options.log ?? TERMINAL_LOG).failed(`While the ${role} took or served a connection.`, error),
      maxConnections: () => settings().maxConnections,
      onCount: onChange,
      reservedPorts: () => [settings()[reserved]],
    })
  }

  get status(): ListenerStatus {
    return this.#status
  }

  /** Where it listens; undefined while it doesn't. */
  get address(): Endpoint | undefined {
    return this.#listener.address
  }

  /** How many are open. */
  get connections(): number {
    return this.#listener.connections
  }

  /**
   * Starts listening; port 0 takes any free one.
   * @throws LabError `port_in_use`, `listen_failed`, `already_running`; `cancelled` where it was given up by {@link stop}
   */
  async start(port = this.options.settings()[ROLES[this.role].port]): Promise<void> {
    if (this.#status !== 'stopped')
      throw new LabError('already_running', `The ${this.role} is running already.`)
    this.#starting = this.#start(port)
    await this.#starting
  }

  /**
   * Listens at another port, with everything that it has; connections that are open end.
   * @throws LabError `port_in_use`, `listen_failed`, `not_running`: then everything is as before
   */
  async move(port: number): Promise<void> {
    this.requireRunning()
    await this.#listener.move(port)
    this.options.onChange()
  }

  /** Stops listening, ends every connection, and forgets what it knows. A start that is under way is given up. */
  async stop(): Promise<void> {
    this.#startGivenUp.abort(new LabError('cancelled', `The start of the ${this.role} was cancelled.`))
    await this.#starting?.catch(() => undefined)
    if (this.#status !== 'running') return
    this.#become('stopping')
    this.leave()
    await this.#listener.stop()
    this.forget()
    this.#become('stopped')
  }

  /** Serves one connection until it ends. */
  protected abstract serve(open: OpenConnection, signal: AbortSignal, place: Place): Promise<void>

  /**
   * Begins what it takes besides the port, at the same time as that; the result is awaited once there is a port, and what
   * that gives puts it all in place.
   */
  protected prepare(): Promise<() => void> {
    return Promise.resolve(() => undefined)
  }

  /** Gives up what it has under way elsewhere. */
  protected leave(): void {}

  /** Forgets its keys, and what it has shown of its connections. */
  protected abstract forget(): void

  /** @throws LabError `not_running` */
  protected requireRunning(): void {
    if (this.#status !== 'running')
      throw new LabError('not_running', `The ${this.role} is not running: start it first.`)
  }

  async #start(port: number): Promise<void> {
    this.#startGivenUp = new AbortController()
    const { signal } = this.#startGivenUp
    this.#become('starting')
    try {
      const prepared = this.prepare()
      prepared.catch(() => undefined)
      await this.#listener.start(port)
      const putInPlace = await unlessAborted(prepared, signal)
      putInPlace()
      this.#become('running')
    } catch (error) {
      await this.#listener.stop()
      this.#become('stopped')
      throw error
    }
  }

  #become(status: ListenerStatus): void {
    this.#status = status
    this.options.onChange()
  }
}
