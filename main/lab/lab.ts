/** The lab in the main process: authority, server, their records, and the walk. Plain Node: windows only look at it. */
import type { Bytes } from '#shared/bytes'
import { LabError, toFault, type Fault } from '#shared/errors'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { RsaPrivateKey } from '#shared/crypto/primitives/rsa'
import type { RegistrationStatus, WalkView } from '#shared/lab'
import { oneAhead } from '#shared/ahead'
import type { Environment } from '#shared/hl1/environment'
import type { ServerCredentials } from '#shared/hl1/state'
import { suitesServedWith } from '#shared/hl1/served-suites'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Connection } from '#shared/record/connection'
import type { Settings } from '#shared/settings'
import type { Authority } from '../authority/authority'
import type { JudgeRequest } from '../authority/judge-request'
import { ListServer } from '../authority/list-server'
import type { ApplicationServer } from '../server/application-server'
import { TERMINAL_LOG, type Log } from '../log/log'
import { mainEnvironment } from './environment'
import type { Hub } from './events'
import { Journal } from './journal'
import { KeyPool } from './key-pool'
import { OwnSessions } from './own-sessions'
import { Roles, type Routes } from './roles'
import { Walk } from './walk'

export interface LabOptions {
  readonly settings: () => Settings
  /** What happens in the lab is told here: `changed`, `recorded`, `forgotten`, `trusted`. */
  readonly hub: Hub
  /** Takes what nobody has foreseen; the terminal unless given. */
  readonly log?: Pick<Log, 'failed'>
  /** The real clocks unless given. */
  readonly environment?: Environment
  readonly routes?: () => Routes
  /** Judges requests from files for the authority; without it none are taken. */
  readonly judgeRequest?: JudgeRequest
  /** Whether receivers on a connection wait as long as it takes; undefined where nobody stands in its middle. */
  readonly patience?: (connection: Connection) => boolean | undefined
}

/** A registration that has gone well: what it brought, and what it was made with. */
interface Registration {
  readonly credentials: ServerCredentials
  /** The authority's certificate that the credentials were checked against. */
  readonly trustAnchor: Certificate
  readonly suite: SuiteName
}

/** Faults of the server that a running authority takes the ground from. */
const FOR_WANT_OF_AN_AUTHORITY = new Set(['not_running', 'connection_refused', 'connection_closed'])

export class Lab {
  readonly authority: Authority
  readonly server: ApplicationServer
  readonly journal: Journal
  readonly walk: Walk
  /** The three roles, as one thing. */
  readonly roles: Roles
  readonly #keys: KeyPool
  readonly #ownSessions: OwnSessions
  readonly #lists: ListServer
  /** The revocation list that was told of last. */
  #listed: Bytes | undefined
  #servingList: Promise<void> = Promise.resolve()
  authorityFault: Fault | undefined
  /** Why the revocation list is not handed out where the settings say that it is. */
  listFault: Fault | undefined
  serverFault: Fault | undefined
  /** The server registered after the walk began. */
  #walkRegistered = false
  #registeredWith: Registration | undefined
  #registration: Promise<void> = Promise.resolve()
  /** The connection of a registration that the walk has begun. */
  #walkConnection: Connection | undefined
  /** The last record from before the walk began. */
  #walkBegan: string | undefined
  /** Views of the walk that were made. */
  #walkViews = 0
  #cancellations = 0
  #startingAuthority: Promise<void> | undefined
  #startingServer: Promise<void> = Promise.resolve()

  constructor(private readonly options: LabOptions) {
    const { settings, hub, routes, judgeRequest } = options
    const environment = options.environment ?? mainEnvironment
    this.#ownSessions = new OwnSessions(environment, () => this.server.sessions)
    this.#keys = new KeyPool(environment.crypto.generateRsaKeyPair, environment)
    this.journal = new Journal({
      onAdded: (entry) => hub.tell('recorded', entry),
      onForgotten: (whose) => hub.tell('forgotten', whose),
      onDropped: () => this.#changed(),
    })
    this.walk = new Walk(() => this.#changed())
    this.#lists = new ListServer({
      list: () => this.authority.revocations?.list.der,
      fail: (error) =>
        (options.log ?? TERMINAL_LOG).failed('While the revocation list was handed out.', error),
      reserved: () => [settings().authorityPort, settings().serverPort],
    })
    this.roles = new Roles({
      settings,
      environment: {
        ...environment,
        crypto: {
          ...environment.crypto,
          generateRsaKeyPair: (bits) => this.#keys.take(bits),
          makeKeyShare: oneAhead(environment.crypto.makeKeyShare),
        },
      },
      ...(routes ? { routes } : {}),
      ...(judgeRequest ? { judgeRequest } : {}),
      listAt: () => this.#lists.url,
      onRecord: (entry) => this.journal.add(entry),
      ...(options.log ? { log: options.log } : {}),
      paceFor: (connection) => {
        const { pace, stepping } = this.walk.paceFor(connection)
        return { pace, stepping: () => this.patienceOf(connection) ?? stepping() }
      },
      ownSessions: this.#ownSessions.clock,
      onChange: () => this.#changed(),
      onKeysForgotten: (connection) => this.journal.forgetSecrets({ role: 'server', connection }),
    })
    this.authority = this.roles.authority
    this.server = this.roles.server
  }

  /** Whether receivers on a connection wait as long as it takes; undefined where nobody stands in its middle. */
  patienceOf(connection: Connection): boolean | undefined {
    return this.options.patience?.(connection)
  }

  /** Where the authority's revocation list is handed out; undefined while it is not. */
  get listAt(): string | undefined {
    return this.#lists.url
  }

  /**
   * Hands the revocation list out as the settings say, while the authority runs. That it can't is no fault of the authority's:
   * it goes on, and its certificates name no address.
   */
  serveList(isStarting = false): Promise<void> {
    const served = this.#servingList.then(() => this.#serveList(isStarting))
    this.#servingList = served.catch(() => undefined)
    return served
  }

  /** Hands it out no more where its port is wanted for somebody else. */
  async freeListPort(wanted: readonly number[]): Promise<void> {
    await this.#servingList
    if (this.#lists.port !== undefined && wanted.includes(this.#lists.port)) await this.#lists.stop()
  }

  async #serveList(isStarting: boolean): Promise<void> {
    const { namesList, listPort } = this.options.settings()
    const isWanted = namesList && (isStarting || this.authority.status === 'running')
    const port = this.#lists.port
    if (isWanted && port !== undefined && (listPort === 0 || listPort === port)) return
    this.listFault = undefined
    await this.#lists.stop()
    try {
      if (isWanted) await this.#lists.start(listPort)
    } catch (error) {
      this.listFault = toFault(error)
    }
    this.#changed()
  }

  /** How far the server's registration is. */
  get registration(): RegistrationStatus {
    if (this.server.registering) return 'under_way'
    if (!this.server.credentials) return 'none'
    return this.outdated === undefined ? 'registered' : 'outdated'
  }

  /** Why the server's registration is no longer what the lab and its settings call for; undefined while it is. */
  get outdated(): string | undefined {
    const { credentials } = this.server
    if (!credentials) return undefined
    const { serverIdentity, suite } = this.options.settings()
    const registered = this.#current
    if (registered?.trustAnchor !== this.authority.certificate)
      return 'The certificate is from an earlier authority.'
    if (credentials.identity !== serverIdentity)
      return `The certificate is for ${credentials.identity}, and the server’s name is ${serverIdentity} now.`
    if (!suitesServedWith(credentials).includes(suite))
      return `The registration was made in suite modern, which brings no Cert_S, and the suite is ${SUITES[suite].name} now.`
    return undefined
  }

  /** The authority certificate that the server's credentials were checked against. */
  get serverTrustAnchor(): Certificate | undefined {
    return this.#current?.trustAnchor
  }

  /** What is known of the registration that has brought the server's present credentials. */
  get #current(): Registration | undefined {
    return this.#registeredWith?.credentials === this.server.credentials ? this.#registeredWith : undefined
  }

  /** Of steps 1 and 2, how many are done since the walk began. */
  get registered(): 0 | 1 | 2 {
    if (this.#walkConnection && this.walk.gates.has(2, this.#walkConnection.id)) return 1
    // A server that has registered in `classic` serves `modern` too; but the steps of a walk are those of one suite.
    const isOfThisSuite = this.#current?.suite === this.options.settings().suite
    return this.#walkRegistered && isOfThisSuite && this.registration === 'registered' ? 2 : 0
  }

  /** Where the walk stands now. */
  get walkView(): WalkView {
    return {
      version: ++this.#walkViews,
      registered: this.registered,
      waiting: this.walk.gates.waiting,
      paused: this.#ownSessions.clock.isPaused,
    }
  }

  /** Starting what is starting, or running, is no fault: two windows may ask for the same. */
  async startAuthority(port?: number): Promise<void> {
    if (this.authority.status === 'running') return
    this.#startingAuthority ??= this.#startAuthority(port).finally(
      () => (this.#startingAuthority = undefined),
    )
    await this.#startingAuthority
  }

  async #startAuthority(port?: number): Promise<void> {
    this.authorityFault = undefined
    // Certificates name the list's address from the first one on.
    await this.serveList(true)
    try {
      await this.#guard('authorityFault', () => this.authority.start(port))
      this.#newTrustAnchor()
    } finally {
      await this.serveList()
    }
    this.#keys.prepare(this.options.settings().rsaBits)
  }

  /** The authority becomes another one, with a new key, at the same address. */
  async renewAuthority(): Promise<void> {
    await this.authority.renew()
    this.#newTrustAnchor()
  }

  /** Stops the authority; its private key and the secrets in its records are forgotten. */
  async stopAuthority(): Promise<void> {
    await this.authority.stop()
    await this.serveList()
    this.journal.forgetSecrets({ role: 'authority' })
    this.#changed()
  }

  /** As {@link startAuthority}. */
  async startServer(port?: number): Promise<void> {
    if (this.server.status === 'running') return
    if (this.server.status !== 'starting') this.#startingServer = this.#startServer(port)
    await this.#startingServer
  }

  async #startServer(port?: number): Promise<void> {
    this.serverFault = undefined
    await this.#guard('serverFault', () => this.server.start(port))
    this.#keys.prepare(this.options.settings().rsaBits)
  }

  /** Stops the server; its private key, its sessions and the secrets in its records are forgotten. */
  async stopServer(): Promise<void> {
    await this.server.stop()
    this.#registeredWith = undefined
    this.journal.forgetSecrets({ role: 'server' })
    this.#changed()
  }

  /** Resolves when no key is being made ahead: enough lie ready. */
  keysReady(): Promise<void> {
    return this.#keys.settled()
  }

  /** Stops both and forgets all secrets. */
  async close(): Promise<void> {
    this.#keys.clear()
    await Promise.all([this.stopServer(), this.stopAuthority()])
  }

  /** Registers the server without waiting between the steps. */
  async register(): Promise<void> {
    if (this.server.registering) {
      this.walk.setStepping(false)
      return this.#registration
    }
    await this.#register(() => undefined)
  }

  /** Step 1 of a walk: resolves when the authority has accepted it and is ready to build step 2. */
  async walkRegister(): Promise<void> {
    this.walk.setStepping(true)
    const registration = this.#register((connection) => {
      this.#walkConnection = connection
      this.walk.join(connection)
    })
    registration.catch(() => undefined)
    await this.walk.gates.reached(2, () => this.#walkConnection?.id, registration)
  }

  /** Step 2 of a walk: resolves when the server has accepted it. */
  async walkFinishRegistration(): Promise<void> {
    void this.walk.gates.release(2, this.#walkConnection?.id ?? '')
    await this.#registration
  }

  /** Gives up what is under way: a registration, and starts of the two roles. What was there before stays. */
  async cancel(): Promise<void> {
    this.#cancellations++
    this.#cancelRegistration()
    const starting = [this.authority, this.server].filter(({ status }) => status === 'starting')
    await Promise.all(starting.map((role) => role.stop()))
    await this.#registration.catch(() => undefined)
    this.#changed()
  }

  /** Whether the answer to what is asked before an act is a yes, and nobody has given the act up meanwhile. */
  async isStillWanted(asked: Promise<boolean>): Promise<boolean> {
    const before = this.#cancellations
    return (await asked) && this.#cancellations === before
  }

  #cancelRegistration(): void {
    this.server.cancelRegistration()
    // The authority is sent away before anyone is let go on: it would issue a certificate that nobody waits for.
    if (this.#walkConnection) this.walk.cancel(this.#walkConnection)
  }

  /** Another suite is spoken from now on: what failed in the one before is nobody's matter any more. */
  changeSuite(): void {
    this.serverFault = undefined
    this.#changed()
  }

  /** Stops the clock of the app's own session, or lets it go on. @throws LabError `unknown_session` */
  pauseSession(paused: boolean): void {
    this.#ownSessions.pause(paused)
    this.#changed()
  }

  /** Begins a walk anew. The server keeps its certificate until a new registration has brought another. */
  resetWalk(): void {
    this.#cancelRegistration()
    this.walk.setStepping(false)
    this.#walkRegistered = false
    this.walkForgotten()
    this.serverFault = undefined
    this.#changed()
  }

  /** The last record from before the walk began. */
  get walkBegan(): string | undefined {
    return this.#walkBegan
  }

  /** What the client's window had of the walk is gone. */
  walkForgotten(): void {
    this.#walkBegan = this.journal.newest
  }

  /** Messages that authority and server have recorded; one between the two counts at the authority alone. */
  get messages(): number {
    return this.journal.count(({ role, connection }) => role !== connection.opener)
  }

  /** Those of them that the client of this app has sent or received since the walk began. */
  get messagesOfWalk(): number {
    return this.journal.count(({ connection }) => connection.opener === 'client', this.#walkBegan)
  }

  /**
   * The private key of a role.
   * @throws LabError `no_key`
   */
  privateKey(key: 'SK_CA' | 'SK_S'): RsaPrivateKey {
    const found =
      key === 'SK_CA' ? this.authority.credentials?.keyPair.privateKey : this.server.credentials?.privateKey
    if (!found)
      throw new LabError('no_key', 'There is no such key now: the role is stopped, or not registered yet.')
    return found
  }

  async #register(onOpened: (connection: Connection) => void): Promise<void> {
    // Asked for before anything is tried: without an authority there is nothing to blame the server for.
    void this.roles.authorityRoute
    // One that is under way stays the one that a walk finishes.
    if (this.server.registering)
      throw new LabError('already_registering', 'A registration is under way already.')
    const { suite } = this.options.settings()
    const trustAnchor = this.authority.certificate
    let opened: Connection | undefined
    this.serverFault = undefined
    this.#registration = this.#guard('serverFault', async () => {
      await this.roles.register((connection) => {
        opened = connection
        onOpened(connection)
      })
      const { credentials } = this.server
      if (credentials && trustAnchor) this.#registeredWith = { credentials, trustAnchor, suite }
      this.#walkRegistered = true
    }).finally(() => {
      if (opened) this.walk.leave(opened)
      if (opened === this.#walkConnection) this.#walkConnection = undefined
    })
    return this.#registration
  }

  #changed(): void {
    this.#ownSessions.look()
    const list = this.authority.revocations?.list.der
    if (list && list !== this.#listed) this.options.hub.tell('listed', list)
    this.#listed = list
    this.options.hub.tell('changed')
  }

  #newTrustAnchor(): void {
    // What had failed for want of an authority can be done now.
    if (this.serverFault && FOR_WANT_OF_AN_AUTHORITY.has(this.serverFault.code)) this.serverFault = undefined
    if (this.authority.certificate) this.options.hub.tell('trusted', this.authority.certificate)
    this.#changed()
  }

  /** Keeps a failure to be shown beside its role, and passes it on. */
  async #guard(field: 'authorityFault' | 'serverFault', action: () => Promise<void>): Promise<void> {
    try {
      await action()
    } catch (error) {
      if (!(error instanceof LabError && error.code === 'cancelled')) this[field] = toFault(error)
      throw error
    } finally {
      this.#changed()
    }
  }
}
