/** The client's connection to the server: main opens the socket and passes bytes; it never looks into them. */
import { setMaxListeners } from 'node:events'
import { LabError } from '#shared/errors'
import type { LinkInfo } from '#shared/ipc/contract'
import type { Bytes } from '#shared/bytes'
import type { Connection, Endpoint } from '#shared/record/connection'
import type { Walk } from '../lab/walk'
import type { OpenConnection } from '../net/connections'
import type { RoleContext } from '../net/converse'

/** Links that one window may hold open at once. */
const MAX_LINKS = 64

const TO_SERVER = { opener: 'client', acceptor: 'server' } as const

interface Link extends OpenConnection {
  readonly abort: AbortController
  /** The page waits for bytes. */
  isRead: boolean
}

export class ClientLinks {
  readonly #links = new Map<number, Link>()
  /** Aborts when the window's page goes away, for connections that are still being made. */
  #page = newPage()
  #opening = 0
  #count = 0

  constructor(
    private readonly context: Pick<RoleContext, 'connections' | 'environment'>,
    /** What the links belong to. */
    private readonly walk: Pick<Walk, 'join' | 'leave'>,
  ) {}

  /** Connections that are open. */
  get count(): number {
    return this.#links.size
  }

  /**
   * `server`: where to connect to, the server or whoever relays to it.
   * @throws LabError `connection_refused`, `connection_closed` when the page went away meanwhile, `too_many_links`
   */
  async open(server: Endpoint): Promise<Omit<LinkInfo, 'patient'>> {
    if (this.#links.size + this.#opening >= MAX_LINKS)
      throw new LabError('too_many_links', 'This window has too many connections open.')
    const { signal } = this.#page
    const { socket, connection } = await this.#connect(server, signal)
    if (signal.aborted) {
      socket.pipe.close()
      signal.throwIfAborted()
    }
    const id = ++this.#count
    this.#links.set(id, { socket, connection, abort: new AbortController(), isRead: false })
    this.walk.join(connection)
    return { id, connection }
  }

  /**
   * The next bytes from the server; undefined when it has ended.
   * @throws LabError `connection_closed`; `already_running` while bytes are waited for already
   */
  async read(id: number): Promise<Bytes | undefined> {
    const link = this.#get(id)
    if (link.isRead) throw new LabError('already_running', 'This connection is read already.')
    link.isRead = true
    try {
      return await link.socket.pipe.read(link.abort.signal)
    } finally {
      link.isRead = false
    }
  }

  async write(id: number, bytes: Bytes): Promise<undefined> {
    const { socket, abort } = this.#get(id)
    await socket.pipe.write(bytes, abort.signal)
    return undefined
  }

  /** What a link is to everybody else; undefined for one that is closed. */
  connectionOf(id: number): Connection | undefined {
    return this.#links.get(id)?.connection
  }

  /** Closing what is closed already is harmless. */
  close(id: number): void {
    const link = this.#links.get(id)
    if (!link) return
    this.#links.delete(id)
    link.abort.abort(new LabError('connection_closed', 'The connection was closed.'))
    link.socket.pipe.close()
    this.walk.leave(link.connection)
  }

  /** The window's page is gone: nobody is left to read or close. */
  closeAll(): void {
    this.#page.abort(new LabError('connection_closed', 'The window’s page is gone.'))
    this.#page = newPage()
    for (const id of this.#links.keys()) this.close(id)
  }

  async #connect(server: Endpoint, signal: AbortSignal): Promise<OpenConnection> {
    this.#opening++
    try {
      const { connections, environment } = this.context
      return await connections.open(server, TO_SERVER, environment, signal)
    } finally {
      this.#opening--
    }
  }

  #get(id: number): Link {
    const link = this.#links.get(id)
    if (!link) throw new LabError('connection_closed', 'This connection is closed.')
    return link
  }
}

/** Aborts when the page is gone. Every connection of it listens: more than ten are no sign of a leak. */
function newPage(): AbortController {
  const page = new AbortController()
  setMaxListeners(0, page.signal)
  return page
}
