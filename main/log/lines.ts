/** Lines of the log: one for each thing that happened, and indented ones for where. */
import { REPORT_LIMITS, type FailureReport } from '#shared/failure'
import { isoTime } from '#shared/time'

export type Level = 'note' | 'error'

/** A line with its time (milliseconds since the epoch), and those of a failure under it; what is in them is as it came. */
export function logLines(
  now: number,
  level: Level,
  text: string,
  failure?: FailureReport,
): readonly string[] {
  const said = failure ? `${text} ${describe(failure)}` : text
  return [`${isoTime(now)} ${level.padEnd(5)} ${said}`, ...(failure ? detail(failure, 0) : [])]
}

function describe({ name, code, message }: FailureReport): string {
  return [
    name,
    ...(code === undefined ? [] : [`(${code})`]),
    ...(message === undefined ? [] : [message]),
  ].join(' ')
}

function detail({ frames, cause }: FailureReport, depth: number): readonly string[] {
  const lines = frames.slice(0, REPORT_LIMITS.frames).map((frame) => `    at ${frame}`)
  if (!cause || depth >= REPORT_LIMITS.causes) return lines
  return [...lines, `  because of ${describe(cause)}`, ...detail(cause, depth + 1)]
}
