/** The relays on both wires: switched on and off, and where roles reach each other meanwhile. */
import { setMaxListeners } from 'node:events'
import type { Bytes } from '#shared/bytes'
import { WIRE_NAMES, type AdversaryView, type WireName } from '#shared/adversary/live'
import type { Passing, RelayedConnection } from '#shared/adversary/wire'
import { LabError, toFault, type Fault } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { Connection, Endpoint } from '#shared/record/connection'
import type { Routes } from '../lab/roles'
import type { Connections } from '../net/connections'
import type { OpenSocket } from '../net/socket-pipe'
import { isSame, type Line } from './line'
import type { Lines } from './lines'
import { Relay } from './relay'

export interface WiresOptions {
  /** Where the lab's roles listen; undefined while they don't. */
  readonly listeners: () => Readonly<Record<WireName, Endpoint | undefined>>
  /** The lab's, whose connections cross the relays. */
  readonly connections: Pick<Connections, 'relay' | 'hasOpened'>
  readonly environment: Environment
  readonly lines: Lines
  /** What goes on in the place of a frame. */
  readonly onFrame: (passing: Passing, line: Line) => Promise<readonly Bytes[]>
  /** A connection loses its place to another one. */
  readonly onLost: (line: Line) => void
  /** Serves a client of the server's instead of leading it on, and says of each of its frames that it has come. */
  readonly serve: (socket: OpenSocket, onFrame: () => void) => Promise<void> | undefined
  /** The relays are about to end. */
  readonly onStop: () => void
  /** It was switched on or off, or is on the way to that. */
  readonly onSwitched: () => void
  readonly onChange: () => void
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

export class Wires {
  #status: AdversaryView['status'] = 'off'
  #switching: Promise<void> = Promise.resolve()
  #fault: Fault | undefined
  readonly #relays = new Map<WireName, Relay>()
  readonly #at = new Map<WireName, Endpoint>()
  readonly #lineOf = new WeakMap<RelayedConnection, Line>()
  #off = new AbortController()

  constructor(private readonly options: WiresOptions) {}

  /** Connections cross the relays now. */
  get isOn(): boolean {
    return this.#status === 'on'
  }

  /** Aborted once it is switched off; each time that it is switched on there is another one. */
  get off(): AbortSignal {
    return this.#off.signal
  }

  /** Where roles reach each other while it is on; nothing while it is off. */
  get routes(): Routes {
    if (!this.isOn) return {}
    const [authority, server] = [this.#at.get('authority'), this.#at.get('server')]
    return {
      ...(authority && { serverToAuthority: authority }),
      ...(server && { clientToServer: server }),
    }
  }

  /** Whether a connection crosses a wire. */
  isCrossedBy({ from, to }: Pick<Connection, 'from' | 'to'>): boolean {
    return (
      [...this.#at.values()].some((at) => isSame(at, to)) ||
      this.options.lines.all.some(
        ({ isOpen, options }) => isOpen && options.onward && isSame(options.onward, from),
      )
    )
  }

  /** Where the role at the end of a wire listens. @throws LabError `not_running` */
  listener(wire: WireName): Endpoint {
    const listener = this.options.listeners()[wire]
    if (listener) return listener
    throw new LabError('not_running', `The ${wire} is not running: start it first.`)
  }

  /**
   * Switches it on, and says so by `onDone`; port 0 takes any free one. On already, it stays as it is.
   * @throws LabError `port_in_use`, `listen_failed`: then it is off
   */
  switchOn(ports: Partial<Readonly<Record<WireName, number>>>, onDone: () => void): Promise<void> {
    return this.#next(async () => {
      if (this.isOn) return
      this.#become('starting')
      this.#off = new AbortController()
      // Every connection of its own listens to it.
      setMaxListeners(0, this.#off.signal)
      this.#fault = undefined
      try {
        for (const wire of WIRE_NAMES) {
          const relay = this.#relay(wire)
          this.#at.set(wire, await relay.start(ports[wire]))
          this.#relays.set(wire, relay)
        }
        this.#become('on')
        onDone()
      } catch (error) {
        this.#fault = toFault(error)
        await this.#stop()
        throw error
      }
    })
  }

  /** Switches it off, and says so by `onDone`: connections that cross it end. Off already, it stays so. */
  switchOff(onDone: () => void): Promise<void> {
    return this.#next(async () => {
      if (this.#status === 'off') return
      this.#become('stopping')
      await this.#stop()
      onDone()
    })
  }

  /** Its part of what the window shows. */
  get view(): Pick<AdversaryView, 'status' | 'fault' | 'wires'> {
    const to = this.options.listeners()
    return {
      status: this.#status,
      fault: this.#fault,
      wires: WIRE_NAMES.map((wire) => ({ wire, at: this.#at.get(wire), to: to[wire] })),
    }
  }

  #relay(wire: WireName): Relay {
    const { environment, connections, lines, onFrame, onLost, serve, onFailure } = this.options
    return new Relay({
      to: () => this.listener(wire),
      timers: environment,
      connections,
      onOpen: (connection) => void this.#lineFor(connection, wire),
      onClose: (connection) => lines.close(this.#lineFor(connection, wire)),
      onFrame: (passing) => onFrame(passing, this.#lineFor(passing.connection, wire)),
      onLost: (connection) => onLost(this.#lineFor(connection, wire)),
      serve: (socket, onFrame) => (wire === 'server' ? serve(socket, onFrame) : undefined),
      onFailure,
    })
  }

  #lineFor(connection: RelayedConnection, wire: WireName): Line {
    const known = this.#lineOf.get(connection)
    if (known) return known
    const { opener, onward, send, cut } = connection
    const line = this.options.lines.add({
      wire,
      kind: 'crossing',
      opener,
      onward,
      ends: ['opener', 'acceptor'],
      send,
      cut,
    })
    this.#lineOf.set(connection, line)
    return line
  }

  async #stop(): Promise<void> {
    this.options.onStop()
    this.#off.abort(new LabError('connection_closed', 'The adversary was switched off.'))
    for (const line of this.options.lines.all) if (line.isOpen) line.options.cut()
    const relays = [...this.#relays.values()]
    this.#relays.clear()
    this.#at.clear()
    await Promise.all(relays.map((relay) => relay.stop()))
    this.#become('off')
  }

  /** Switches one after another. */
  #next(action: () => Promise<void>): Promise<void> {
    const done = this.#switching.then(action, action)
    this.#switching = done.catch(() => undefined)
    return done
  }

  #become(status: AdversaryView['status']): void {
    this.#status = status
    this.options.onSwitched()
    this.options.onChange()
  }
}
