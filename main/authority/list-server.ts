/**
 * Hands out the authority's revocation list by HTTP on the loopback interface, at the address that certificates name
 * (RFC 5280 section 4.2.1.13): nothing else, to nobody further away.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Bytes } from '#shared/bytes'
import { listenAt } from '../net/listener'

/** The list's name at that address. */
const PATH = '/ca.crl'
/** What is spent on those who ask. */
const BOUNDS = { connections: 32, headerBytes: 8_192, milliseconds: 5_000 } as const

export interface ListServerOptions {
  /** The list in force, DER; undefined while there is none. */
  readonly list: () => Bytes | undefined
  /** Takes why a connection could not be taken. */
  readonly fail: (error: unknown) => void
  /** Ports that are not offered where the wanted one is taken. */
  readonly reserved: () => readonly number[]
}

export class ListServer {
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()
  readonly #http

  constructor(private readonly options: ListServerOptions) {
    this.#http = createServer(
      {
        maxHeaderSize: BOUNDS.headerBytes,
        headersTimeout: BOUNDS.milliseconds,
        requestTimeout: BOUNDS.milliseconds,
        keepAlive: false,
      },
      (request, response) => this.#answer(request, response),
    )
    // A peer that breaks off, or speaks no HTTP, is its own matter.
    this.#http.on('clientError', (_error, socket) => void socket.destroy())
  }

  /** The list's address; undefined while it is not handed out. */
  get url(): string | undefined {
    const bound = this.#bound
    return bound && `http://${bound.address}:${bound.port}${PATH}`
  }

  /** The port that it has; undefined while it has none. */
  get port(): number | undefined {
    return this.#bound?.port
  }

  get #bound(): AddressInfo | undefined {
    return (this.#server?.address() ?? undefined) as AddressInfo | undefined
  }

  /**
   * Hands it out at a port, 0 for any free one.
   * @throws LabError `port_in_use`, `listen_failed`
   */
  async start(port: number): Promise<void> {
    await this.stop()
    const { fail, reserved } = this.options
    this.#server = await listenAt(port, (socket) => this.#take(socket), { fail, reserved })
  }

  /** Hands it out no more; resolves when nothing is left open. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    const closed = server && new Promise<void>((resolve) => void server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #take(socket: Socket): void {
    if (this.#sockets.size >= BOUNDS.connections) return void socket.destroy()
    this.#sockets.add(socket)
    // Whoever sends nothing, or takes nothing, gives up the place.
    const limit = setTimeout(() => socket.destroy(), BOUNDS.milliseconds)
    socket.once('close', () => {
      clearTimeout(limit)
      this.#sockets.delete(socket)
    })
    this.#http.emit('connection', socket)
  }

  #answer({ method, url }: IncomingMessage, response: ServerResponse): void {
    response.setHeader('Connection', 'close')
    const list = url === PATH ? this.options.list() : undefined
    if (!list) return refuse(response, 404, `There is nothing here but ${PATH}.`)
    if (method !== 'GET' && method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, 'The list can be read, no more.')
    }
    response.writeHead(200, {
      'Content-Type': 'application/pkix-crl',
      'Content-Length': list.length,
      'Cache-Control': 'no-cache',
      'X-Content-Type-Options': 'nosniff',
    })
    response.end(method === 'GET' ? list : undefined)
  }
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' })
  response.end(`${text}\n`)
}
