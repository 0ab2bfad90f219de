/** What crossed one connection, put together from what its two ends have recorded of it. */
import { equalBytes } from '../bytes'
import type { Hl1Entry } from '../hl1/types'

/** A frame, as it was sent and as it was received; one of the two is there. */
export interface Crossing {
  readonly sent: Hl1Entry | undefined
  readonly received: Hl1Entry | undefined
}

/**
 * The frames of a connection in their order. A received frame is the first one sent that has its bytes; what is left belongs together
 * by step, for somebody in between has changed it.
 */
export function crossings(entries: readonly Hl1Entry[]): readonly Crossing[] {
  const sent = entries.filter(({ direction }) => direction === 'sent')
  const received = entries.filter(({ direction }) => direction === 'received')
  const pairs = new Map<Hl1Entry, Hl1Entry>()
  const taken = new Set<Hl1Entry>()
  const pair = (belong: (one: Hl1Entry, other: Hl1Entry) => boolean): void => {
    for (const one of received) {
      if (pairs.has(one)) continue
      const other = sent.find((each) => !taken.has(each) && each.role !== one.role && belong(one, each))
      if (!other) continue
      pairs.set(one, other)
      taken.add(other)
    }
  }
  pair((one, other) => equalBytes(one.frame, other.frame))
  pair((one, other) => one.kind === other.kind && one.step === other.step)
  const of = new Map<Hl1Entry, Crossing>()
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
function merge(lists: readonly (readonly Crossing[])[]): readonly Crossing[] {
  const left = lists.map((list) => [...list])
  const merged: Crossing[] = []
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
