/**
 * The defence matrix: every attack, with all defences in place and with each taken away; what each defence is worth by that; and
 * the ladder from `classic` to `modern`.
 */
import { CHECKS_OF_ALL } from '../hl1/check-table'
import { isRemovable, repairsOf, type DefenceId, type RemovableCheck } from '../hl1/defences'
import { STEP_NUMBERS } from '../hl1/steps'
import { SUITES, type SuiteName } from '../hl1/suites'
import type { Attack } from './attack'
import { ATTACKS } from './attacks'
import type { Cell, CellRequest, Outcome } from './cell'

/** What is asked before a step is opened, and so is in no sheet. */
const ASKED_FIRST = ['session_alive'] as const satisfies readonly RemovableCheck[]

/** Every defence of a suite that can be taken away, in the order in which the steps come to it; then its repairs. */
export function defencesOf(suite: SuiteName): readonly DefenceId[] {
  const checks = STEP_NUMBERS.flatMap((step) => SUITES[suite].sheets[step].checks)
  const all = [...checks, ...ASKED_FIRST, ...CHECKS_OF_ALL.after].filter(isRemovable)
  return [...new Set<DefenceId>([...all, ...repairsOf(suite)])]
}

/** What `modern` repairs, in the order in which a ladder from `classic` has them. */
export const LADDER = [
  'request_signature',
  'not_seen',
  'tag',
  'transcript',
  'ephemeral_share',
  'proof',
  'two_keys',
  'sequence',
] as const satisfies readonly DefenceId[]

/** The cells of the matrix: each attack with all in place, without each defence, and without all that stand behind one another. */
export function matrixOf(suites: readonly SuiteName[]): readonly CellRequest[] {
  return suites.flatMap((suite) =>
    ATTACKS.flatMap((attack) => {
      const behind = attack.stoppedBy[suite]
      const sets: readonly (readonly DefenceId[])[] = [
        [],
        ...defencesOf(suite).map((id) => [id]),
        ...(Array.isArray(behind) && behind.length > 1 ? [behind] : []),
      ]
      return (attack.notIn?.[suite] === undefined ? sets : [[]]).map((without) => ({
        attack: attack.id,
        suite,
        without,
      }))
    }),
  )
}

/** The cells of the ladder: `modern` without any of its repairs, then with one more at each rung. */
export function ladderOf(): readonly CellRequest[] {
  return [...LADDER, undefined].flatMap((_, rung) =>
    ATTACKS.filter(({ notIn }) => notIn?.modern === undefined).map(({ id }) => ({
      attack: id,
      suite: 'modern' as const,
      without: LADDER.slice(rung),
    })),
  )
}

/** Whether there is such a cell: an attack that is known, without defences that its suite has, each once. */
export function isCell({ attack, suite, without }: CellRequest): boolean {
  const known = defencesOf(suite)
  return (
    ATTACKS.some(({ id }) => id === attack) &&
    new Set(without).size === without.length &&
    without.every((id) => known.includes(id))
  )
}

/** What an attack should come to without some defences, as its own data says. */
export function expectedOf(attack: Attack, suite: SuiteName, without: readonly DefenceId[]): Outcome['is'] {
  if (attack.notIn?.[suite] !== undefined) return 'not_applicable'
  const behind = attack.stoppedBy[suite]
  if (behind === undefined) return 'succeeded'
  return behind !== 'never' && behind.every((id) => without.includes(id)) ? 'succeeded' : 'stopped'
}

/** Whether a cell has come out as its attack says. */
export function isAsExpected({ attack, suite, without, outcome }: Cell): boolean {
  const found = ATTACKS.find(({ id }) => id === attack)
  return found !== undefined && expectedOf(found, suite, without) === outcome.is
}

/** What a defence is worth in a suite. */
export interface Worth {
  readonly defence: DefenceId
  /** Attacks that succeed when it alone is gone. */
  readonly alone: readonly Attack[]
  /** Attacks that succeed when it is gone together with others, which stand before or behind it. */
  readonly together: readonly { readonly attack: Attack; readonly others: readonly DefenceId[] }[]
}

/** What each defence of a suite is worth. */
export function worthOf(suite: SuiteName): readonly Worth[] {
  return defencesOf(suite).map((defence) => {
    const stopped = ATTACKS.flatMap((attack) => {
      const behind = attack.stoppedBy[suite]
      return Array.isArray(behind) && behind.includes(defence)
        ? [{ attack, others: (behind as readonly DefenceId[]).filter((id) => id !== defence) }]
        : []
    })
    return {
      defence,
      alone: stopped.filter(({ others }) => others.length === 0).map(({ attack }) => attack),
      together: stopped.filter(({ others }) => others.length > 0),
    }
  })
}
