/**
 * What a connection says before it has a place: read and kept, until it is enough to go by. A place costs the listener a
 * conversation, and whoever sends a byte or none is not worth one.
 */
import type { Socket } from 'node:net'
import { concat, type Bytes } from '#shared/bytes'
import { passOwnFault } from '#shared/errors'
import {
  checkHeader,
  checkLengthField,
  decodeHeader,
  HEADER_BYTES,
  headerField,
  LENGTH_BYTES,
  type FrameExpectation,
} from '#shared/hl1/frame'

const EVENTS = ['readable', 'end', 'close'] as const
const NOTHING: Bytes = new Uint8Array()

/** Whether these are a whole first frame, or already what will be refused: more of it would change nothing. */
function isEnough(bytes: Bytes, expected: FrameExpectation): boolean {
  try {
    if (bytes.length >= LENGTH_BYTES) checkLengthField(headerField(bytes, 'length'), expected.step)
    if (bytes.length < HEADER_BYTES) return false
    const header = decodeHeader(bytes)
    checkHeader(header, expected)
    return bytes.length >= header.length + LENGTH_BYTES
  } catch (error) {
    passOwnFault(error)
    return true
  }
}

/** Listens to one socket for its first words, between `start` and `stop`. */
export class FirstWords {
  #said: Bytes = NOTHING
  readonly #heard: () => void

  /** @param settle told once: what was said, if that is enough to go by, else undefined. Then nobody listens any more. */
  constructor(
    private readonly socket: Socket,
    private readonly expected: FrameExpectation,
    private readonly settle: (said: Bytes | undefined) => void,
  ) {
    this.#heard = () => this.#hear()
  }

  /** Begins to listen. */
  start(): void {
    for (const event of EVENTS) this.socket.on(event, this.#heard)
    this.#hear()
  }

  /** Listens no longer. */
  stop(): void {
    this.#end(undefined)
  }

  #hear(): void {
    const { socket, expected } = this
    const chunk = socket.read() as Buffer | null
    if (chunk) this.#said = concat(this.#said, new Uint8Array(chunk))
    if (socket.destroyed) return this.#end(undefined)
    // Who has ended in the middle of a frame is refused for that.
    const isAll = socket.readableEnded
    if (isAll || isEnough(this.#said, expected)) this.#end(this.#said.length > 0 ? this.#said : undefined)
  }

  #end(said: Bytes | undefined): void {
    for (const event of EVENTS) this.socket.off(event, this.#heard)
    this.settle(said)
  }
}
