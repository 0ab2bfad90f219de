/** The certificate authority: listens on TCP, makes its own key and certificate, and answers step 1 with step 2. */
import { LabError } from '#shared/errors'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { issueAuthorityCertificate, serialFrom, validFor } from '#shared/crypto/pki/issue'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import { issueCertificate, startIssuing } from '#shared/hl1/drivers/registration'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import type { AuthorityCredentials, AuthorityState, Endpoint } from '#shared/hl1/state'
import type { ListenerStatus } from '#shared/lab'
import { busyAlert, failConnection, converse, turnAway, type RoleContext } from '../net/converse'
import { Listener } from '../net/listener'
import type { Connection } from '../net/socket-pipe'

/** What the authority needs to know of the settings; ages in seconds. Read anew for every start and connection. */
export interface AuthoritySettings {
  readonly authorityPort: number
  readonly serverPort: number
  readonly authorityIdentity: string
  readonly rsaBits: RsaBits
  readonly validityDays: number
  readonly maxAge: number
  readonly idleLimit: number
  readonly maxConnections: number
}

export interface IssuedCertificate {
  readonly at: number
  readonly certificate: Certificate
}

export interface AuthorityOptions extends RoleContext {
  readonly settings: () => AuthoritySettings
  /** Something that the authority shows has changed. */
  readonly onChange: () => void
}

/** How many issued certificates are kept to be shown. */
const ISSUED_KEPT = 1_000

export class Authority {
  #status: ListenerStatus = 'stopped'
  #starting: Promise<void> | undefined
  #credentials: AuthorityCredentials | undefined
  #certificate: Certificate | undefined
  #issued: readonly IssuedCertificate[] = []
  /** Requests of suite `modern` that this key has opened; a new key opens none of them. */
  #memory = new ReplayMemory()
  readonly #listener: Listener

  constructor(private readonly options: AuthorityOptions) {
    this.#listener = new Listener({
      serve: async (connection, signal) => this.#serve(connection, signal),
      refuse: (connection) => turnAway(connection, 'authority', busyAlert(1), options),
      fail: (connection, error) => failConnection(connection, 'authority', { step: 1, error }, options),
      maxConnections: () => options.settings().maxConnections,
      onCount: options.onChange,
      reservedPorts: () => [options.settings().serverPort],
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

  /** Key pair and certificate; only while it runs. */
  get credentials(): AuthorityCredentials | undefined {
    return this.#credentials
  }

  /** The certificate of the authority that ran last: the trust anchor, which outlives a stop. */
  get certificate(): Certificate | undefined {
    return this.#certificate
  }

  /** What it has issued since it started, oldest first. */
  get issued(): readonly IssuedCertificate[] {
    return this.#issued
  }

  /**
   * Takes the port first, so that a failure costs no key, then makes key pair and certificate.
   * @throws PortInUseError; LabError `listen_failed`, `already_running`
   */
  async start(port = this.options.settings().authorityPort): Promise<void> {
    if (this.#status !== 'stopped') throw new LabError('already_running', 'The authority is running already.')
    this.#starting = this.#start(port)
    await this.#starting
  }

  /**
   * Listens at another port, with the same key; connections that are open end.
   * @throws PortInUseError; LabError `listen_failed`, `not_running`: then everything is as before
   */
  async move(port: number): Promise<void> {
    this.#requireRunning()
    await this.#listener.move(port)
    this.options.onChange()
  }

  /** Stops listening and forgets the private key. One that is starting is let finish first. */
  async stop(): Promise<void> {
    await this.#starting?.catch(() => undefined)
    if (this.#status !== 'running') return
    this.#become('stopping')
    await this.#listener.stop()
    this.#credentials = undefined
    this.#become('stopped')
  }

  /** Becomes a new authority with a new key at the same address; what the old one signed no longer verifies. */
  async renew(): Promise<void> {
    this.#requireRunning()
    const credentials = await this.#makeCredentials()
    if ((this.#status as ListenerStatus) !== 'running')
      throw new LabError('not_running', 'The authority was stopped meanwhile.')
    this.#accept(credentials)
    this.options.onChange()
  }

  #requireRunning(): void {
    if (this.#status !== 'running')
      throw new LabError('not_running', 'The authority is not running: start it first.')
  }

  async #start(port: number): Promise<void> {
    this.#become('starting')
    try {
      const credentials = this.#makeCredentials()
      credentials.catch(() => undefined)
      await this.#listener.start(port)
      this.#accept(await credentials)
      this.#become('running')
    } catch (error) {
      await this.#listener.stop()
      this.#become('stopped')
      throw error
    }
  }

  async #makeCredentials(): Promise<AuthorityCredentials> {
    const { environment, settings } = this.options
    const { authorityIdentity: identity, rsaBits, validityDays } = settings()
    const keyPair = await environment.crypto.generateRsaKeyPair(rsaBits)
    const serial = serialFrom(environment.random(16))
    const validity = validFor(validityDays, environment.now())
    const certificate = await issueAuthorityCertificate(
      keyPair,
      { identity, serial, validity },
      environment.crypto,
    )
    return { identity, keyPair, certificate }
  }

  #accept(credentials: AuthorityCredentials): void {
    this.#credentials = credentials
    this.#certificate = credentials.certificate
    this.#issued = []
    this.#memory = new ReplayMemory()
  }

  #become(status: ListenerStatus): void {
    this.#status = status
    this.options.onChange()
  }

  #newState(): AuthorityState {
    const { rsaBits, validityDays, maxAge } = this.options.settings()
    const credentials = this.#credentials
    if (!credentials) throw new LabError('not_running', 'The authority has no key yet.')
    return startIssuing({ credentials, policy: { rsaBits, validityDays }, memory: this.#memory, maxAge })
  }

  async #serve(connection: Connection, signal: AbortSignal): Promise<void> {
    const idleSeconds = (): number => this.options.settings().idleLimit
    // The port is open before the key is there: who comes in between waits for it.
    await this.#starting
    const state = this.#newState()
    const conversation = converse(state, connection, connection.peer, this.options, { idleSeconds, signal })
    await issueCertificate(conversation, (certificate) => {
      // One that an authority before a renewal has issued is not this one's.
      if (state.credentials !== this.#credentials) return
      this.#issued = [...this.#issued, { at: this.options.environment.now(), certificate }].slice(
        -ISSUED_KEPT,
      )
      this.options.onChange()
    })
  }
}
