/** TLS servers on this machine that show certificates to whoever asks, and say one line over HTTP. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type SecureContext, type Server, type TlsOptions, type TLSSocket } from 'node:tls'
import type { MadeChain } from '#shared/workshop/make'
import { keyPem, pemOf } from './chain-files'
import { TLS_LIBRARY } from './tls-library'

/**
 * Weak keys and hashes are shown as they are: it is the client that should refuse them. BoringSSL has no security levels, and takes
 * their name for a mistake.
 */
export const WEAK_TOO: TlsOptions = {
  minVersion: 'TLSv1.2',
  ...(TLS_LIBRARY === 'OpenSSL' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}),
}

const BODY = 'This certificate was accepted.\n'
const ANSWER = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/plain',
  `Content-Length: ${BODY.length}`,
  'Connection: close',
  '',
  BODY,
].join('\r\n')
/** So long a handshake may take, and as long whoever has made one may stay. */
const MOST_MS = 10_000
const MOST_CONNECTIONS = 64
/** How often another port is tried when the one that is free on 127.0.0.1 is not on ::1. */
const TRIES = 5
/** A machine without IPv6 has no ::1. */
const NO_IPV6 = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

/** What Node's TLS takes as certificate and key of a server. */
export function identityOf(chain: MadeChain): { readonly cert: string; readonly key: string } {
  return { cert: pemOf([chain.leaf, ...chain.sent]), key: keyPem(chain.leaf) }
}

/** Something that listens. */
export interface Listening {
  readonly port: number
  /** Where it can be reached. */
  readonly addresses: readonly string[]
  readonly stop: () => Promise<void>
}

/** A chain that is being served, or why it can't be. */
export type Served =
  (Listening & { readonly fault: () => string | undefined }) | { readonly unservable: string }

/** Serves a chain on 127.0.0.1, on a port that is free. `fault` is the last thing that ended a handshake, in the server's words. */
export async function serveChain(chain: MadeChain): Promise<Served> {
  let fault: string | undefined
  let server: Server
  try {
    server = makeServer(identityOf(chain), (reason) => (fault = reason))
  } catch (error) {
    return { unservable: error instanceof Error ? error.message : String(error) }
  }
  return { ...(await listen(server, '127.0.0.1', 0)), fault: () => fault }
}

/**
 * What is shown on a port: one identity, or what is chosen by the name that a client asks for, which is undefined for a name that stands for
 * nothing. Not both: Node adds what was chosen to what is there, and a key on a curve would always come first.
 */
export type ShownHere =
  | { readonly identity: ReturnType<typeof identityOf> }
  | { readonly choose: (name: string) => SecureContext | undefined; readonly port: number | undefined }

/**
 * Listens on 127.0.0.1 and ::1, on one port.
 * @throws what listening throws, and what is wrong with the identity
 */
export async function listenHere(shown: ShownHere): Promise<Listening> {
  const options: TlsOptions = 'identity' in shown ? shown.identity : { SNICallback: byName(shown.choose) }
  const port = 'identity' in shown ? 0 : (shown.port ?? 0)
  for (let tries = TRIES; ; tries--) {
    const first = await listen(makeServer(options), '127.0.0.1', port)
    try {
      const second = await listen(makeServer(options), '::1', first.port)
      return {
        port: first.port,
        addresses: [...first.addresses, ...second.addresses],
        stop: async () => void (await Promise.all([first.stop(), second.stop()])),
      }
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? ''
      if (NO_IPV6.has(code)) return first
      await first.stop()
      if (code !== 'EADDRINUSE' || port !== 0 || tries <= 1) throw error
    }
  }
}

/** Who asks for no name, or for one that stands for nothing, gets no handshake. */
function byName(choose: (name: string) => SecureContext | undefined): NonNullable<TlsOptions['SNICallback']> {
  return (name, done) => {
    const chosen = choose(name)
    if (chosen) done(null, chosen)
    else done(new Error('Nothing is served by this name.'))
  }
}

function makeServer(options: TlsOptions, onFault: (reason: string) => void = () => undefined): Server {
  const server = createServer({ ...WEAK_TOO, handshakeTimeout: MOST_MS, ...options }, answer)
  server.maxConnections = MOST_CONNECTIONS
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    onFault(error.message)
    socket.destroy()
  })
  return server
}

/** Answers a client that has accepted the certificate, and sees to it that it goes, whatever it says besides. */
function answer(socket: TLSSocket): void {
  const timer = setTimeout(() => socket.destroy(), MOST_MS)
  socket.once('close', () => clearTimeout(timer))
  // Clients that refuse go away without a word.
  socket.on('error', () => undefined)
  socket.once('data', () => socket.end(ANSWER))
}

async function listen(server: Server, host: string, port: number): Promise<Listening> {
  const sockets = new Set<{ destroy: () => void }>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen({ host, port, exclusive: true })
  await once(server, 'listening')
  // A connection that could not be taken, for want of file handles, is its peer's loss; without a listener it would end the process.
  server.on('error', () => undefined)
  return {
    port: (server.address() as AddressInfo).port,
    addresses: [host],
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
