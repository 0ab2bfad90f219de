/** What is timed: a handshake with one request, as this program, as Node's TLS and as another implementation does it. */
import { setMaxListeners } from 'node:events'
import { connect as connectTls, createServer, type Server, type TLSSocket } from 'node:tls'
import type { AddressInfo } from 'node:net'
import type { Authority } from '#main/authority/authority'
import { mainEnvironment } from '#main/lab/environment'
import { Roles } from '#main/lab/roles'
import type { RoleContext } from '#main/net/converse'
import type { ApplicationServer } from '#main/server/application-server'
import { connectClient, visit } from '#main/client/client'
import { oneAhead } from '#shared/ahead'
import type { Client } from '#shared/hl1/drivers/client'
import type { Environment } from '#shared/hl1/environment'
import type { SuiteName } from '#shared/hl1/suites'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import type { Contender } from './measure'

const NEVER = new AbortController().signal
// Every client of a run listens to it.
setMaxListeners(0, NEVER)

/** Authority and server of one suite, up and registered. */
export interface Host {
  readonly authority: Authority
  readonly server: ApplicationServer
  readonly settings: Settings
  /** The client's: what it has ready is not the server's. */
  readonly context: RoleContext
  readonly stop: () => Promise<void>
}

/** Starts both roles on free ports. Nothing keeps their records. */
export async function startHost(
  suite: SuiteName,
  onRecord: RoleContext['onRecord'] = () => undefined,
  changes: Partial<Settings> = {},
): Promise<Host> {
  const settings: Settings = {
    ...DEFAULT_SETTINGS,
    suite,
    authorityPort: 0,
    serverPort: 0,
    maxConnections: 10_000,
    ...changes,
  }
  const newEnvironment = (): Environment => ({
    ...mainEnvironment,
    crypto: { ...mainEnvironment.crypto, makeKeyShare: oneAhead(mainEnvironment.crypto.makeKeyShare) },
  })
  const roles = new Roles({ settings: () => settings, environment: newEnvironment(), onRecord })
  await roles.start()
  await roles.register()
  return {
    authority: roles.authority,
    server: roles.server,
    settings,
    context: { ...roles.context, environment: newEnvironment() },
    stop: () => roles.close(),
  }
}

/** A client with a session; whoever asks for it closes it. */
export async function openClient({ authority, server, settings, context }: Host): Promise<Client> {
  const { certificate: trustAnchor } = authority
  const { address } = server
  if (!trustAnchor || !address) throw new Error('The server is gone.')
  const client = await connectClient({ server: address, trustAnchor, settings, context, signal: NEVER })
  await client.open()
  return client
}

/** One client from connecting to leaving: steps 3 to 6, then one request. */
export async function handshake({ authority, server, settings, context }: Host): Promise<void> {
  const { certificate } = authority
  const { address } = server
  if (!certificate || !address) throw new Error('The server is gone.')
  const [answer] = await visit(
    connectClient({ server: address, trustAnchor: certificate, settings, context, signal: NEVER }),
    ['echo x'],
  )
  if (answer !== 'x') throw new Error(`The server answered ${String(answer)}.`)
}

/** TLS with the key and the certificate of a host's server. */
export async function startTls({
  server,
  authority,
}: Host): Promise<{ readonly handshake: () => Promise<void>; readonly stop: () => void }> {
  const { credentials } = server
  if (!credentials) throw new Error('The server has no key.')
  const listener = createServer(
    { key: credentials.privateKey.pem, cert: credentials.certificate.pem, minVersion: 'TLSv1.3' },
    (socket: TLSSocket) => {
      socket.setNoDelay(true)
      socket.on('error', () => undefined)
      socket.pipe(socket)
    },
  )
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  const ca = authority.certificate?.pem ?? ''
  return { handshake: () => greet(port, ca), stop: () => void (listener as Server).close() }
}

function greet(port: number, ca: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTls({ host: '127.0.0.1', port, ca, servername: 'localhost' }, () =>
      socket.write('x'),
    )
    socket.setNoDelay(true)
    socket.once('error', reject)
    socket.once('data', () => {
      socket.destroy()
      resolve()
    })
  })
}

/** Does one thing so many times with so many of them under way. */
export function contender(name: string, once: () => Promise<void>, atOnce: number): Contender {
  return {
    name,
    run: async (count) => {
      let left = count
      const worker = async (): Promise<void> => {
        while (left-- > 0) await once()
      }
      await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker))
    },
  }
}
