/** What main writes to its standard output and error: this is the only place that does (eslint.config.js). */
import { visibleLines } from '#shared/visible'

export type Stream = 'stdout' | 'stderr'

/** The longest that a printed line gets, in characters of what is printed. */
const LINE_LIMIT = 4_000

/** Lines as they are printed: whatever is in one, it is one line, made visible, and bounded. */
export function linesText(lines: readonly string[], most: number = LINE_LIMIT): string {
  return visibleLines(lines, most)
}

/** Prints lines. */
export function printLines(stream: Stream, lines: readonly string[], most: number = LINE_LIMIT): void {
  process[stream].write(linesText(lines, most))
}
