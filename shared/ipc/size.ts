/** How much an argument of a call holds, before anything of it is looked at: in the page's process, and in main once more. */
import { LONGEST_RUN } from '../run/file-type'

/** Values that an argument may hold: four times those of the longest list that a window of the app sends. */
const MOST_VALUES = 100_000
/** Bytes, and characters of texts, that it may hold: room for the picture of a chart. */
const MOST_BYTES = 32 * 1024 * 1024
/** Calls that files come with, whole: a run that was dropped on a window, what a window writes of its own. */
const OF_FILES: readonly unknown[] = ['run:open-given', 'export:write-given']

/** The most bytes and characters that an argument of a call may hold. */
export function mostBytesOf(call: unknown): number {
  return OF_FILES.includes(call) ? LONGEST_RUN + MOST_BYTES : MOST_BYTES
}

/**
 * Whether a value is made of objects, lists, texts, numbers and bytes alone, and holds no more than so many of them, itself counted, and so
 * many bytes and characters; what stands in several places is counted at each of them. Its work is bounded by that, however large the value is.
 */
export function isBounded(
  value: unknown,
  {
    bytes: mostBytes = MOST_BYTES,
    values = MOST_VALUES,
  }: { readonly bytes?: number; readonly values?: number } = {},
): boolean {
  const waiting: unknown[] = [value]
  let left = values
  let bytes = mostBytes
  while (waiting.length > 0) {
    if (--left < 0) return false
    const next = waiting.pop()
    if (typeof next === 'bigint') return false
    if (typeof next === 'string') bytes -= next.length
    else if (ArrayBuffer.isView(next)) bytes -= next.buffer.byteLength
    else if (next instanceof ArrayBuffer) bytes -= next.byteLength
    if (bytes < 0) return false
    if (typeof next !== 'object' || next === null || ArrayBuffer.isView(next) || next instanceof ArrayBuffer)
      continue
    if (Array.isArray(next)) {
      if (next.length > left) return false
      for (const item of next) waiting.push(item)
      continue
    }
    // Maps, sets and the like hold more than can be counted here, and no call takes any.
    if (Object.prototype.toString.call(next) !== '[object Object]') return false
    for (const name in next) {
      if (waiting.length > left) return false
      bytes -= name.length
      waiting.push((next as Readonly<Record<string, unknown>>)[name])
    }
  }
  return bytes >= 0
}
