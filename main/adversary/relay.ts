/**
 * Somebody in the middle of a TCP connection: takes connections in the place of a listener, leads each on to it, and decides of
 * every frame that comes by what goes on instead. What is no frame is led on as it came.
 */
import { setMaxListeners } from 'node:events'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { Bytes } from '#shared/bytes'
import { LabError, passOwnFault } from '#shared/errors'
import { FrameCutter } from '#shared/hl1/frame-cutter'
import { otherEnd, type End, type Passing, type RelayedConnection } from '#shared/adversary/wire'
import type { Endpoint } from '#shared/record/connection'
import { nextTurn } from '#shared/turn'
import type { Connections } from '../net/connections'
import { listenAt } from '../net/listener'
import { connect, wrapSocket, type OpenSocket, type Timers } from '../net/socket-pipe'

export interface RelayOptions {
  /** Where connections are led on to; asked for each. */
  readonly to: () => Endpoint
  readonly timers: Timers
  /** Those of the lab whose connections pass here: both of its ends then know each as one. */
  readonly connections?: Pick<Connections, 'relay' | 'hasOpened'>
  /** What goes on in the place of a frame; the next one of the same direction waits for it. */
  readonly onFrame: (passing: Passing) => readonly Bytes[] | Promise<readonly Bytes[]>
  /** A connection is led on now; and it has ended on both sides. */
  readonly onOpen?: (connection: RelayedConnection) => void
  readonly onClose?: (connection: RelayedConnection) => void
  /** A connection loses its place to another one: what is held of it is not waited for any more. */
  readonly onLost?: (connection: RelayedConnection) => void
  /** Serves a connection itself instead of leading it on; asked for each. It says of each frame that it has heard it. */
  readonly serve?: (socket: OpenSocket, onFrame: () => void) => Promise<void> | undefined
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

/** So many connections are led on at once. */
const MOST_CONNECTIONS = 64
/** Pieces of one portion that are led on before others have their turn. */
const PIECES_A_TURN = 64

/** A connection that is led on, or that is about to be. */
interface Place {
  /** The lab itself has opened it. */
  readonly isOfLab: boolean
  /** A whole frame has come from who has opened it. */
  hasSpoken: boolean
  /** Ends it. */
  lose: () => void
}

export class Relay {
  #server: Server | undefined
  #count = 0
  readonly #closing = new AbortController()
  readonly #open = new Set<Socket>()
  /** Oldest first. */
  readonly #places = new Set<Place>()
  readonly #under = new Set<Promise<void>>()

  constructor(private readonly options: RelayOptions) {
    // Every connection listens to it: more than ten are no sign of a leak.
    setMaxListeners(0, this.#closing.signal)
  }

  /**
   * Starts listening on the loopback interface; port 0 takes any free one.
   * @throws LabError `port_in_use`, `listen_failed`
   */
  async start(port = 0): Promise<Endpoint> {
    const { onFailure: fail } = this.options
    this.#server = await listenAt(port, (socket) => this.#take(socket), { fail })
    const { address, port: taken } = this.#server.address() as AddressInfo
    return { address, port: taken }
  }

  /** Ends every connection and listens no more; resolves when nothing is left open. */
  async stop(): Promise<void> {
    this.#closing.abort(new LabError('connection_closed', 'The relay was stopped.'))
    const server = this.#server
    this.#server = undefined
    const closed = server && new Promise<void>((resolve) => void server.close(() => resolve()))
    for (const socket of this.#open) socket.destroy()
    await Promise.all([closed, ...this.#under])
  }

  #take(socket: Socket): void {
    this.#hold(socket)
    const near = wrapSocket(socket, this.options.timers)
    const isOfLab = this.options.connections?.hasOpened(near) === true
    if (!this.#makeRoom(isOfLab)) {
      socket.destroy()
      return
    }
    const place: Place = { isOfLab, hasSpoken: false, lose: () => socket.destroy() }
    this.#places.add(place)
    const under = this.#relay(near, place).catch((error: unknown) => {
      socket.destroy()
      // Ends that leave, and listeners that are not there, are nothing unforeseen to whoever stands between.
      if (!(error instanceof LabError)) this.options.onFailure(error)
    })
    this.#under.add(under)
    void under.finally(() => {
      this.#under.delete(under)
      this.#places.delete(place)
    })
  }

  /** Who is not of the lab and has said nothing goes first; where all have, the lab's own still come in. False where there is no room. */
  #makeRoom(isOfLab: boolean): boolean {
    if (this.#places.size < MOST_CONNECTIONS) return true
    const strangers = [...this.#places].filter((place) => !place.isOfLab)
    const gone = strangers.find(({ hasSpoken }) => !hasSpoken) ?? (isOfLab ? strangers[0] : undefined)
    if (!gone) return false
    this.#places.delete(gone)
    gone.lose()
    return true
  }

  #hold(socket: Socket): void {
    this.#open.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.#open.delete(socket))
  }

  async #relay(near: OpenSocket, place: Place): Promise<void> {
    const { timers, to, connections, serve } = this.options
    const speaks = (): void => void (place.hasSpoken = true)
    const served = serve?.(near, speaks)
    if (served) return served
    const far = await connect(to(), timers, this.#closing.signal, (outgoing) =>
      connections?.relay(near, outgoing),
    ).catch((error: unknown) => {
      near.pipe.close()
      throw error
    })
    const { signal } = this.#closing
    const ends: Readonly<Record<End, OpenSocket>> = { opener: near, acceptor: far }
    const connection: RelayedConnection = {
      number: ++this.#count,
      opener: near.peer,
      onward: far.local,
      send: (end, bytes) => ends[end].pipe.write(bytes, signal),
      cut: () => {
        near.pipe.close()
        far.pipe.close()
      },
    }
    place.lose = () => {
      connection.cut()
      this.options.onLost?.(connection)
    }
    this.options.onOpen?.(connection)
    try {
      await Promise.all([
        this.#pump(connection, ends, 'opener', speaks),
        // Whoever was answered for the last time has a moment to leave: no place is kept for a connection that leads nowhere.
        this.#pump(connection, ends, 'acceptor').then(() => near.pipe.close()),
      ])
    } finally {
      connection.cut()
      this.options.onClose?.(connection)
    }
  }

  /** Leads on what one end sends, until it ends. */
  async #pump(
    connection: RelayedConnection,
    ends: Readonly<Record<End, OpenSocket>>,
    from: End,
    onFrame?: () => void,
  ): Promise<void> {
    const to = otherEnd(from)
    const { signal } = this.#closing
    const cutter = new FrameCutter()
    for (;;) {
      const bytes = await ends[from].pipe.read(signal)
      if (!bytes) break
      for (const [index, piece] of cutter.add(bytes).entries()) {
        if ((index + 1) % PIECES_A_TURN === 0) await nextTurn()
        if (piece.isFrame) onFrame?.()
        const instead = piece.isFrame
          ? await this.options.onFrame({ connection, from, frame: piece.bytes })
          : [piece.bytes]
        // Where nobody is there to take it any more, nothing more is read.
        for (const each of instead) if (!(await isSent(connection.send(to, each)))) return
      }
    }
    const rest = cutter.rest()
    if (rest.length > 0) await isSent(connection.send(to, rest))
    ends[to].pipe.finish?.()
  }
}

/** False where the other end has left. */
async function isSent(sending: Promise<void>): Promise<boolean> {
  try {
    await sending
    return true
  } catch (error) {
    passOwnFault(error)
    return false
  }
}
