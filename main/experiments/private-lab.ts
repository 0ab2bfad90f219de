/**
 * A lab of one's own: an authority and an application server on the loopback interface, apart from those that the windows
 * show, with settings, clocks and records of its own. Everything crosses real TCP. For experiments and the terminal run.
 */
import { LabError, passOwnFault } from '#shared/errors'
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { Client, ClientSettings } from '#shared/hl1/drivers/client'
import type { Endpoint } from '#shared/record/connection'
import type { Authority } from '../authority/authority'
import { Roles, type RolesOptions } from '../lab/roles'
import type { RoleContext } from '../net/converse'
import type { ApplicationServer } from '../server/application-server'

/**
 * An experiment may change the settings while it runs. `onRecord` gets every message of every role, sent and received, as
 * it happens, secrets included.
 */
export interface PrivateLabOptions extends Pick<
  RolesOptions,
  'settings' | 'environment' | 'onRecord' | 'routes'
> {
  /** Where to listen; any free ports unless given. */
  readonly ports?: { readonly authority: number; readonly server: number }
  /** Gives everything up that is under way; the lab then closes. */
  readonly signal: AbortSignal
}

export interface PrivateLab {
  readonly authority: Authority
  readonly server: ApplicationServer
  readonly addresses: { readonly authority: Endpoint; readonly server: Endpoint }
  /** The authority's certificate. */
  readonly trustAnchor: Certificate
  /** What every role of this lab works with, for clients that are more than {@link PrivateLab.connect} makes. */
  readonly context: RoleContext
  /** Steps 1 and 2. Throws ProtocolError, and LabError as {@link ApplicationServer.register}. */
  readonly register: () => Promise<void>
  /** A client with a connection of its own, before step 3. It can be closed before the lab is, which closes it too. */
  readonly connect: (changes?: Partial<ClientSettings>) => Promise<Client>
}

/**
 * Starts a lab, uses it, and closes it whatever happens: no port, connection or timer stays.
 * @throws LabError `port_in_use`, `listen_failed`; what `use` throws; the signal's reason
 */
export async function withPrivateLab<T>(
  options: PrivateLabOptions,
  use: (lab: PrivateLab) => Promise<T>,
): Promise<T> {
  const { signal, ports = { authority: 0, server: 0 } } = options
  signal.throwIfAborted()
  const roles = new Roles(options)
  const { authority, server } = roles
  const clients: Client[] = []
  const giveUp = (): void => server.cancelRegistration()
  signal.addEventListener('abort', giveUp)
  try {
    await roles.start(ports)
    signal.throwIfAborted()
    return await use({
      authority,
      server,
      ...started(roles),
      context: roles.context,
      register: () => roles.register(),
      connect: async (changes) => {
        const client = await roles.connect(signal, changes)
        clients.push(client)
        return client
      },
    })
  } catch (error) {
    passOwnFault(error)
    // What broke because it was given up has that reason.
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
    for (const client of clients) client.close()
    await roles.close()
  }
}

function started({ authority, server }: Roles): Pick<PrivateLab, 'trustAnchor' | 'addresses'> {
  const { certificate, address } = authority
  if (!certificate || !address || !server.address)
    throw new LabError('internal_error', 'A role did not start.')
  return { trustAnchor: certificate, addresses: { authority: address, server: server.address } }
}
