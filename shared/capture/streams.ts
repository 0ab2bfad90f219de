/** The streams of TCP that a conversation was: one, or two where somebody between both ends has changed something. */
import { equalBytes, type Bytes } from '../bytes'
import { otherEnd, type Connection, type End } from '../record/connection'
import type { Conversation, Said } from '../record/conversation'
import type { JournalEntry } from '../record/record'

/** A frame on its way, with what is recorded of it where it was sent and where it came. */
export interface Passage<R extends JournalEntry = JournalEntry> {
  readonly sender: End
  /** When it was sent, else when it came; milliseconds since the Unix epoch. */
  readonly at: number
  readonly frame: Bytes
  readonly sent: R | undefined
  readonly received: R | undefined
}

/** One stream of TCP. */
export interface Stream<R extends JournalEntry = JournalEntry> {
  readonly connection: Connection
  /** Whose view it is, where both ends have seen different things. */
  readonly side: End | undefined
  /** In the order in which they passed. */
  readonly passages: readonly Passage<R>[]
}

/**
 * A conversation as streams. Both ends have seen the same where in each direction one end's frames are a part of the other's,
 * without a hole, and nothing came last that was not sent: what was sent last may not have been read, or not whole, and the oldest
 * records may be gone.
 */
export function streamsOf<R extends JournalEntry>({
  connection,
  opener,
  acceptor,
}: Conversation<R>): readonly Stream<R>[] {
  if (!opener || !acceptor) {
    const said = opener ?? acceptor ?? []
    return [{ connection, side: undefined, passages: said.map(aloneOf) }]
  }
  const merged = mergeOf({ opener, acceptor })
  if (merged) return [{ connection, side: undefined, passages: merged }]
  return [
    { connection, side: 'opener', passages: opener.map(aloneOf) },
    { connection, side: 'acceptor', passages: acceptor.map(aloneOf) },
  ]
}

type Views<R extends JournalEntry> = Readonly<Record<End, readonly Said<R>[]>>

/** A passage that one end alone tells of. */
function aloneOf<R extends JournalEntry>({ sender, at, frame, entry }: Said<R>): Passage<R> {
  const isSent = entry.direction === 'sent'
  return { sender, at, frame, sent: isSent ? entry : undefined, received: isSent ? undefined : entry }
}

/** Both views as one; undefined where they differ. */
function mergeOf<R extends JournalEntry>(views: Views<R>): readonly Passage<R>[] | undefined {
  const main: End = views.opener.length >= views.acceptor.length ? 'opener' : 'acceptor'
  const others: Partial<Record<End, readonly Said<R>[]>> = {}
  const shifts: Partial<Record<End, number>> = {}
  for (const sender of ['opener', 'acceptor'] as const) {
    const own = views[main].filter((said) => said.sender === sender)
    const other = views[otherEnd(main)].filter((said) => said.sender === sender)
    const shift = shiftBetween(own, other)
    if (shift === undefined) return undefined
    const [sent, received] =
      sender === main ? [own.length, shift + other.length] : [shift + other.length, own.length]
    if (received > sent) return undefined
    shifts[sender] = shift
    others[sender] = other
  }
  const counts: Record<End, number> = { opener: 0, acceptor: 0 }
  const passages = views[main].map((said) => {
    const other = others[said.sender]?.[counts[said.sender]++ - (shifts[said.sender] ?? 0)]
    return other ? bothOf(said, other) : aloneOf(said)
  })
  const extra = (choose: (at: number, count: number) => boolean): readonly Passage<R>[] =>
    (['opener', 'acceptor'] as const).flatMap((sender) =>
      (others[sender] ?? [])
        .filter((_, index) => choose(index + (shifts[sender] ?? 0), counts[sender]))
        .map(aloneOf),
    )
  return [...extra((at) => at < 0), ...passages, ...extra((at, count) => at >= count)]
}

function bothOf<R extends JournalEntry>(one: Said<R>, other: Said<R>): Passage<R> {
  const [sent, received] = one.entry.direction === 'sent' ? [one, other] : [other, one]
  const frame = sent.frame.length >= received.frame.length ? sent.frame : received.frame
  return { sender: one.sender, at: sent.at, frame, sent: sent.entry, received: received.entry }
}

/** By how many places the second list begins behind the first, so that where both are they are the same; undefined for none. */
function shiftBetween(one: readonly Said[], other: readonly Said[]): number | undefined {
  if (one.length === 0 || other.length === 0) return 0
  for (let distance = 0; distance < Math.max(one.length, other.length); distance++) {
    if (distance < one.length && isSame(one, other, distance)) return distance
    if (distance < other.length && isSame(other, one, distance)) return -distance
  }
  return undefined
}

function isSame(one: readonly Said[], other: readonly Said[], shift: number): boolean {
  const count = Math.min(one.length - shift, other.length)
  for (let index = 0; index < count; index++) {
    const a = one[index + shift]?.frame
    const b = other[index]?.frame
    if (!a || !b) return false
    // Only the last frame of an end may have been read in part.
    const mayBeCut = index + shift === one.length - 1 || index === other.length - 1
    if (!equalBytes(a, b) && !(mayBeCut && isCutOff(a, b))) return false
  }
  return true
}

/** Whether one is what the other begins with. */
function isCutOff(a: Bytes, b: Bytes): boolean {
  const length = Math.min(a.length, b.length)
  return equalBytes(a.subarray(0, length), b.subarray(0, length))
}
