/** A trial as a table in a file (RFC 4180). */
import { csvText } from '../csv'
import { isoTime } from '../time'
import { PHASE_TITLES } from './plan'
import { CLOCK_TITLES } from './request'
import { isAsDemanded, seconds, type TrialResult } from './result'

const HEADER =
  'lifetime_s,session,request,planned_s,sent_s,answered_s,outcome,code,as_protocol_demands,suite,clock,started_utc'.split(
    ',',
  )

/** One line a request under a header, lines ended by CR LF, times in seconds since the session started. */
export function toCsv({ request, rows, startedAt }: TrialResult): string {
  const common = [request.suite, CLOCK_TITLES[request.clock], isoTime(startedAt)]
  const lines = rows.map((row) => {
    const { lifetime, phase, planned, outcome } = row
    const judged = isAsDemanded(row)
    return [
      lifetime,
      outcome.is === 'pending' ? '' : outcome.session,
      PHASE_TITLES[phase],
      seconds(planned),
      ...(outcome.is === 'pending' ? ['', ''] : [seconds(outcome.sent), seconds(outcome.answered)]),
      outcome.is === 'pending' ? 'not sent' : outcome.is,
      outcome.is === 'refused' ? outcome.code : '',
      judged === undefined ? '' : judged ? 'yes' : 'no',
      ...common,
    ]
  })
  return csvText([HEADER, ...lines])
}
