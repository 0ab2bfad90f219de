/**
 * Captures: what was recorded of connections, written as a capture of the packets that it was (pcapng), so that Wireshark and its
 * kin show it. Frames and times are those of the records; what TCP did around them is made up.
 */
import { concatAll, type Bytes } from '../bytes'
import { LabError } from '../errors'
import { headerField, TYPE_ALERT } from '../hl1/frame'
import { isStepNumber, STEPS } from '../hl1/steps'
import type { End, Endpoint } from '../record/connection'
import { conversationsOf } from '../record/conversation'
import type { JournalEntry } from '../record/record'
import { DEFAULT_SETTINGS } from '../settings'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { enhancedPacket, interfaceDescription, sectionHeader } from './pcapng-blocks'
import { packetsOf, type CapturePacket } from './segments'
import { closingSentence, frameSentence, openingSentence } from './sentences'
import { streamsOf, type Stream } from './streams'

export interface CaptureOptions {
  /** The app, with its version. */
  readonly application: string
  /** Connections that have not ended, by their ids: they get no end. */
  readonly open?: ReadonlySet<string>
  /** Where roles listen, by role: the way on from whoever relays leads there. The protocol's own ports unless said. */
  readonly listeners?: Readonly<Record<string, Endpoint>>
  /** Bytes that the file may have at most. */
  readonly most?: number
}

const INTERFACE = {
  name: 'handshake-lab',
  description: 'Connections of Handshake Lab, as it has recorded them',
}
const ABOUT =
  'Written from the records of a run. Frames and their times are those of the records; TCP’s own numbers and the packets that carry no frame are made up.'
const DEFAULT_MOST = 256 * 1024 * 1024
const LISTENERS: Readonly<Record<string, Endpoint>> = {
  authority: { address: '127.0.0.1', port: DEFAULT_SETTINGS.authorityPort },
  server: { address: '127.0.0.1', port: DEFAULT_SETTINGS.serverPort },
}

/**
 * Writes a capture of all connections that the records are of, in turns with other work.
 * @throws LabError `capture_empty` where there is no frame at all, `capture_too_large`, `bad_argument` for an address that is
 *   none of IPv4
 */
export async function writeCapture(
  entries: readonly JournalEntry[],
  options: CaptureOptions,
): Promise<Bytes> {
  const { application, most = DEFAULT_MOST } = options
  const packets: CapturePacket[] = []
  let size = 0
  let sinceTurn = 0
  for (const [index, stream] of conversationsOf(entries).flatMap(streamsOf).entries()) {
    for (const packet of packetsOf(tcpOf(stream, index, options))) {
      packets.push(packet)
      size += packet.bytes.length
      sinceTurn += packet.bytes.length
      if (size > most)
        throw new LabError(
          'capture_too_large',
          `The capture would be longer than ${most} bytes. Save fewer connections.`,
        )
      if (sinceTurn < BYTES_PER_TURN) continue
      sinceTurn = 0
      await nextTurn()
    }
  }
  if (packets.length === 0)
    throw new LabError('capture_empty', 'No message was recorded yet. Make a run, then save its capture.')
  // A stable order: packets of one stream stay as they are.
  packets.sort((one, other) => one.at - other.at)
  const blocks = [
    sectionHeader(application, ABOUT),
    interfaceDescription(INTERFACE.name, INTERFACE.description),
  ]
  for (const { at, bytes, comment } of packets) {
    blocks.push(enhancedPacket(at, bytes, comment))
    sinceTurn += bytes.length
    if (sinceTurn < BYTES_PER_TURN) continue
    sinceTurn = 0
    await nextTurn()
  }
  return concatAll(blocks)
}

function tcpOf(
  stream: Stream,
  number: number,
  { open, listeners = {} }: CaptureOptions,
): Parameters<typeof packetsOf>[0] {
  const { connection, passages } = stream
  const closer = closerOf(stream)
  return {
    ...endpointsOf(stream, { ...LISTENERS, ...listeners }),
    number,
    opening: openingSentence(stream),
    frames: passages.map((passage) => ({
      sender: passage.sender,
      at: passage.at,
      frame: passage.frame,
      comment: frameSentence(stream, passage),
    })),
    end: open?.has(connection.id) ? undefined : { closer, comment: closingSentence(stream, closer) },
  }
}

/** The ends of a stream. Of the way on from whoever relays, its own end is in no record: the opener's port stands in for it. */
function endpointsOf(
  { connection: { from, to, acceptor }, side }: Stream,
  listeners: Readonly<Record<string, Endpoint>>,
): { readonly from: Endpoint; readonly to: Endpoint } {
  if (side !== 'acceptor') return { from, to }
  const onward = listeners[acceptor] ?? to
  const isTaken = onward.address === to.address && onward.port === to.port
  return { from: isTaken ? { ...from, port: from.port === 1 ? 2 : from.port - 1 } : from, to: onward }
}

/** Who sends an alert closes after it, and so does who sends the last step of a connection (protocol.md sections 1 and 6). */
function closerOf({ passages }: Stream): End {
  const last = passages.at(-1)
  if (!last) return 'opener'
  const type = headerField(last.frame, 'type')
  const isLast = isStepNumber(type) && STEPS[type].then === undefined
  return type === TYPE_ALERT || isLast ? last.sender : 'opener'
}
