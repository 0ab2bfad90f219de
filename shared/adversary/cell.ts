/** A cell of the matrix: what is asked, and what came of it. */
import type { Fault } from '../errors'
import type { CheckId } from '../hl1/check-table'
import type { DefenceId } from '../hl1/defences'
import type { Role } from '../hl1/roles'
import type { SuiteName } from '../hl1/suite-names'

/** What a cell is asked for: one attack on one suite, without some of what defends it. */
export interface CellRequest {
  readonly attack: string
  readonly suite: SuiteName
  readonly without: readonly DefenceId[]
}

/** Says which cell it is: the same for the same attack, suite and defences. */
export function cellKey({ attack, suite, without }: CellRequest): string {
  return [attack, suite, ...without.toSorted()].join(' ')
}

/** Where an honest role has refused something. */
export interface Refusal {
  readonly role: Role
  readonly step: number
  /** The check that failed; undefined where none was made yet. */
  readonly check: CheckId | undefined
  readonly code: string
  readonly reason: string
}

export type Outcome =
  | { readonly is: 'succeeded'; readonly measured?: string }
  /** `by`: the first refusal of an honest role; undefined where the adversary lacks something, which `missing` says. */
  | { readonly is: 'stopped'; readonly by?: Refusal; readonly missing?: string }
  | { readonly is: 'not_applicable'; readonly why: string }

/** A cell that was run. */
export interface Cell extends CellRequest {
  readonly outcome: Outcome
  /** Milliseconds. */
  readonly took: number
}

/** How far runs are. */
export interface AttackProgress {
  /** Those that have ended since the last time. */
  readonly cells: readonly Cell[]
  /** Of those that were asked for since nothing ran. */
  readonly done: number
  readonly of: number
  /** Why all were given up. */
  readonly fault?: Fault
}

/** An outcome in a line. */
export function outcomeText(outcome: Outcome): string {
  switch (outcome.is) {
    case 'succeeded':
      return outcome.measured === undefined ? 'succeeds' : `succeeds (${outcome.measured})`
    case 'not_applicable':
      return `means nothing here: ${outcome.why}`
    case 'stopped': {
      const { by, missing } = outcome
      return by
        ? `stopped by the ${by.role} at step ${by.step}: ${by.code} (${by.check ?? 'before any check'})`
        : `stopped: ${missing}`
    }
  }
}
