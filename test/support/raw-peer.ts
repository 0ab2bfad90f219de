/** A TCP client that sends whatever bytes it is told to, for playing someone who doesn't keep to the protocol. */
import { connect, type Socket } from 'node:net'
import type { Ends } from '#main/net/socket-pipe'
import { concat, type Bytes } from '#shared/bytes'
import { decodeAlert, type Alert } from '#shared/hl1/alerts'
import { decodeHeader, HEADER_BYTES, headerField, TYPE_ALERT } from '#shared/hl1/frame'

/** How long a listener may take to answer, milliseconds: generous, for machines that are busy. */
const PATIENCE_MS = 20_000

/** Both ends of a socket, as it sees them; `port` of a peer that has not been reached yet. */
export function endsOf(socket: Socket, port?: number): Ends {
  const peer = { address: socket.remoteAddress ?? '127.0.0.1', port: socket.remotePort ?? port ?? 0 }
  return { local: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 }, peer }
}

export class RawPeer {
  #received: Bytes = new Uint8Array()
  #ended = false
  #wake: (() => void) | undefined

  private constructor(readonly socket: Socket) {
    const wake = (): void => this.#wake?.()
    socket.on('data', (chunk: Buffer) => {
      this.#received = concat(this.#received, chunk)
      wake()
    })
    for (const event of ['end', 'close'] as const) {
      socket.on(event, () => {
        this.#ended = true
        wake()
      })
    }
    // A reset shows as the end, which is what is asked about.
    socket.on('error', () => undefined)
  }

  /** `from`: the port to come from; `onBound` learns both ends before the listener can know of the connection. */
  static async connect(
    port: number,
    options: { readonly from?: number; readonly onBound?: (ends: Ends) => void } = {},
  ): Promise<RawPeer> {
    const { from, onBound } = options
    const socket = connect({
      host: '127.0.0.1',
      port,
      allowHalfOpen: true,
      ...(from === undefined ? {} : { localPort: from }),
    })
    if (onBound) process.nextTick(() => onBound(endsOf(socket, port)))
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', reject)
    })
    return RawPeer.of(socket)
  }

  /** For a socket that is connected already. */
  static of(socket: Socket): RawPeer {
    socket.setNoDelay(true)
    return new RawPeer(socket)
  }

  /** The address that the listener sees. */
  get local(): { readonly address: string; readonly port: number } {
    return { address: this.socket.localAddress ?? '', port: this.socket.localPort ?? 0 }
  }

  /** Sends bytes; that the listener has closed in between is no error here. */
  async send(bytes: Bytes): Promise<void> {
    if (!this.socket.writable) return
    await new Promise<void>((resolve) => this.socket.write(bytes, () => resolve()))
  }

  /** Sends no more, and still listens. */
  finish(): void {
    this.socket.end()
  }

  /** Leaves without a word: the listener gets a reset. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  close(): void {
    this.socket.destroy()
  }

  /** The next whole frame; undefined when the listener has closed instead. */
  async frame(): Promise<Bytes | undefined> {
    const header = await this.#take(HEADER_BYTES)
    if (!header) return undefined
    const body = await this.#take(decodeHeader(header).length + 4 - HEADER_BYTES)
    return body && concat(header, body)
  }

  /** The listener's alert, after which it has closed. */
  async alert(): Promise<Alert> {
    const frame = await this.frame()
    if (!frame) throw new Error('The listener closed without an alert.')
    const type = headerField(frame, 'type')
    if (type !== TYPE_ALERT) throw new Error(`The listener sent type ${type}, no alert.`)
    await this.end()
    return decodeAlert(frame.slice(HEADER_BYTES), -1)
  }

  /** Waits until the listener has closed, and throws when it says anything before. */
  async end(): Promise<void> {
    if (await this.#take(1)) throw new Error('The listener said more.')
  }

  async #take(count: number): Promise<Bytes | undefined> {
    const deadline = Date.now() + PATIENCE_MS
    while (this.#received.length < count) {
      if (this.#ended) return undefined
      if (Date.now() > deadline) throw new Error('The listener did not answer.')
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 250)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
    const taken = this.#received.slice(0, count)
    this.#received = this.#received.slice(count)
    return taken
  }
}
