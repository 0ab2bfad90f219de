/**
 * The connections of one lab. Nothing about a connection's identity is on the wire: whoever opens one says so here, before
 * anything can be accepted, and the acceptor finds it by the two ends that it sees. Each is found once; an address that is
 * used again later finds nothing.
 */
import type { Connection, Endpoint } from '#shared/record/connection'
import type { Role } from '#shared/hl1/roles'
import { connect, type Ends, type OpenSocket, type Timers } from './socket-pipe'

/** Which role opens a connection to which. */
export interface Parties {
  readonly opener: Role | undefined
  readonly acceptor: Role
}

/** A connection that this program has opened. */
export interface OpenConnection {
  readonly socket: OpenSocket
  readonly connection: Connection
}

export class Connections {
  /** Those that were opened and that nobody has accepted yet, by the ends that an acceptor will see. */
  readonly #expected = new Map<string, Connection>()
  #count = 0

  /**
   * Connects to a listener, or to whoever relays to it.
   * @throws LabError `connection_refused`; the signal's reason
   */
  async open(to: Endpoint, parties: Parties, timers: Timers, signal: AbortSignal): Promise<OpenConnection> {
    let connection: Connection | undefined
    const expect = (ends: Ends): Connection => (connection ??= this.#expect(ends, parties))
    try {
      const socket = await connect(to, timers, signal, expect)
      const opened = expect(socket)
      socket.onClose(() => this.#abandon(opened))
      return { socket, connection: opened }
    } catch (error) {
      if (connection) this.#abandon(connection)
      throw error
    }
  }

  /** The connection that an acceptor sees these ends of; one of its own where nobody here has opened it. */
  accept({ local, peer }: Ends, acceptor: Role): Connection {
    const found = this.#take({ local: peer, peer: local })
    return found ?? this.#make({ local: peer, peer: local }, { opener: undefined, acceptor })
  }

  /** Whether this program has opened what came to a relay, `incoming` as the relay sees it. */
  hasOpened(incoming: Ends): boolean {
    return this.#expected.has(keyOf({ local: incoming.peer, peer: incoming.local }))
  }

  /** What has come to a relay goes on from it: `incoming` and `outgoing` as the relay sees its two sockets. */
  relay(incoming: Ends, outgoing: Ends): void {
    const connection = this.#take({ local: incoming.peer, peer: incoming.local })
    if (connection) this.#expected.set(keyOf(outgoing), connection)
  }

  #expect(ends: Ends, parties: Parties): Connection {
    const connection = this.#make(ends, parties)
    this.#expected.set(keyOf(ends), connection)
    return connection
  }

  #take(ends: Ends): Connection | undefined {
    const key = keyOf(ends)
    const connection = this.#expected.get(key)
    this.#expected.delete(key)
    return connection
  }

  #abandon(connection: Connection): void {
    for (const [key, expected] of this.#expected) if (expected === connection) this.#expected.delete(key)
  }

  #make({ local, peer }: Ends, { opener, acceptor }: Parties): Connection {
    return { id: `connection-${++this.#count}`, opener, acceptor, from: local, to: peer, suite: undefined }
  }
}

/** Two ends as their opener sees them. */
function keyOf({ local, peer }: Ends): string {
  return `${local.address}:${local.port} ${peer.address}:${peer.port}`
}
