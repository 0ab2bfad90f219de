/** Frames over a pipe of bytes: a socket in the main process, a channel to main in the client's window, memory in tests. */
import { concat, type Bytes } from '../../bytes'
import { LabError, passOwnFault } from '../../errors'
import { BYTES_PER_TURN, nextTurn } from '../../turn'
import { ProtocolError } from '../alerts'
import { Deadline, type Timers } from './deadline'
import {
  checkHeader,
  checkLengthField,
  decodeHeader,
  HEADER_BYTES,
  headerField,
  LENGTH_BYTES,
  type FrameExpectation,
} from '../frame'

/** Bytes both ways. Every wait ends, with the signal's reason, when the signal aborts; a read that is given up loses nothing. */
export interface BytePipe {
  /** The next bytes, at least one; undefined when the peer has ended. */
  readonly read: (signal: AbortSignal) => Promise<Bytes | undefined>
  readonly write: (bytes: Bytes, signal: AbortSignal) => Promise<void>
  /** Sends no more, and still reads; a pipe that has only one way to end closes instead. */
  readonly finish?: () => void
  /** Sends what is still under way, then closes. Closing twice is harmless. */
  readonly close: () => void
}

/** How long a peer may take, in milliseconds. `idle` undefined: it may think as long as it likes before it begins. */
export interface ReceiveLimits {
  /** From the moment of waiting to the last byte of the frame. */
  readonly idle: number | undefined
  /** From the first byte of the frame to the last. */
  readonly frame: number
}

/** What a driver sends and receives with. A wait ends with each of its signals. */
export interface Transport {
  /**
   * Sends a frame; `limit`: milliseconds that the peer has to take it.
   * @throws LabError `connection_closed` when the peer has not taken it by then, or is gone
   */
  readonly send: (frame: Bytes, limit: number, signal: AbortSignal) => Promise<void>
  /**
   * The next frame. Reading stops where the frame can't be accepted: then the result is what was read until there (its
   * header, or all there was before the peer ended), which accepting will refuse for the same reason.
   * @throws LabError `connection_closed` when the peer ended between two frames; ProtocolError `timeout`
   */
  readonly receive: (
    expected: FrameExpectation,
    limits: ReceiveLimits,
    ...signals: readonly AbortSignal[]
  ) => Promise<Bytes>
  /** Resolves when something has come that was not received yet, or the peer has ended. Takes nothing of it. */
  readonly arrival: (...signals: readonly AbortSignal[]) => Promise<void>
  /** Sends no more; what the peer still has to say can be received, where the pipe lets it. */
  readonly finish: () => void
  readonly close: () => void
}

/** Cuts a pipe's bytes into frames. No memory is taken for a body before its header was found good. */
export function frameTransport(pipe: BytePipe, timers: Timers): Transport {
  let rest: Bytes = new Uint8Array()
  let ended = false
  const [sending, receiving] = [new Deadline(timers), new Deadline(timers)]

  /** Sees to it that bytes are there; false when the peer has ended instead. */
  async function more(signal: AbortSignal): Promise<boolean> {
    if (rest.length > 0) return true
    const chunk = ended ? undefined : await pipe.read(signal)
    if (chunk) rest = chunk
    else ended = true
    return !ended
  }

  async function receive(
    expected: FrameExpectation,
    limits: ReceiveLimits,
    ...signals: readonly AbortSignal[]
  ): Promise<Bytes> {
    // Who has sent ahead, and so keeps this side busy without a pause, lets others have their turn before each message.
    if (rest.length > 0) await nextTurn()
    const either = receiving.begin(...signals)
    const late = (limit: number) => (): Error => {
      const message = `No whole message came within ${Math.round(limit / 1000)} s.`
      return new ProtocolError({ code: 'timeout', step: expected.step, message })
    }
    if (limits.idle !== undefined) receiving.set(limits.idle, late(limits.idle))
    let begun = false
    const begin = (): void => {
      if (!begun) receiving.set(limits.frame, late(limits.frame))
      begun = true
    }
    try {
      const start = await fill(new Uint8Array(LENGTH_BYTES), 0, either, begin)
      if (start.length === 0) throw new LabError('connection_closed', 'The peer has closed the connection.')
      if (
        start.length < LENGTH_BYTES ||
        isRefused(() => checkLengthField(headerField(start, 'length'), expected.step))
      )
        return start
      const header = await fill(
        concat(start, new Uint8Array(HEADER_BYTES - LENGTH_BYTES)),
        LENGTH_BYTES,
        either,
        begin,
      )
      if (header.length < HEADER_BYTES || isRefused(() => checkHeader(decodeHeader(header), expected)))
        return header
      const frame = new Uint8Array(headerField(header, 'length') + LENGTH_BYTES)
      frame.set(header)
      const filled = await fill(frame, HEADER_BYTES, either, begin)
      if (frame.length > BYTES_PER_TURN) await nextTurn()
      return filled
    } finally {
      receiving.clear()
    }
  }

  /** Fills a buffer from `offset` on; shorter when the peer ended before. */
  async function fill(buffer: Bytes, offset: number, signal: AbortSignal, begin: () => void): Promise<Bytes> {
    let filled = offset
    while (filled < buffer.length) {
      if (!(await more(signal))) return buffer.slice(0, filled)
      begin()
      const taken = rest.subarray(0, buffer.length - filled)
      buffer.set(taken, filled)
      filled += taken.length
      rest = rest.subarray(taken.length)
    }
    return buffer
  }

  async function send(frame: Bytes, limit: number, signal: AbortSignal): Promise<void> {
    const either = sending.begin(signal)
    const message = 'The peer did not take the message in time.'
    sending.set(limit, () => new LabError('connection_closed', message))
    try {
      await pipe.write(frame, either)
    } finally {
      sending.clear()
    }
  }

  return {
    send,
    receive,
    arrival: async (...signals) => {
      try {
        await more(receiving.begin(...signals))
      } finally {
        receiving.clear()
      }
    },
    finish: pipe.finish ?? pipe.close,
    close: pipe.close,
  }
}

function isRefused(check: () => void): boolean {
  try {
    check()
    return false
  } catch (error) {
    passOwnFault(error)
    return true
  }
}
