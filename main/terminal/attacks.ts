/** Attacks in a terminal: what each comes to, with all defences in place and with each taken away. */
import { join } from 'node:path'
import { ATTACKS, attackById } from '#shared/adversary/attacks'
import { outcomeText, type Cell, type CellRequest } from '#shared/adversary/cell'
import { isAsExpected, matrixOf } from '#shared/adversary/matrix'
import { csvText } from '#shared/csv'
import { LabError } from '#shared/errors'
import { defenceTitle, type DefenceId } from '#shared/hl1/defences'
import type { SuiteName } from '#shared/hl1/suites'
import { count } from '#shared/words'
import { runAttacks } from '../adversary/attack-runs'
import type { AttacksRequest } from './attacks-request'
import type { Output } from './output'

/** The file of the thread lies beside this one's. */
const THREAD = join(import.meta.dirname, 'attacks-thread.js')

/**
 * Runs the attacks and prints what came of them.
 * @throws LabError `not_as_expected` when one has fared otherwise than docs/attacks.md says; the signal's reason
 */
export async function runTerminalAttacks(
  { suites, without, form }: AttacksRequest,
  output: Output,
  signal: AbortSignal,
): Promise<void> {
  const started = performance.now()
  const requests = without.length > 0 ? allWithout(suites, without) : matrixOf(suites)
  if (form === 'csv') output.print([csvText([COLUMNS]).trimEnd()])
  const onCell = (cell: Cell): void => {
    if (form === 'json') output.json(() => ({ ...cell, asExpected: isAsExpected(cell) }))
    if (form === 'csv') output.print([csvText([csvRow(cell)]).trimEnd()])
  }
  const cells = await runAttacks(requests, { thread: THREAD, onCell, signal })
  const tell = (...lines: readonly string[]): void => (form === 'text' ? output.print : output.note)(lines)
  if (form === 'text') for (const suite of suites) tell(...suiteLines(suite, cells), '')
  const other = cells.filter((cell) => !isAsExpected(cell))
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  tell(`${count(cells.length, 'run')} in ${seconds} s.`)
  if (other.length === 0) return tell('All as docs/attacks.md says.')
  const names = other.map(
    ({ attack, suite, without: gone }) => `${attack} in ${suite} without ${gone.join(', ') || 'nothing'}`,
  )
  throw new LabError('not_as_expected', `Other than docs/attacks.md says: ${names.join('; ')}.`)
}

function allWithout(suites: readonly SuiteName[], without: readonly DefenceId[]): readonly CellRequest[] {
  return suites.flatMap((suite) => ATTACKS.map(({ id }) => ({ attack: id, suite, without })))
}

function suiteLines(suite: SuiteName, cells: readonly Cell[]): readonly string[] {
  const own = cells.filter((cell) => cell.suite === suite)
  return [
    `Suite ${suite}`,
    ...ATTACKS.flatMap(({ id, title }) => {
      const [first, ...rest] = own.filter(({ attack }) => attack === id)
      if (!first) return []
      const falls = rest.filter(({ outcome }) => outcome.is === 'succeeded')
      return [
        `  ${title}`,
        `      ${outcomeText(first.outcome)}`,
        ...(first.outcome.is === 'stopped'
          ? falls.map(({ without }) => `      succeeds without: ${without.map(defenceTitle).join(', and ')}`)
          : []),
      ]
    }),
  ]
}

const COLUMNS = [
  'attack',
  'suite',
  'without',
  'outcome',
  'check',
  'step',
  'code',
  'milliseconds',
  'as expected',
]

function csvRow(cell: Cell): readonly (string | number)[] {
  const { attack, suite, without, outcome, took } = cell
  const by = outcome.is === 'stopped' ? outcome.by : undefined
  return [
    attackById(attack)?.title ?? attack,
    suite,
    without.join(' '),
    outcome.is,
    by?.check ?? '',
    by?.step ?? '',
    by?.code ?? '',
    Math.round(took),
    isAsExpected(cell) ? 'yes' : 'no',
  ]
}
