/** A run of an attack as it was: what came of it, how it went, both ends' records, and what the adversary had on the wires. */
import { CHECKS } from '../hl1/check-table'
import { defenceTitle, withoutDefence } from '../hl1/defences'
import { ROLES } from '../hl1/roles'
import type { Hl1Entry } from '../hl1/types'
import { listed } from '../words'
import type { Attack } from './attack'
import { timesText } from './oracles'
import type { Cell, Outcome } from './cell'
import type { Evidence, TracedFrame } from './stage'

export interface AttackRun {
  readonly cell: Cell
  /** At most {@link LONGEST_STORY} plain sentences, or a few short ones in the place of one. */
  readonly story: readonly string[]
  /** What the honest roles have recorded, in order. All of it is made for the run, so nothing in it is hidden. */
  readonly records: readonly Hl1Entry[]
  readonly frames: readonly TracedFrame[]
}

export const LONGEST_STORY = 8

/** A run that has taken place. `why`: what its oracle has seen. */
export function runOf(
  attack: Attack,
  cell: Cell,
  { records, frames }: Pick<Evidence, 'records' | 'frames'>,
  why: string,
): AttackRun {
  const story = storyOf(attack, cell, records, why)
  return { cell, story, records: records.map(withNothingHidden), frames }
}

/** Words of an attack without the marks that pages of docs/ have in them. */
export function plainWords(text: string): string {
  return text.replaceAll(/[`*]/g, '')
}

/** How a run went: what it takes, what is taken away, what it does; then what each party did, and what decided it. */
function storyOf(
  { has, story }: Attack,
  { without, outcome }: Pick<Cell, 'without' | 'outcome'>,
  records: readonly Hl1Entry[],
  why: string,
): readonly string[] {
  const gone = without.map((id) => `${defenceTitle(id)}: ${withoutDefence(id)}`)
  return [
    `What it takes: ${inSentence(plainWords(has))}`,
    ...(gone.length > 0 ? [`Taken away. ${gone.join(' ')}`] : []),
    ...story.map(plainWords),
    ...partiesOf(records),
    [why, ...besides(outcome)].join(' '),
  ]
}

/** What was measured, or what the adversary lacks. */
function besides(outcome: Outcome): readonly string[] {
  const said = outcome.is === 'succeeded' ? outcome.measured : outcome.is === 'stopped' && outcome.missing
  return said ? [said] : []
}

/** Words as they are within a sentence; symbols stay as they are. */
function inSentence(text: string): string {
  return text.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())
}

/** What each party did, in a sentence each, as one item. */
function partiesOf(records: readonly Hl1Entry[]): readonly string[] {
  const said = ROLES.flatMap((role) => {
    const own = records.filter((entry) => entry.role === role && entry.kind === 'message')
    return own.length === 0 ? [] : [`The ${role} ${deedsOf(own)}.`]
  })
  return said.length === 0 ? [] : [said.join(' ')]
}

function deedsOf(own: readonly Hl1Entry[]): string {
  const received = own.filter(({ direction }) => direction === 'received')
  const accepted = stepsText(
    'accepted',
    received.filter(({ outcome }) => outcome.ok),
  )
  const sent = stepsText(
    'sent',
    own.filter(({ direction }) => direction === 'sent'),
  )
  const deeds = own[0]?.direction === 'sent' ? [...sent, ...accepted] : [...accepted, ...sent]
  return listed([...deeds, ...new Set(received.flatMap(wouldHave)), ...new Set(received.flatMap(refusal))])
}

function wouldHave({ step, checks }: Hl1Entry): readonly string[] {
  return checks
    .filter(({ result }) => result === 'ignored')
    .map(({ id }) => `went on in step ${step} where “${CHECKS[id].title}” would have refused`)
}

function refusal({ step, outcome, checks }: Hl1Entry): readonly string[] {
  if (outcome.ok) return []
  const check = checks.find(({ result }) => result === 'failed')
  return [`refused step ${step}${check ? ` by “${CHECKS[check.id].title}”` : ` (${outcome.code})`}`]
}

/** Steps in the order in which they first came, and how often: steps 3, 5 (twice) and 7. */
function stepsText(verb: string, entries: readonly Hl1Entry[]): readonly string[] {
  const times = new Map<number, number>()
  for (const { step } of entries) times.set(step, (times.get(step) ?? 0) + 1)
  const items = [...times].map(([step, count]) => (count > 1 ? `${step} (${timesText(count)})` : `${step}`))
  if (items.length === 0) return []
  return [`${verb} ${items.length > 1 ? 'steps' : 'step'} ${listed(items)}`]
}

/** A record in which nothing counts as a secret: its keys were made for the run, and nobody uses them. */
function withNothingHidden(entry: Hl1Entry): Hl1Entry {
  return { ...entry, members: entry.members.map((member) => ({ ...member, secret: false })) }
}
