/**
 * Authority, server and client put together: they share a clock, their connections, and whoever watches. The app's lab,
 * labs of their own for experiments, measurements and tests are this one. Everything crosses real TCP.
 */
import { LabError } from '#shared/errors'
import type { Client, ClientSettings } from '#shared/hl1/drivers/client'
import type { Connection, Endpoint } from '#shared/record/connection'
import type { Settings } from '#shared/settings'
import { Authority, type AuthorityOptions } from '../authority/authority'
import { connectClient } from '../client/client'
import { TERMINAL_LOG } from '../log/log'
import { Connections } from '../net/connections'
import { FULL_PACE, type RoleContext } from '../net/converse'
import { ApplicationServer, type ServerOptions } from '../server/application-server'
import { mainEnvironment } from './environment'

/** Where a role reaches another one, where that is not where the other one listens: at a relay in between. */
export interface Routes {
  readonly serverToAuthority?: Endpoint
  readonly clientToServer?: Endpoint
}

export interface RolesOptions extends Partial<
  Pick<RoleContext, 'environment' | 'onRecord' | 'paceFor' | 'log'> &
    Pick<ServerOptions, 'onChange' | 'onKeysForgotten' | 'ownSessions'> &
    Pick<AuthorityOptions, 'listAt' | 'judgeRequest'>
> {
  /** Asked anew for every connection, and for a session's lifetime at step 6. */
  readonly settings: () => Settings
  /** Asked anew for every connection that is opened. */
  readonly routes?: () => Routes
  /** Where a role's own is not that of all: one whose clock was set, for instance. */
  readonly environments?: Readonly<Partial<Record<'authority' | 'server', RoleContext['environment']>>>
}

const NOTHING = (): void => undefined

export class Roles {
  readonly authority: Authority
  readonly server: ApplicationServer
  /** What every role of this lab works with. */
  readonly context: RoleContext

  constructor(private readonly options: RolesOptions) {
    const { settings, onChange = NOTHING, onKeysForgotten = NOTHING, onRecord = NOTHING } = options
    const environment = options.environment ?? mainEnvironment
    const paceFor = options.paceFor ?? (() => FULL_PACE)
    const log = options.log ?? TERMINAL_LOG
    this.context = { environment, connections: new Connections(), onRecord, paceFor, log }
    const role = { ...this.context, settings, onChange }
    const { ownSessions, environments = {} } = options
    const { listAt, judgeRequest } = options
    this.authority = new Authority({
      ...role,
      environment: environments.authority ?? environment,
      ...(listAt && { listAt }),
      ...(judgeRequest && { judgeRequest }),
    })
    this.server = new ApplicationServer({
      ...role,
      environment: environments.server ?? environment,
      onKeysForgotten,
      ...(ownSessions && { ownSessions }),
    })
  }

  /**
   * Where the server reaches the authority.
   * @throws LabError `not_running`
   */
  get authorityRoute(): Endpoint {
    return routeTo(this.authority, 'authority', this.options.routes?.().serverToAuthority)
  }

  /**
   * Where a client reaches the server.
   * @throws LabError `not_running`
   */
  get serverRoute(): Endpoint {
    return routeTo(this.server, 'server', this.options.routes?.().clientToServer)
  }

  /**
   * Starts both, on the ports of the settings unless others are given.
   * @throws LabError `port_in_use`, `listen_failed`, `already_running`
   */
  async start(ports: { readonly authority?: number; readonly server?: number } = {}): Promise<void> {
    await this.authority.start(ports.authority)
    await this.server.start(ports.server)
  }

  /**
   * Steps 1 and 2. `onOpened` learns of the connection before anything is sent.
   * @throws ProtocolError; LabError as {@link ApplicationServer.register}
   */
  async register(onOpened?: (connection: Connection) => void): Promise<void> {
    const route = this.authorityRoute
    await this.server.register(route, trusted(this.authority), onOpened)
  }

  /**
   * A client with a connection of its own, before step 3; `changes` to the settings that it goes by. Whoever asks for it
   * closes it.
   * @throws LabError `not_running`, `no_trust_anchor`, `connection_refused`, `bad_setting`; the signal's reason
   */
  connect(signal: AbortSignal, changes: Partial<ClientSettings> = {}): Promise<Client> {
    return connectClient({
      server: this.serverRoute,
      trustAnchor: trusted(this.authority),
      settings: { ...this.options.settings(), ...changes },
      context: this.context,
      signal,
    })
  }

  /** Stops both; whatever they hold is forgotten. */
  async close(): Promise<void> {
    await this.server.stop()
    await this.authority.stop()
  }
}

function routeTo(
  { status, address }: Pick<Authority, 'status' | 'address'>,
  name: string,
  route: Endpoint | undefined,
): Endpoint {
  if (status !== 'running' || !address)
    throw new LabError('not_running', `The ${name} is not running: start it first.`)
  return route ?? address
}

function trusted({ certificate }: Authority): NonNullable<Authority['certificate']> {
  if (certificate) return certificate
  throw new LabError('no_trust_anchor', 'There is no authority to trust yet: start the authority first.')
}
