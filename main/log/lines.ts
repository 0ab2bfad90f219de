/** Lines of the log: one for each thing that happened, and indented ones for where. Nothing from outside makes a line of its own. */
import { REPORT_LIMITS, type FailureReport } from '#shared/failure'

export type Level = 'note' | 'error'

/** The longest a line gets, in characters. */
const LINE_LIMIT = 1_000

/** A line with its time (milliseconds since the epoch), and those of a failure under it. Ends with a line feed. */
export function logLines(now: number, level: Level, text: string, failure?: FailureReport): string {
  const said = failure ? `${text} ${describe(failure)}` : text
  const first = `${new Date(now).toISOString()} ${level.padEnd(5)} ${visible(said)}`
  return [first, ...(failure ? detail(failure, 0) : [])].join('\n') + '\n'
}

/** Characters that could move the cursor, hide text or begin a line are written as escapes; the rest is cut. */
export function visible(text: string): string {
  const whole = text.length > LINE_LIMIT ? `${text.slice(0, LINE_LIMIT)}…` : text
  return whole.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0
    return `\\u{${code.toString(16)}}`
  })
}

function describe({ name, code, message }: FailureReport): string {
  return [
    name,
    ...(code === undefined ? [] : [`(${code})`]),
    ...(message === undefined ? [] : [message]),
  ].join(' ')
}

function detail({ frames, cause }: FailureReport, depth: number): readonly string[] {
  const lines = frames.slice(0, REPORT_LIMITS.frames).map((frame) => `    at ${visible(frame)}`)
  if (!cause || depth >= REPORT_LIMITS.causes) return lines
  return [...lines, `  because of ${visible(describe(cause))}`, ...detail(cause, depth + 1)]
}
