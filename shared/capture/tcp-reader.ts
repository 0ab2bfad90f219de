/**
 * Connections of TCP put together from captured segments: out of order, doubled, overlapping, with others missing, with sequence
 * numbers that wrap around and ports that are used again.
 */
import type { Bytes } from '../bytes'
import { LabError } from '../errors'
import { otherEnd, type End, type Endpoint } from '../record/connection'
import type { CapturedSegment } from './link-layers'
import { TCP_FLAGS } from './packets'

/** Bytes of a stream that a segment has brought. */
export interface Piece {
  readonly bytes: Bytes
  /** The packet with which all until here was there, by its number, and its time in milliseconds since the Unix epoch. */
  readonly packet: number
  readonly at: number
}

/** Bytes of a stream without a hole in them. */
export interface Run {
  /** Which byte of the stream, from 0, it begins with. */
  readonly start: number
  readonly pieces: readonly Piece[]
}

/** Bytes that one end has sent and the capture has not. */
export interface Gap {
  readonly sender: End
  /** How many bytes of the stream were before it. */
  readonly after: number
  readonly bytes: number
}

/** One connection; where its opening is not in the capture, who sent the first packet of it stands for the opener. */
export interface TcpStreams {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly hasOpening: boolean
  readonly ending: 'finished' | 'reset' | undefined
  readonly runs: Readonly<Record<End, readonly Run[]>>
  readonly gaps: readonly Gap[]
}

interface Part {
  /** Where in the stream it begins; before 0 what came before the first byte that was seen. */
  readonly start: number
  readonly payload: Bytes
  readonly packet: number
  readonly at: number
}

/** What was seen of one direction. */
interface Direction {
  /** The last sequence number that was seen, and which byte of the stream it stands for. */
  last: { readonly sequence: number; readonly place: number } | undefined
  /** The number of its SYN. */
  opening: number | undefined
  /** Where its FIN stands. */
  end: number | undefined
  readonly parts: Part[]
}

interface Open {
  readonly from: Endpoint
  readonly to: Endpoint
  readonly directions: Readonly<Record<End, Direction>>
  isReset: boolean
}

const { SYN, ACK, FIN, RST } = TCP_FLAGS

export class TcpReader {
  readonly #all: Open[] = []
  /** The newest connection between two ends, by both as {@link pairOf} has them. */
  readonly #newest = new Map<string, Open>()

  /** @param most connections that are kept */
  constructor(private readonly most: number) {}

  /**
   * Takes one more segment.
   * @param packet counts up
   * @throws LabError `capture_too_large`
   */
  add(segment: CapturedSegment, packet: number, at: number): void {
    const { from, to, flags, sequence, payload } = segment
    const isOpening = (flags & SYN) !== 0
    const sender = this.#senderOf(segment)
    const pair = pairOf(from, to)
    let open = this.#newest.get(pair)
    const known = open && directionOf(open, from).opening
    // A SYN with another number is another connection, and one with the same was sent again. An answer to the opener's is none.
    const isOther = isOpening && (flags & ACK) === 0 && known !== undefined && known !== sequence
    const isReopened =
      isOpening && (flags & ACK) === 0 && open !== undefined && known === undefined && isSeen(open)
    if (!open || isOther || isReopened) {
      open = this.#begin(sender === 'opener' ? from : to, sender === 'opener' ? to : from)
      this.#newest.set(pair, open)
    }
    const direction = directionOf(open, from)
    if (isOpening) {
      direction.opening = sequence
      direction.last ??= { sequence: (sequence + 1) >>> 0, place: 0 }
      if ((flags & RST) === 0) return
    }
    const place = placeOf(direction, sequence)
    if ((flags & FIN) !== 0) direction.end = place + payload.length
    if ((flags & RST) !== 0) open.isReset = true
    if (payload.length > 0) direction.parts.push({ start: place, payload, packet, at })
  }

  /** All connections, in the order in which they were first seen, without what was not sent. */
  *finish(): Generator<TcpStreams> {
    for (const { from, to, directions, isReset } of this.#all) {
      const gaps: Gap[] = []
      const runs = {
        opener: runsOf(directions.opener, 'opener', gaps),
        acceptor: runsOf(directions.acceptor, 'acceptor', gaps),
      }
      const hasOpening = directions.opener.opening !== undefined || directions.acceptor.opening !== undefined
      const isFinished = directions.opener.end !== undefined || directions.acceptor.end !== undefined
      yield {
        from,
        to,
        hasOpening,
        ending: isReset ? 'reset' : isFinished ? 'finished' : undefined,
        runs,
        gaps,
      }
    }
  }

  /** Who has sent a segment that begins a connection: a SYN that answers one comes from the acceptor. */
  #senderOf({ flags }: CapturedSegment): End {
    return (flags & SYN) !== 0 && (flags & ACK) !== 0 ? 'acceptor' : 'opener'
  }

  #begin(from: Endpoint, to: Endpoint): Open {
    if (this.#all.length === this.most)
      throw new LabError(
        'capture_too_large',
        `The capture has more than ${this.most} connections. Save a part of it, by a filter on ports.`,
      )
    const directions = { opener: newDirection(), acceptor: newDirection() }
    const open = { from, to, directions, isReset: false }
    this.#all.push(open)
    return open
  }
}

function newDirection(): Direction {
  return { last: undefined, opening: undefined, end: undefined, parts: [] }
}

function isSeen({ directions }: Open): boolean {
  return directions.opener.last !== undefined || directions.acceptor.last !== undefined
}

/** Both ends of a connection, whichever of them sends. */
function pairOf(one: Endpoint, other: Endpoint): string {
  const [a, b] = [`${one.address}:${one.port}`, `${other.address}:${other.port}`]
  return a < b ? `${a} ${b}` : `${b} ${a}`
}

function directionOf({ from, directions }: Open, sender: Endpoint): Direction {
  const end: End = sender.address === from.address && sender.port === from.port ? 'opener' : 'acceptor'
  return directions[end]
}

/** Which byte of the stream a sequence number stands for: the one nearest to the last that was seen (RFC 9293 section 3.4). */
function placeOf(direction: Direction, sequence: number): number {
  const { last } = direction
  const place = last ? last.place + ((sequence - last.sequence) | 0) : 0
  if (!last || place > last.place) direction.last = { sequence, place }
  return place
}

/** The bytes of a direction in their order. Of bytes that came twice, the first counts, as it did for the receiver. */
function runsOf({ parts, opening, end }: Direction, sender: End, gaps: Gap[]): readonly Run[] {
  const sorted = parts.toSorted((one, other) => one.start - other.start || one.packet - other.packet)
  const runs: { start: number; pieces: Piece[] }[] = []
  const origin = opening === undefined ? (sorted[0]?.start ?? 0) : 0
  let next = origin
  let packet = -1
  let at = 0
  const skipTo = (place: number): void => {
    gaps.push({ sender, after: next - origin, bytes: place - next })
    next = place
    runs.push({ start: next - origin, pieces: [] })
  }
  for (const part of sorted) {
    const stop = part.start + part.payload.length
    if (stop <= next) continue
    if (part.start > next) skipTo(part.start)
    else if (runs.length === 0) runs.push({ start: 0, pieces: [] })
    if (part.packet > packet) ({ packet, at } = part)
    runs.at(-1)?.pieces.push({ bytes: part.payload.subarray(next - part.start), packet, at })
    next = stop
  }
  if (end !== undefined && end > next && (sorted.length > 0 || opening !== undefined))
    gaps.push({ sender, after: next - origin, bytes: end - next })
  return runs
}

/** The same connection seen from its other end, where that one turns out to have opened it. */
export function turnedAround({ from, to, runs, gaps, ...rest }: TcpStreams): TcpStreams {
  return {
    ...rest,
    from: to,
    to: from,
    runs: { opener: runs.acceptor, acceptor: runs.opener },
    gaps: gaps.map((gap) => ({ ...gap, sender: otherEnd(gap.sender) })),
  }
}
