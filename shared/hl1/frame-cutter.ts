/** Cuts what passes into frames, for whoever takes whatever comes and judges nothing of it. */
import type { Bytes } from '../bytes'
import { headerField, HEADER_BYTES, LENGTH_BYTES, lengthLimit } from './frame'

/** Bytes of a stream: a whole frame, or what is none. */
interface Piece {
  readonly bytes: Bytes
  readonly isFrame: boolean
}

/** A step whose frames may be longest. */
const LONGEST_TYPE = 8
const NOTHING: Bytes = new Uint8Array()

/**
 * Cuts a stream of bytes into frames; from the first that can be none on, because it is longer than its type may be, for one, it is led on
 * as it comes. Its work grows with the bytes, in whatever portions they come.
 */
export class FrameCutter {
  /** What has come and was not cut off yet lies in here, from `#start` to `#end`. */
  #buffer: Bytes = NOTHING
  #start = 0
  #end = 0
  #isForeign = false

  add(bytes: Bytes): readonly Piece[] {
    this.#append(bytes)
    const pieces: Piece[] = []
    for (;;) {
      const length = this.#length()
      if (length === undefined) break
      pieces.push({ bytes: this.#buffer.slice(this.#start, this.#start + length), isFrame: !this.#isForeign })
      this.#start += length
    }
    if (this.#start === this.#end) {
      this.#buffer = NOTHING
      this.#start = this.#end = 0
    }
    return pieces
  }

  /** What has come of a frame that did not end. */
  rest(): Bytes {
    return this.#buffer.slice(this.#start, this.#end)
  }

  /** How long the next piece is; undefined while it is not there. */
  #length(): number | undefined {
    const size = this.#end - this.#start
    if (this.#isForeign) return size || undefined
    if (size < LENGTH_BYTES) return undefined
    const header = this.#buffer.subarray(this.#start, this.#start + Math.min(size, HEADER_BYTES))
    const length = headerField(header, 'length')
    // Until its type is there, as much as any may have.
    const type = size < HEADER_BYTES ? LONGEST_TYPE : headerField(header, 'type')
    this.#isForeign = length + LENGTH_BYTES < HEADER_BYTES || length > lengthLimit(type)
    if (this.#isForeign) return size
    return size < length + LENGTH_BYTES ? undefined : length + LENGTH_BYTES
  }

  #append(bytes: Bytes): void {
    const size = this.#end - this.#start
    if (this.#end + bytes.length > this.#buffer.length) {
      // Twice the room each time: every byte is moved a few times at most.
      const room = new Uint8Array(size === 0 ? bytes.length : 2 * (size + bytes.length))
      room.set(this.#buffer.subarray(this.#start, this.#end))
      this.#buffer = room
      this.#start = 0
      this.#end = size
    }
    this.#buffer.set(bytes, this.#end)
    this.#end += bytes.length
  }
}
