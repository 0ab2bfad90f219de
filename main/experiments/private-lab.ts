/**
 * A lab of one's own: an authority and an application server on the loopback interface, apart from those that the windows
 * show, with settings, clocks and records of its own. Everything crosses real TCP. For experiments and the terminal run.
 */
import { LabError } from '#shared/errors'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { fullPace } from '#shared/hl1/drivers/conversation'
import type { Environment } from '#shared/hl1/environment'
import type { JournalEntry } from '#shared/record/record'
import type { Endpoint } from '#shared/hl1/state'
import type { Settings } from '#shared/settings'
import { Authority } from '../authority/authority'
import { mainEnvironment } from '../lab/environment'
import type { RoleContext } from '../net/converse'
import { ApplicationServer } from '../server/application-server'
import { PlainClient, type ClientSettings } from './client'

export interface PrivateLabOptions {
  /** Asked anew for every connection, and for a session's lifetime at step 6: an experiment may change them in between. */
  readonly settings: () => Settings
  /** Clocks, randomness and keys of all three roles; the real ones unless given. */
  readonly environment?: Environment
  /** Every message of every role, sent and received, as it happens; secrets included. */
  readonly onRecord?: (entry: JournalEntry) => void
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
  readonly connect: (changes?: Partial<ClientSettings>) => Promise<PlainClient>
}

/**
 * Starts a lab, uses it, and closes it whatever happens: no port, connection or timer stays.
 * @throws PortInUseError; LabError `listen_failed`; what `use` throws; the signal's reason
 */
export async function withPrivateLab<T>(
  options: PrivateLabOptions,
  use: (lab: PrivateLab) => Promise<T>,
): Promise<T> {
  const { settings, signal, environment = mainEnvironment, ports = { authority: 0, server: 0 } } = options
  signal.throwIfAborted()
  const context: RoleContext = {
    environment,
    onRecord: options.onRecord ?? (() => undefined),
    paceFor: () => ({ pace: fullPace, stepping: () => false }),
  }
  const onChange = (): void => undefined
  const authority = new Authority({ ...context, settings, onChange })
  const server = new ApplicationServer({ ...context, settings, onChange })
  const clients: PlainClient[] = []
  const giveUp = (): void => server.cancelRegistration()
  signal.addEventListener('abort', giveUp)
  try {
    await authority.start(ports.authority)
    await server.start(ports.server)
    signal.throwIfAborted()
    const { trustAnchor, addresses } = started(authority, server)
    return await use({
      authority,
      server,
      addresses,
      trustAnchor,
      context,
      register: () => server.register(addresses.authority, trustAnchor),
      connect: async (changes) => {
        const client = await PlainClient.connect({
          server: addresses.server,
          trustAnchor,
          settings: { ...settings(), ...changes },
          context,
          signal,
        })
        clients.push(client)
        return client
      },
    })
  } catch (error) {
    // What broke because it was given up has that reason.
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', giveUp)
    for (const client of clients) client.close()
    await server.stop()
    await authority.stop()
  }
}

function started(
  authority: Authority,
  server: ApplicationServer,
): Pick<PrivateLab, 'trustAnchor' | 'addresses'> {
  const { certificate, address } = authority
  if (!certificate || !address || !server.address)
    throw new LabError('internal_error', 'A role did not start.')
  return { trustAnchor: certificate, addresses: { authority: address, server: server.address } }
}
