/** A TLS server on this machine that shows a chain to whoever asks, and says one line over HTTP. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import type { MadeChain } from '#shared/workshop/make'
import { keyPem, pemOf } from './chain-files'

/** Weak keys and hashes are shown as they are: it is the client that should refuse them. */
export const WEAK_TOO = { ciphers: 'DEFAULT@SECLEVEL=0', minVersion: 'TLSv1.2' } as const

const BODY = 'This certificate was accepted.\n'
const ANSWER = [
  'HTTP/1.1 200 OK',
  'Content-Type: text/plain',
  `Content-Length: ${BODY.length}`,
  'Connection: close',
  '',
  BODY,
].join('\r\n')
/** A client that says nothing for so long has had its answer. */
const IDLE_MS = 10_000

/** What Node's TLS takes as certificate and key of a server. */
export function identityOf(chain: MadeChain): { readonly cert: string; readonly key: string } {
  return { cert: pemOf([chain.leaf, ...chain.sent]), key: keyPem(chain.leaf) }
}

/** Answers a client that has accepted the certificate. */
export function answer(socket: TLSSocket): void {
  socket.setTimeout(IDLE_MS, () => socket.destroy())
  // Clients that refuse go away without a word.
  socket.on('error', () => undefined)
  socket.once('data', () => socket.end(ANSWER))
}

/** A chain that is being served, or why it can't be. */
export type Served =
  | { readonly port: number; readonly fault: () => string | undefined; readonly stop: () => Promise<void> }
  | { readonly unservable: string }

/** Serves a chain on 127.0.0.1, on a port that is free. `fault` is what kept the server itself from making a handshake. */
export async function serveChain(chain: MadeChain): Promise<Served> {
  let server: Server
  try {
    server = createServer({ ...WEAK_TOO, ...identityOf(chain) }, answer)
  } catch (error) {
    return { unservable: error instanceof Error ? error.message : String(error) }
  }
  let fault: string | undefined
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket) => {
    if (!isOfClient(error)) fault = error.message
    socket.destroy()
  })
  const sockets = new Set<{ destroy: () => void }>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    fault: () => fault,
    stop: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** The client has ended it: with an alert, or by going away. */
function isOfClient({ code = '', message }: NodeJS.ErrnoException): boolean {
  return (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    /alert|socket hang up|disconnected/i.test(`${code} ${message}`)
  )
}
