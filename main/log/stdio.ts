/**
 * What main writes to its standard output and error: this is the only place that does (eslint.config.js). Whoever reads it may leave,
 * have no room, or read no more: then what is written is lost, and nothing else comes of it.
 */
import { visibleLines } from '#shared/visible'

export type Stream = 'stdout' | 'stderr'

/** The longest that a printed line gets, in characters of what is printed. */
const LINE_LIMIT = 4_000
/** So much waits for whoever reads, in bytes: of more, lines are left out. */
const MOST_WAITING = 256 * 1024

/** Streams whose errors end nothing any more. */
const guarded = new WeakSet<NodeJS.WriteStream>()

/** Lines as they are printed: whatever is in one, it is one line, made visible, and bounded. */
export function linesText(lines: readonly string[], most: number = LINE_LIMIT): string {
  return visibleLines(lines, most)
}

/** Prints lines, if anybody reads them. Never fails, and never waits for a pipe. */
export function printLines(stream: Stream, lines: readonly string[], most: number = LINE_LIMIT): void {
  try {
    const out = process[stream]
    if (!guarded.has(out)) {
      // Without a listener an error of the stream would be one that nobody has caught.
      out.on('error', () => undefined)
      guarded.add(out)
    }
    if (out.writableLength <= MOST_WAITING) out.write(linesText(lines, most))
  } catch {
    // A stream that can't even be made, or is closed: a line is nothing to fail for.
  }
}
