/** Records of several lists, each in the order in which they were made, as one. */
import type { JournalEntry } from '../record/record'

/**
 * Merges two lists and keeps the order of each. By time; of two of one millisecond the earlier step counts first, and sending
 * before receiving.
 */
export function inOrder<E extends JournalEntry>(one: readonly E[], other: readonly E[]): readonly E[] {
  const merged: E[] = []
  let [a, b] = [0, 0]
  for (;;) {
    const [first, second] = [one[a], other[b]]
    if (!first) return [...merged, ...other.slice(b)]
    if (!second) return [...merged, ...one.slice(a)]
    const isFirst = comesFirst(first, second)
    merged.push(isFirst ? first : second)
    if (isFirst) a++
    else b++
  }
}

/** Whether the next record of the one list comes before the next of the other. */
export function comesFirst(one: JournalEntry, other: JournalEntry): boolean {
  return one.at < other.at || (one.at === other.at && rank(one) <= rank(other))
}

function rank({ step, direction }: JournalEntry): number {
  return step * 2 + (direction === 'sent' ? 0 : 1)
}
