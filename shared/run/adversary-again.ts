/** What an adversary says of its frames, held against what roles have recorded of them. */
import type { Bytes } from '../bytes'
import { stepName } from '../adversary/fate-words'
import { otherEnd, stepOf } from '../adversary/wire'
import { HEADER_BYTES } from '../hl1/frame'
import type { Role } from '../hl1/roles'
import type { Hl1Entry } from '../hl1/types'
import type { Connection } from '../record/connection'
import { SameBytes } from '../same-bytes'
import { isItself, roleAt, type KeptFrame, type KeptLine } from './kept-adversary'
import type { Run } from './run'

/** A frame beside the records of it. */
export interface FrameAgain {
  readonly frame: KeptFrame
  readonly line: KeptLine
  /** At the role that has sent it so; undefined where none has recorded that. */
  readonly sent: Hl1Entry | undefined
  /** At the role that got what went on. */
  readonly got: Hl1Entry | undefined
}

/** Each frame with the records of both ends, in order. */
export function framesAgain({ adversary, records }: Run, same = new SameBytes()): readonly FrameAgain[] {
  if (!adversary) return []
  const index = new Recorded(records, same)
  return adversary.frames.map((frame): FrameAgain => {
    const line = adversary.lines[frame.line] as KeptLine
    const { wire, connection } = line
    const { came, instead, from, fate, isOwn } = frame
    const goesOn = fate === 'dropped' || fate === 'held' ? undefined : (instead ?? came)
    const sent = isOwn ? undefined : index.take(connection, roleAt(wire, from), 'sent', came)
    const got = goesOn && index.take(connection, roleAt(wire, otherEnd(from)), 'received', goesOn)
    return { frame, line, sent, got }
  })
}

/** What does not fit the records, a sentence each. */
export function adversaryAgain(run: Run): readonly string[] {
  const { adversary, records } = run
  if (!adversary) return []
  const connections = new Map(records.map(({ connection }) => [connection.id, connection]))
  const oldest = new Map<Role, number>()
  for (const { role, at } of records) if (!oldest.has(role)) oldest.set(role, at)
  const ends = new Set(records.map(({ connection, role }) => `${connection.id} ${role}`))
  const isTold = ({ connection }: KeptLine, role: Role, at: number): boolean =>
    connection !== undefined && ends.has(`${connection} ${role}`) && at >= (oldest.get(role) ?? Infinity)
  const lines = adversary.lines.flatMap((line, index) => lineAgain(line, index, connections))
  const same = new SameBytes()
  const frames = framesAgain(run, same).flatMap(({ frame, line, sent, got }) => {
    const { from, isOwn, came, of, fate, at } = frame
    const what = `${frameWords(came)} that the adversary had`
    const sender = roleAt(line.wire, from)
    const receiver = roleAt(line.wire, otherEnd(from))
    const other = of === undefined ? undefined : adversary.frames[of]
    const isJudged = fate === 'accepted' || fate === 'refused'
    return [
      ...(!isOwn && !isItself(line, from) && !sent && isTold(line, sender, at)
        ? [`${what} is none that the ${sender} has sent.`]
        : []),
      ...(other && !same.areSame(other.came, came) ? [`${what} is not the one that was sent again.`] : []),
      ...(isJudged && !got && isTold(line, receiver, at)
        ? [`${what} is none that the ${receiver} has got.`]
        : []),
      ...(isJudged && got && got.kind === 'message' && got.outcome.ok !== (fate === 'accepted')
        ? [`${what} was not ${fate} by the ${receiver}.`]
        : []),
    ]
  })
  return [...lines, ...frames]
}

function lineAgain(
  { connection, opener, wire, kind }: KeptLine,
  index: number,
  connections: ReadonlyMap<string, Connection>,
): readonly string[] {
  if (connection === undefined) return []
  const known = connections.get(connection)
  const isOwn = known?.opener !== undefined || kind === 'own'
  const fits =
    known?.acceptor === wire &&
    (!isOwn || (known.from.port === opener.port && known.from.address === opener.address))
  return fits ? [] : [`Connection ${index + 1} of the adversary is none that a role has recorded.`]
}

/** Records by what they are of; each is taken once, in order. */
class Recorded {
  readonly #entries = new Map<string, Hl1Entry[]>()

  constructor(
    records: readonly Hl1Entry[],
    private readonly same: SameBytes,
  ) {
    for (const entry of records) {
      const { connection, role, direction, frame } = entry
      const key = this.#keyOf(connection.id, role, direction, frame)
      const alike = this.#entries.get(key)
      if (alike) alike.push(entry)
      else this.#entries.set(key, [entry])
    }
  }

  /** Of a frame that is refused for its header no more is recorded. */
  take(
    connection: string | undefined,
    role: Role,
    direction: Hl1Entry['direction'],
    frame: Uint8Array,
  ): Hl1Entry | undefined {
    if (connection === undefined) return undefined
    return (
      this.#entries.get(this.#keyOf(connection, role, direction, frame))?.shift() ??
      this.#entries.get(this.#keyOf(connection, role, direction, frame.subarray(0, HEADER_BYTES)))?.shift()
    )
  }

  #keyOf(connection: string, role: Role, direction: Hl1Entry['direction'], frame: Uint8Array): string {
    return `${connection} ${role} ${direction} ${this.same.numberOf(frame)}`
  }
}

/** “A step 4”, “An alert”, or “A type 9”. */
function frameWords(frame: Bytes): string {
  const step = frame.length < HEADER_BYTES ? 0 : stepOf(frame)
  return `${step === 0 ? 'An' : 'A'} ${stepName(step).toLowerCase()}`
}
