/**
 * A stream as the segments of a TCP connection (RFC 9293): its opening, each frame in segments and its acknowledgement, and its
 * end. What a real one would have had in other numbers (sequence numbers, windows) is made up, and always the same.
 */
import type { Bytes } from '../bytes'
import { otherEnd, type End, type Endpoint } from '../record/connection'
import { packetOf, TCP_FLAGS } from './packets'

/** A packet of a capture. */
export interface CapturePacket {
  /** Microseconds since the Unix epoch. */
  readonly at: number
  readonly bytes: Bytes
  /** What it is, in sentences. */
  readonly comment?: string
}

/** A frame to be sent; `at` in milliseconds since the Unix epoch. */
interface TimedFrame {
  readonly sender: End
  readonly at: number
  readonly frame: Bytes
  readonly comment: string
}

export interface TcpConnection {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly frames: readonly TimedFrame[]
  /** What is said of the opening and of the end. */
  readonly opening: string
  /** Who ends it, and what is said of that; undefined for one that is still open. */
  readonly end: { readonly closer: End; readonly comment: string } | undefined
  /** The longest payload of a segment, which both ends announce; {@link MAX_SEGMENT} unless given. */
  readonly segment?: number
  /** The opener's first sequence number, unless it follows from the next. */
  readonly first?: number
  /** Which of the capture's connections it is: its sequence numbers begin with that. */
  readonly number: number
}

/** The longest payload of a segment: what Ethernet's 1,500 bytes leave. */
const MAX_SEGMENT = 1_460
/** As both ends announce it: so that the longest frame fits without waiting. In units of 2^{@link WINDOW_SHIFT} bytes. */
const WINDOW = 0xffff
const WINDOW_SHIFT = 7
/** Options of the opening: maximum segment size (RFC 9293 section 3.2), no operation, window scale (RFC 7323 section 2.2). */
const openingOptions = (segment: number): Uint8Array =>
  Uint8Array.of(2, 4, segment >> 8, segment & 0xff, 1, 3, 3, WINDOW_SHIFT)
const NOTHING = new Uint8Array()
/** Initial sequence numbers lie that far apart. */
const SEQUENCE_STEP = 0x01_00_00_00
const MICROSECONDS = 1_000
const { SYN, ACK, PSH, FIN } = TCP_FLAGS

/** The packets of a connection, one after another; each has a later time than the one before. */
export function* packetsOf(connection: TcpConnection): Generator<CapturePacket> {
  const { from, to, frames, opening, end, number, first: given, segment = MAX_SEGMENT } = connection
  const next: Record<End, number> = {
    opener: given ?? (number * 2 * SEQUENCE_STEP + 1) % 2 ** 32,
    acceptor: ((number * 2 + 1) * SEQUENCE_STEP + 1) % 2 ** 32,
  }
  let count = 0
  const first = frames[0]?.at ?? 0
  // The opening takes three packets, just before the first frame.
  let at = Math.round(first * MICROSECONDS) - 4
  const send = (sender: End, flags: number, payload: Bytes = NOTHING, comment?: string): CapturePacket => {
    const isFromOpener = sender === 'opener'
    const bytes = packetOf({
      from: isFromOpener ? from : to,
      to: isFromOpener ? to : from,
      isFromOpener,
      sequence: next[sender],
      acknowledgement: (flags & ACK) === 0 ? 0 : next[otherEnd(sender)],
      flags,
      window: WINDOW,
      options: (flags & SYN) === 0 ? NOTHING : openingOptions(segment),
      payload,
      identification: ++count,
    })
    const counted = payload.length + ((flags & (SYN | FIN)) === 0 ? 0 : 1)
    next[sender] = (next[sender] + counted) % 2 ** 32
    at++
    return comment === undefined ? { at, bytes } : { at, bytes, comment }
  }

  yield send('opener', SYN, NOTHING, opening)
  yield send('acceptor', SYN | ACK)
  yield send('opener', ACK)
  for (const { sender, at: sent, frame, comment } of frames) {
    at = Math.max(at, Math.round(sent * MICROSECONDS) - 1)
    const parts = Math.ceil(frame.length / segment)
    for (let part = 0; part < parts; part++) {
      const payload = frame.subarray(part * segment, (part + 1) * segment)
      const isLast = part === parts - 1
      yield send(sender, isLast ? PSH | ACK : ACK, payload, partComment(comment, part, parts))
    }
    yield send(otherEnd(sender), ACK)
  }
  if (!end) return
  yield send(end.closer, FIN | ACK, NOTHING, end.comment)
  yield send(otherEnd(end.closer), FIN | ACK)
  yield send(end.closer, ACK)
}

/** The first part of a frame tells all; the others say of what they are a part. */
function partComment(comment: string, part: number, parts: number): string {
  if (parts === 1) return comment
  const [title = ''] = comment.split(/(?<=\.) /, 1)
  return `${part === 0 ? comment : title} Part ${part + 1} of ${parts}.`
}
