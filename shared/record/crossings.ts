/** What crossed one connection, put together from what its two ends have recorded of it. */
import { equalBytes } from '../bytes'
import { groupBy } from '../group'
import type { JournalEntry } from './record'

/** A frame, as it was sent and as it was received; one of the two is there. */
export interface Crossing<R extends JournalEntry = JournalEntry> {
  readonly sent: R | undefined
  readonly received: R | undefined
}

/**
 * The frames of a connection in their order. A received frame is the first one sent that has its bytes; what is left belongs together
 * by step, for somebody in between has changed it.
 */
export function crossings<R extends JournalEntry>(entries: readonly R[]): readonly Crossing<R>[] {
  const sent = entries.filter(({ direction }) => direction === 'sent')
  const received = entries.filter(({ direction }) => direction === 'received')
  const pairs = new Map<R, R>()
  const taken = new Set<R>()
  const join = (one: R, other: R | undefined): void => {
    if (!other) return
    pairs.set(one, other)
    taken.add(other)
  }
  const isFree = (one: R, other: R): boolean => !taken.has(other) && other.role !== one.role
  const alike = groupBy(sent, frameSum)
  for (const one of received)
    join(
      one,
      alike.get(frameSum(one))?.find((other) => isFree(one, other) && equalBytes(one.frame, other.frame)),
    )
  const ofStep = groupBy(sent, stepOf)
  for (const one of received)
    if (!pairs.has(one))
      join(
        one,
        ofStep.get(stepOf(one))?.find((other) => isFree(one, other)),
      )
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

/** A sum of a frame (FNV-1a, 32 bits): two that differ in it are not the same, so that few are compared whole. */
export function frameSum({ frame }: Pick<JournalEntry, 'frame'>): number {
  let sum = 0x811c9dc5
  for (const byte of frame) sum = Math.imul(sum ^ byte, 0x01000193)
  return sum
}
