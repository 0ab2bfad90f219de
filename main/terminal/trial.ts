/** A lifetime trial in a terminal: its table, a line for each request as it is answered. */
import { LabError } from '#shared/errors'
import { PHASE_TITLES } from '#shared/trial/plan'
import { CLOCK_TITLES, type TrialRequest } from '#shared/trial/request'
import {
  isAsDemanded,
  isWholeAndAsDemanded,
  seconds,
  summaryOf,
  type TrialResult,
  type TrialRow,
} from '#shared/trial/result'
import { runTrial } from '../experiments/lifetime-trial'
import type { Output } from './output'

/**
 * Runs the trial and prints it; as JSON, one row a line and nothing else.
 * @throws LabError `not_as_demanded` when a request fared otherwise than section 5 of protocol.md demands; what the trial
 *   itself throws
 */
export async function runTerminalTrial(
  request: TrialRequest,
  options: { readonly json: boolean },
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const tell = (...lines: readonly string[]): void => (options.json ? output.note : output.print)(lines)
  tell(...headingOf(request))
  if (!options.json) tell(COLUMNS)
  const printed = new Set<string>()
  const onProgress = ({ rows }: TrialResult): void => {
    for (const row of rows) {
      const name = `${row.lifetime} ${row.planned}`
      if (row.outcome.is === 'pending' || printed.has(name)) continue
      printed.add(name)
      if (options.json) output.json(() => rowForJson(row, request), exact)
      else output.print([printRow(row)])
    }
  }
  const result = await runTrial(request, { onProgress, signal })
  if (!isWholeAndAsDemanded(result)) throw new LabError('not_as_demanded', summaryOf(result))
  tell('', summaryOf(result))
}

const COLUMNS = ' lifetime  request           planned       sent   answered  outcome'

function headingOf({ lifetimes, suite, clock }: TrialRequest): readonly string[] {
  const about =
    clock === 'simulated'
      ? 'The clock is simulated: it stands still while a message travels, and jumps to the next one.'
      : 'In real time the request at the end is sent 0.1 s early: it has to arrive while the session lives.'
  return [
    `Lifetime trial: ${lifetimes.join(', ')} s, suite ${suite}, ${CLOCK_TITLES[clock]}.`,
    about,
    'Times are seconds since the session started.',
    '',
  ]
}

function printRow(row: TrialRow): string {
  const { lifetime, phase, planned, outcome } = row
  const time = (milliseconds: number): string => seconds(milliseconds).padStart(9)
  const times = outcome.is === 'pending' ? [] : [time(outcome.sent), time(outcome.answered)]
  const cells = [`${lifetime} s`.padStart(9), PHASE_TITLES[phase].padEnd(14), time(planned), ...times]
  const code = outcome.is === 'refused' ? `: ${outcome.code}` : ''
  const judged = isAsDemanded(row) === false ? '   NOT AS THE PROTOCOL DEMANDS' : ''
  return `${cells.join('  ')}  ${outcome.is}${code}${judged}`
}

/** A row with what it belongs to; times in milliseconds. */
function rowForJson(row: TrialRow, { suite, clock }: TrialRequest): object {
  return { ...row, asDemanded: isAsDemanded(row), suite, clock }
}

/** Numbers to a thousandth: a replacer of `JSON.stringify`. */
function exact(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value
}
