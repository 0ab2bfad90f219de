/** Cuts what passes into frames, for whoever takes whatever comes and judges nothing of it. */
import { concat, type Bytes } from '../bytes'
import { headerField, HEADER_BYTES, LENGTH_BYTES, lengthLimit } from '../hl1/frame'

/** The longest frame of any step, in bytes. */
const LONGEST_FRAME = LENGTH_BYTES + lengthLimit(8)

/** Bytes of a stream: a whole frame, or what is none. */
interface Piece {
  readonly bytes: Bytes
  readonly isFrame: boolean
}

/** Cuts a stream of bytes into frames; from the first that can be none on, it is led on as it comes. */
export class FrameCutter {
  #rest: Bytes = new Uint8Array()
  #isForeign = false

  add(bytes: Bytes): readonly Piece[] {
    this.#rest = this.#rest.length === 0 ? bytes : concat(this.#rest, bytes)
    const pieces: Piece[] = []
    for (;;) {
      const length = this.#length()
      if (length === undefined) break
      pieces.push({ bytes: this.#rest.slice(0, length), isFrame: !this.#isForeign })
      this.#rest = this.#rest.slice(length)
    }
    return pieces
  }

  /** What has come of a frame that did not end. */
  rest(): Bytes {
    return this.#rest
  }

  #length(): number | undefined {
    if (this.#isForeign) return this.#rest.length || undefined
    if (this.#rest.length < LENGTH_BYTES) return undefined
    const length = headerField(this.#rest, 'length') + LENGTH_BYTES
    this.#isForeign = length < HEADER_BYTES || length > LONGEST_FRAME
    if (this.#isForeign) return this.#rest.length
    return this.#rest.length < length ? undefined : length
  }
}
