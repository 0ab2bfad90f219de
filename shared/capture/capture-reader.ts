/**
 * Reads captures, of this app's or of tcpdump's and its kin: the connections of HL/1 in them, each direction cut into frames. Other
 * traffic is counted and left out.
 */
import { concatAll, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { decodeHeader, HEADER_BYTES, LENGTH_BYTES, lengthLimit, TYPE_ALERT, VERSION } from '../hl1/frame'
import { FrameCutter } from '../hl1/frame-cutter'
import { isStepNumber, STEP_NUMBERS, STEPS, type StepNumber } from '../hl1/steps'
import { SUITE_BYTES } from '../hl1/suites'
import { otherEnd, type End, type Endpoint } from '../record/connection'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { segmentOf } from './link-layers'
import { readPackets } from './packet-reader'
import { TcpReader, turnedAround, type Gap, type Run, type TcpStreams } from './tcp-reader'

/** What is read at most. */
export const CAPTURE_BOUNDS = {
  /** Bytes of a file. */
  bytes: 256 * 1024 * 1024,
  packets: 4_000_000,
  connections: 100_000,
} as const

/** A frame that was captured. */
export interface CapturedFrame {
  readonly sender: End
  /** When the packet that completed it was captured: milliseconds since the Unix epoch, with their fraction. */
  readonly at: number
  /** The number of that packet, from 1, as Wireshark counts. */
  readonly packet: number
  readonly frame: Bytes
}

/** A connection of HL/1. */
export interface CapturedConnection {
  readonly from: Endpoint
  readonly to: Endpoint
  /** Its opening is in the capture; otherwise who has opened it follows from its frames. */
  readonly hasOpening: boolean
  readonly ending: 'finished' | 'reset' | undefined
  /** In the order in which they were complete. */
  readonly frames: readonly CapturedFrame[]
  /** What was sent and is not in the capture. */
  readonly gaps: readonly Gap[]
  /** Bytes that are in no whole frame. */
  readonly leftOver: Readonly<Record<End, number>>
}

export interface ReadCapture {
  readonly connections: readonly CapturedConnection[]
  readonly packets: number
  /** What was left out: connections that are none of HL/1, and packets that are no TCP over IPv4. */
  readonly others: { readonly connections: number; readonly packets: number }
  /** Where the file breaks off within a packet; undefined for one that does not. */
  readonly cutOffAt: number | undefined
}

/**
 * Reads a capture, in turns with other work. Its time and memory grow with the file's length.
 * @throws LabError `bad_capture` with the byte where what can't be read begins, `capture_too_large`
 */
export async function readCapture(
  file: Bytes,
  bounds: Readonly<Record<keyof typeof CAPTURE_BOUNDS, number>> = CAPTURE_BOUNDS,
): Promise<ReadCapture> {
  if (file.length > bounds.bytes)
    throw new LabError(
      'capture_too_large',
      `The file has ${file.length} bytes; no more than ${bounds.bytes} are read.`,
    )
  const tcp = new TcpReader(bounds.connections)
  const others = { connections: 0, packets: 0 }
  const reading = readPackets(file)
  let packets = 0
  let turnAt = BYTES_PER_TURN
  let read = reading.next()
  for (; read.done !== true; read = reading.next()) {
    const { linkType, bytes, at, offset } = read.value
    if (++packets > bounds.packets)
      throw new LabError('capture_too_large', `The capture has more than ${bounds.packets} packets.`, {
        offset,
      })
    const segment = segmentOf(linkType, bytes)
    if (segment) tcp.add(segment, packets, at)
    else others.packets++
    if (offset < turnAt) continue
    turnAt = offset + BYTES_PER_TURN
    await nextTurn()
  }
  const connections: CapturedConnection[] = []
  let sinceTurn = 0
  for (const streams of tcp.finish()) {
    const found = connectionOf(streams)
    if (found) connections.push(found)
    else others.connections++
    sinceTurn += sizeOf(streams) + HEADER_BYTES
    if (sinceTurn < BYTES_PER_TURN) continue
    sinceTurn = 0
    await nextTurn()
  }
  return { connections, packets, others, cutOffAt: read.value.cutOffAt }
}

function sizeOf({ runs }: TcpStreams): number {
  const pieces = [...runs.opener, ...runs.acceptor].flatMap((run) => run.pieces)
  return pieces.reduce((sum, { bytes }) => sum + bytes.length, 0)
}

/** A connection's frames; undefined where neither end has begun with one. */
function connectionOf(streams: TcpStreams): CapturedConnection | undefined {
  const cut = (sender: End): Cut => cutRuns(streams.runs[sender], sender, streams.hasOpening)
  const opener = cut('opener')
  const acceptor = cut('acceptor')
  const frames = [...opener.frames, ...acceptor.frames].sort((one, other) => one.packet - other.packet)
  if (!frames.some(({ frame }) => isLikely(frame))) return undefined
  const connection = {
    from: streams.from,
    to: streams.to,
    hasOpening: streams.hasOpening,
    ending: streams.ending,
    frames,
    gaps: streams.gaps,
    leftOver: { opener: opener.leftOver, acceptor: acceptor.leftOver },
  }
  if (streams.hasOpening || openerIn(frames) !== 'acceptor') return connection
  const { from, to, gaps } = turnedAround(streams)
  return {
    ...connection,
    ...{ from, to, gaps, leftOver: { opener: acceptor.leftOver, acceptor: opener.leftOver } },
    frames: frames.map((frame) => ({ ...frame, sender: otherEnd(frame.sender) })),
  }
}

interface Cut {
  readonly frames: readonly CapturedFrame[]
  readonly leftOver: number
}

/** Cuts what one end has sent. Behind a gap, and where the beginning is not there, it goes on where a frame is likely to begin. */
function cutRuns(runs: readonly Run[], sender: End, hasOpening: boolean): Cut {
  const frames: CapturedFrame[] = []
  let leftOver = 0
  for (const { start, pieces } of runs) {
    let skipped = start === 0 && hasOpening ? 0 : likelyStart(concatAll(pieces.map(({ bytes }) => bytes)))
    leftOver += skipped
    const cutter = new FrameCutter()
    for (const { bytes, packet, at } of pieces) {
      const rest = bytes.subarray(Math.min(skipped, bytes.length))
      skipped -= bytes.length - rest.length
      for (const piece of cutter.add(rest)) {
        if (piece.isFrame) frames.push({ sender, at, packet, frame: piece.bytes })
        else leftOver += piece.bytes.length
      }
    }
    leftOver += cutter.rest().length
  }
  return { frames, leftOver }
}

/** Where the first frame is likely to begin; the length of all for none. */
function likelyStart(bytes: Bytes): number {
  for (let at = 0; at + HEADER_BYTES <= bytes.length; at++) {
    // One look at a byte that is nearly always another, before all others.
    if (bytes[at + LENGTH_BYTES] === VERSION && isLikely(bytes.subarray(at, at + HEADER_BYTES))) return at
  }
  return bytes.length
}

/** Whether these bytes begin a frame as somebody sends it who follows the protocol. */
function isLikely(bytes: Bytes): boolean {
  if (bytes.length < HEADER_BYTES) return false
  const { length, version, type, suite, flags } = decodeHeader(bytes)
  return (
    version === VERSION &&
    (isStepNumber(type) || type === TYPE_ALERT) &&
    SUITE_BYTES.includes(suite) &&
    flags === 0 &&
    length >= HEADER_BYTES - LENGTH_BYTES &&
    length <= lengthLimit(type)
  )
}

/** Steps that whoever has opened a connection sends: the first one of it, and those of the same role after it. */
const OPENERS_STEPS: ReadonlySet<number> = new Set(
  STEP_NUMBERS.filter((step) => STEP_NUMBERS.every((other) => STEPS[other].then !== step)).flatMap(
    openersFrom,
  ),
)

function openersFrom(first: StepNumber): readonly StepNumber[] {
  const seen: StepNumber[] = []
  for (let step: StepNumber | undefined = first; step && !seen.includes(step); step = STEPS[step].then)
    seen.push(step)
  return seen.filter((step) => STEPS[step].from === STEPS[first].from)
}

/** Who has opened a connection, by the first frame of a step; undefined where there is none. */
function openerIn(frames: readonly CapturedFrame[]): End | undefined {
  const first = frames.find(({ frame }) => isLikely(frame) && isStepNumber(decodeHeader(frame).type))
  if (!first) return undefined
  return OPENERS_STEPS.has(decodeHeader(first.frame).type) ? first.sender : otherEnd(first.sender)
}
