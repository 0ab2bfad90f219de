/** What came of an attack. */
import type { CheckId } from '../hl1/check-table'
import type { DefenceId } from '../hl1/defences'
import type { Role } from '../hl1/roles'
import type { SuiteName } from '../hl1/suites'
import type { Attack } from './attack'
import type { Claim, Evidence } from './stage'

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

/** One attack on one suite, without some of what defends it. */
export interface Cell {
  readonly attack: string
  readonly suite: SuiteName
  readonly without: readonly DefenceId[]
  readonly outcome: Outcome
  /** Milliseconds. */
  readonly took: number
}

/** Judges what happened: the attack's oracle says whether it has succeeded, and the records what has stopped it. */
export function judge({ oracle }: Attack, evidence: Evidence, claim: Claim): Outcome {
  const { measured, missing } = claim
  if (oracle.succeeded(evidence, claim))
    return { is: 'succeeded', ...(measured !== undefined && { measured }) }
  const by = firstRefusal(evidence)
  if (by) return { is: 'stopped', by }
  return { is: 'stopped', missing: missing ?? 'Nothing came of it.' }
}

function firstRefusal({ records }: Evidence): Refusal | undefined {
  for (const { direction, kind, outcome, role, step, checks } of records) {
    if (direction !== 'received' || kind !== 'message' || outcome.ok) continue
    const check = checks.find(({ result }) => result === 'failed')?.id as CheckId | undefined
    return { role, step, check, code: outcome.code, reason: outcome.message }
  }
  return undefined
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
