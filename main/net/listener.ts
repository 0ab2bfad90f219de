/** A listener on the loopback interface: many connections at once, none of which can harm another. */
import { setMaxListeners } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { isForeseen, LabError, passOwnFault } from '#shared/errors'
import type { Bytes } from '#shared/bytes'
import type { Environment } from '#shared/hl1/environment'
import type { FrameExpectation } from '#shared/hl1/frame'
import type { Endpoint } from '#shared/record/connection'
import { Place, Places } from './places'
import { wrapSocket, type OpenSocket, type Timers } from './socket-pipe'

const LOOPBACK = '127.0.0.1'
/** How many ports above one that is taken are tried for a suggestion. */
const PORTS_TO_TRY = 50
/**
 * Connections that the system may have made before this program has taken them; it lowers the number to what it allows.
 * Beyond them it drops what a client says first, who then tries again after 1, 3 and 7 seconds: Node's own 511 are soon full.
 */
const BACKLOG = 4_096

export interface ListenerOptions {
  readonly timers: Timers & Pick<Environment, 'monotonic'>
  /** What a connection begins with. */
  readonly first: FrameExpectation
  /** Serves one connection; the signal aborts when the listener stops. What it throws ends that connection alone. */
  readonly serve: (socket: OpenSocket, signal: AbortSignal, place: Place) => Promise<void>
  /** Answers a connection over the limit. */
  readonly refuse: (socket: OpenSocket) => Promise<void>
  /** Takes an error that nobody has foreseen, and why a connection could not be taken. */
  readonly fail: (error: unknown) => void
  /** Whether this program has opened a connection itself. */
  readonly isOwn?: (socket: OpenSocket) => boolean
  /** Connections that are served at once. */
  readonly maxConnections: () => number
  /** The number of connections has changed. */
  readonly onCount: (count: number) => void
  /** Ports that are not offered where the wanted one is taken, free or not: somebody else here will want them. */
  readonly reservedPorts?: () => readonly number[]
}

/** What is spent on connections that are not served, or no longer. */
export const UNSERVED = {
  /** Connections that are told why there is no place for them; others are closed without a word, and leave no record. */
  told: 1_000,
  /** Of these, how many more may be told after each second. */
  toldMoreInASecond: 100,
  /** Connections that may take their time to close. */
  closing: 1_000,
} as const

export class Listener {
  #server: Server | undefined
  #stopping = new AbortController()
  readonly #sockets = new Set<Socket>()
  /** Those that are served no longer, the oldest first. */
  readonly #closing = new Set<Socket>()
  readonly #places: Places
  /** How many may still be told, as it was then. */
  #toTell: { readonly count: number; readonly at: number } = { count: UNSERVED.told, at: 0 }

  constructor(private readonly options: ListenerOptions) {
    this.#places = new Places(options.timers, {
      limit: options.maxConnections,
      first: options.first,
      mayTell: () => this.#mayTell(),
    })
  }

  /** Where it listens; undefined while it doesn't. */
  get address(): Endpoint | undefined {
    const bound = this.#server?.address() as AddressInfo | null | undefined
    return bound ? { address: bound.address, port: bound.port } : undefined
  }

  get connections(): number {
    return this.#sockets.size
  }

  /**
   * Starts listening; port 0 takes any free one.
   * @throws LabError `port_in_use`, `listen_failed`
   */
  async start(port: number): Promise<void> {
    this.#begin(await this.#listen(port))
  }

  /**
   * Listens at another port instead. The old one is given up, with all its connections, once the new one is there.
   * @throws LabError `port_in_use`, `listen_failed`: then everything is as before
   */
  async move(port: number): Promise<void> {
    const server = await this.#listen(port)
    await this.stop()
    this.#begin(server)
  }

  /** Stops listening and closes every connection. */
  async stop(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (!server) return
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    this.#stopping.abort(new LabError('stopped', 'The listener was stopped.'))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #begin(server: Server): void {
    this.#stopping = new AbortController()
    // Every connection listens to it: more than ten are no sign of a leak.
    setMaxListeners(0, this.#stopping.signal)
    this.#server = server
  }

  #listen(port: number): Promise<Server> {
    const { fail, reservedPorts } = this.options
    return listenAt(port, (socket) => void this.#take(socket), { fail, reserved: reservedPorts })
  }

  async #take(socket: Socket): Promise<void> {
    const { timers, serve, fail, onCount } = this.options
    const place = new Place(timers.monotonic)
    const wrapped = wrapSocket(socket, timers)
    let said: Bytes | undefined
    const read = (signal: AbortSignal) =>
      place.listen(async () => {
        const first = said
        said = undefined
        return first && first.length > 0 ? first : wrapped.pipe.read(signal)
      })
    const open: OpenSocket = { ...wrapped, pipe: { ...wrapped.pipe, read } }
    if (this.options.isOwn?.(open)) place.own()
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#closing.delete(socket)
      onCount(this.#sockets.size)
    })
    onCount(this.#sockets.size)
    const { signal } = this.#stopping
    try {
      said = await this.#places.enter(place, socket)
      if (said) await serve(open, signal, place)
      else if (!signal.aborted) await this.#turnAway(open, socket)
    } catch (error) {
      // What is foreseen the conversation has recorded, and told the peer; the others go on either way.
      if (!isForeseen(error)) fail(error)
    } finally {
      this.#places.leave(place)
      this.#close(open, socket)
    }
  }

  /** Tells a connection that there is no place for it, unless that was told too many just now. */
  async #turnAway(open: OpenSocket, socket: Socket): Promise<void> {
    if (!socket.destroyed && this.#mayTell()) await this.options.refuse(open)
    else socket.destroy()
  }

  #mayTell(): boolean {
    const now = this.options.timers.monotonic()
    const more = ((now - this.#toTell.at) / 1_000) * UNSERVED.toldMoreInASecond
    const count = Math.min(UNSERVED.told, this.#toTell.count + more)
    const isEnough = count >= 1
    this.#toTell = { count: isEnough ? count - 1 : count, at: now }
    return isEnough
  }

  #close({ pipe }: OpenSocket, socket: Socket): void {
    pipe.close()
    if (socket.destroyed) return
    this.#closing.add(socket)
    const [oldest] = this.#closing
    if (this.#closing.size > UNSERVED.closing) oldest?.destroy()
  }
}

/**
 * Listens on the loopback interface; port 0 takes any free one.
 * @param options `reserved`: ports that are not offered where the wanted one is taken; `fail` takes why a connection could not be taken
 * @throws LabError `port_in_use`, `listen_failed`
 */
export async function listenAt(
  port: number,
  onConnection: (socket: Socket) => void,
  options: {
    readonly fail: (error: unknown) => void
    readonly reserved?: (() => readonly number[]) | undefined
  },
): Promise<Server> {
  const { fail, reserved } = options
  try {
    return await listen(port, onConnection, fail)
  } catch (error) {
    passOwnFault(error)
    if (codeOf(error) === 'EADDRINUSE') {
      const freePort = await findFreePort(port + 1, reserved?.() ?? [], fail)
      const offer = freePort === undefined ? 'Choose another port.' : `Port ${freePort} is free.`
      const message = `Port ${port} is in use by another program. ${offer}`
      throw new LabError('port_in_use', message, { cause: error, freePort })
    }
    const reason = codeOf(error) === 'EACCES' ? 'ports below 1024 are reserved' : String(codeOf(error))
    throw new LabError('listen_failed', `Port ${port} can’t be listened on: ${reason}.`, { cause: error })
  }
}

async function listen(
  port: number,
  onConnection: (socket: Socket) => void,
  fail: (error: unknown) => void,
): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, onConnection)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: LOOPBACK, port, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve()
    })
  })
  // A connection that could not be taken, for want of file handles, is its peer's loss; without a listener it would end
  // the process.
  server.on('error', fail)
  return server
}

async function findFreePort(
  from: number,
  reserved: readonly number[],
  fail: (error: unknown) => void,
): Promise<number | undefined> {
  for (let port = from; port < from + PORTS_TO_TRY && port <= 65_535; port++) {
    if (reserved.includes(port)) continue
    try {
      const server = await listen(port, (socket) => socket.destroy(), fail)
      await new Promise((resolve) => server.close(resolve))
      return port
    } catch (error) {
      // Taken as well: try the next.
      passOwnFault(error)
    }
  }
  return undefined
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
}
