/** How much an argument of a call holds, before anything of it is looked at. */

/** Values that an argument may hold: four times those of the longest list that a window of the app sends. */
const MOST_VALUES = 100_000

/**
 * Whether a value holds no more than so many others, itself counted; what stands in several places is counted at each of them. Bytes are one.
 * Its work is bounded by that, however large the value is.
 */
export function isBounded(value: unknown, most = MOST_VALUES): boolean {
  const waiting: unknown[] = [value]
  let left = most
  while (waiting.length > 0) {
    if (--left < 0) return false
    const next = waiting.pop()
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || next instanceof ArrayBuffer)
      continue
    if (Array.isArray(next)) {
      if (next.length > left) return false
      for (const item of next) waiting.push(item)
      continue
    }
    for (const name in next) {
      if (waiting.length > left) return false
      waiting.push((next as Readonly<Record<string, unknown>>)[name])
    }
  }
  return true
}
