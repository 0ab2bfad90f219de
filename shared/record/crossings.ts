/** What crossed one connection, put together from what its two ends have recorded of it. */
import { SameBytes } from '../same-bytes'
import type { JournalEntry } from './record'

/** A frame, as it was sent and as it was received; one of the two is there. */
export interface Crossing<R extends JournalEntry = JournalEntry> {
  readonly sent: R | undefined
  readonly received: R | undefined
}

/**
 * The frames of a connection in their order. A received frame is the first one sent that has its bytes; what is left belongs together
 * by step, for somebody in between has changed it.
 * @param same what is known already of which frames are the same
 */
export function crossings<R extends JournalEntry>(
  entries: readonly R[],
  same = new SameBytes(),
): readonly Crossing<R>[] {
  const sent = entries.filter(({ direction }) => direction === 'sent')
  const received = entries.filter(({ direction }) => direction === 'received')
  const pairs = new Map<R, R>()
  const taken = new Set<R>()
  const join = (one: R, other: R | undefined): void => {
    if (!other) return
    pairs.set(one, other)
    taken.add(other)
  }
  const alike = new Waiting(sent, ({ frame }) => String(same.numberOf(frame)), taken)
  for (const one of received) join(one, alike.first(one))
  const ofStep = new Waiting(sent, stepOf, taken)
  for (const one of received) if (!pairs.has(one)) join(one, ofStep.first(one))
  const of = new Map<R, Crossing<R>>()
  for (const one of received) {
    const other = pairs.get(one)
    const crossing = { sent: other, received: one }
    of.set(one, crossing)
    if (other) of.set(other, crossing)
  }
  for (const one of sent) if (!taken.has(one)) of.set(one, { sent: one, received: undefined })
  const roles = [...new Set(entries.map(({ role }) => role))]
  const perRole = roles.map((role) =>
    entries.filter((entry) => entry.role === role).flatMap((entry) => of.get(entry) ?? []),
  )
  return merge(perRole)
}

/** What was sent, by a key, until it is taken: looked through once, however much is taken. */
class Waiting<R extends JournalEntry> {
  /** By key, then by the role that has sent it. */
  readonly #queues = new Map<string, Map<string, { readonly all: R[]; next: number }>>()

  constructor(
    sent: readonly R[],
    private readonly keyOf: (entry: R) => string,
    private readonly taken: ReadonlySet<R>,
  ) {
    for (const entry of sent) {
      const key = keyOf(entry)
      const ofKey = this.#queues.get(key) ?? new Map<string, { readonly all: R[]; next: number }>()
      this.#queues.set(key, ofKey)
      const queue = ofKey.get(entry.role) ?? { all: [], next: 0 }
      ofKey.set(entry.role, queue)
      queue.all.push(entry)
    }
  }

  /** The first that is not taken, and that another role has sent. */
  first(received: R): R | undefined {
    for (const [role, queue] of this.#queues.get(this.keyOf(received)) ?? []) {
      if (role === received.role) continue
      while (queue.next < queue.all.length && this.taken.has(queue.all[queue.next] as R)) queue.next++
      const found = queue.all[queue.next]
      if (found) return found
    }
    return undefined
  }
}

/** Merges lists that have members in common, so that each keeps its order; what is free goes by the clock. */
function merge<R extends JournalEntry>(lists: readonly (readonly Crossing<R>[])[]): readonly Crossing<R>[] {
  const left = lists.map((list) => [...list])
  const merged: Crossing<R>[] = []
  for (;;) {
    const heads = left.flatMap(([head]) => (head ? [head] : []))
    const free = heads.filter((head) => left.every((list) => list.indexOf(head) <= 0))
    // Frames that have overtaken one another leave nothing free: then the clock says.
    const [next] = (free.length > 0 ? free : heads).toSorted((a, b) => timeOf(a) - timeOf(b))
    if (!next) return merged
    merged.push(next)
    for (const list of left) {
      const at = list.indexOf(next)
      if (at >= 0) list.splice(at, 1)
    }
  }
}

function timeOf({ sent, received }: Crossing): number {
  return (sent ?? received)?.at ?? 0
}

function stepOf({ kind, step }: JournalEntry): string {
  return `${kind} ${step}`
}
