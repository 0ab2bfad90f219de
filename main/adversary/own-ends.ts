/** Connections that the adversary itself is an end of: all that it says and hears there is seen as on any other. */
import type { WireName } from '#shared/adversary/live'
import { otherEnd, type End } from '#shared/adversary/wire'
import { LabError, passOwnFault } from '#shared/errors'
import { FrameCutter } from '#shared/hl1/frame-cutter'
import type { BytePipe } from '#shared/hl1/drivers/transport'
import type { Environment } from '#shared/hl1/environment'
import { connect, type OpenSocket } from '../net/socket-pipe'
import type { Line } from './line'
import type { Lines } from './lines'
import type { Passage } from './passage'
import type { Wires } from './wires'

export interface OwnEndsOptions {
  readonly environment: Environment
  readonly lines: Lines
  readonly wires: Wires
  readonly passage: Passage
}

/** A connection, and the adversary's own end of it. */
interface OwnEnd {
  readonly line: Line
  readonly socket: OpenSocket
  readonly pipe: BytePipe
}

const MOST_OWN_CONNECTIONS = 32

export class OwnEnds {
  /** Connections that are on their way. */
  #opening = 0

  constructor(private readonly options: OwnEndsOptions) {}

  /**
   * Connects to a listener; what comes back is for whoever reads the pipe.
   * @throws LabError `not_running`, `too_many_links`, `connection_refused`
   */
  async connect(wire: WireName): Promise<OwnEnd> {
    const { environment, lines, wires } = this.options
    if (!wires.isOn)
      throw new LabError('not_running', 'The adversary is off: it sends nothing before it is switched on.')
    const own = lines.all.filter(({ isOpen, options }) => isOpen && options.kind === 'own')
    if (own.length + this.#opening >= MOST_OWN_CONNECTIONS)
      throw new LabError(
        'too_many_links',
        'The adversary has as many connections of its own as it may have: cut one.',
      )
    const signal = wires.off
    const to = wires.listener(wire)
    this.#opening++
    const socket = await connect(to, environment, signal).finally(() => void this.#opening--)
    const line = lines.add({
      wire,
      kind: 'own',
      opener: socket.local,
      ends: ['acceptor'],
      send: (_, bytes) => socket.pipe.write(bytes, signal),
      cut: () => socket.pipe.close(),
    })
    socket.onClose(() => lines.close(line))
    return { line, socket, pipe: this.#watched(socket.pipe, line, 'opener') }
  }

  /** Connects to a listener, and takes what comes back until the connection ends. @throws as {@link connect} */
  async open(wire: WireName): Promise<Line> {
    const { line, pipe } = await this.connect(wire)
    void this.#pump(pipe)
    return line
  }

  /** Takes a client's connection in the place of the server; `onFrame` is called for each frame that comes from there. */
  accept(socket: OpenSocket, onFrame: () => void): OwnEnd {
    const { lines, wires } = this.options
    const line = lines.add({
      wire: 'server',
      kind: 'posed',
      opener: socket.peer,
      ends: ['opener'],
      send: (_, bytes) => socket.pipe.write(bytes, wires.off),
      cut: () => socket.pipe.close(),
    })
    socket.onClose(() => lines.close(line))
    return { line, socket, pipe: this.#watched(socket.pipe, line, 'acceptor', onFrame) }
  }

  #watched(pipe: BytePipe, line: Line, own: End, onFrame?: () => void): BytePipe {
    const { passage } = this.options
    const other = otherEnd(own)
    const [heard, said] = [new FrameCutter(), new FrameCutter()]
    return {
      ...pipe,
      read: async (signal) => {
        const bytes = await pipe.read(signal)
        for (const piece of bytes ? heard.add(bytes) : []) {
          if (!piece.isFrame) continue
          onFrame?.()
          passage.takeOwn(line, other, piece.bytes)
        }
        return bytes
      },
      write: async (bytes, signal) => {
        for (const piece of said.add(bytes)) if (piece.isFrame) passage.sendOwn(line, own, piece.bytes)
        await pipe.write(bytes, signal)
      },
    }
  }

  async #pump(pipe: BytePipe): Promise<void> {
    try {
      while (await pipe.read(this.options.wires.off));
    } catch (error) {
      passOwnFault(error)
    }
    pipe.close()
  }
}
