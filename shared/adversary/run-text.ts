/** A run as a text, to be printed or kept: what it is, what came of it, its story, the adversary's frames and both ends' records. */
import { toHex } from '../bytes'
import { CHECKS } from '../hl1/check-table'
import { defenceTitle } from '../hl1/defences'
import type { Hl1Entry } from '../hl1/types'
import { isoTime } from '../time'
import { count } from '../words'
import type { Attack } from './attack'
import { outcomeText } from './cell'
import { GOALS } from './oracles'
import { plainWords, type AttackRun } from './run'

/** A run of an attack, as lines. */
export function runText(
  { title, wants, oracle }: Attack,
  { cell, story, records, frames }: AttackRun,
): string {
  const { suite, without, outcome } = cell
  return [
    plainWords(title),
    '',
    `Suite ${suite}, ${without.length === 0 ? 'with all defences' : `without ${without.map(defenceTitle).join(' and ')}`}: ${outcomeText(outcome).replace(/\.$/, '')}.`,
    `It wants: ${wants} It succeeds when the adversary ${GOALS[oracle.goal]}.`,
    '',
    ...story.map((sentence, index) => `${index + 1}. ${sentence}`),
    '',
    `On the wires, as the adversary had it: ${count(frames.length, 'frame')}.`,
    ...frames.map(({ from, to, step, frame }) => `  ${from} to ${to}: ${stepName(step)}, ${toHex(frame)}`),
    '',
    `What both ends have recorded: ${count(records.length, 'message')}.`,
    ...records.flatMap(recordLines),
    '',
  ].join('\n')
}

/** What a frame is: a step, or an alert. */
function stepName(step: number): string {
  return step === 0 ? 'alert' : `step ${step}`
}

function recordLines({
  role,
  direction,
  step,
  kind,
  at,
  outcome,
  members,
  checks,
}: Hl1Entry): readonly string[] {
  const what = kind === 'alert' ? `an alert about step ${step}` : `step ${step}`
  const end = outcome.ok ? '' : `: ${outcome.code}, ${outcome.message}`
  return [
    `  ${isoTime(at)} the ${role} ${direction} ${what}${end}`,
    ...members.map(
      ({ name, value }) =>
        `      ${name}: ${value instanceof Uint8Array ? toHex(value) : String(value ?? 'not read').replaceAll('\n', ' ')}`,
    ),
    ...checks
      .filter(({ result }) => result === 'failed' || result === 'ignored')
      .map(({ id, result, reason }) => `      ${CHECKS[id].title}: ${result}. ${reason}`),
  ]
}
