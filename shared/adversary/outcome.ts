/** What came of an attack. */
import type { CheckId } from '../hl1/check-table'
import type { Attack } from './attack'
import type { Outcome, Refusal } from './cell'
import type { Claim, Evidence } from './stage'

/**
 * Judges what happened: the attack's oracle says whether it has succeeded, and the records what has stopped it. `why`: what the
 * oracle has seen, in a sentence.
 */
export function judge(
  { oracle }: Pick<Attack, 'oracle'>,
  evidence: Evidence,
  claim: Claim,
): { readonly outcome: Outcome; readonly why: string } {
  const { measured, missing } = claim
  const { succeeded, why } = oracle.judge(evidence, claim)
  if (succeeded) return { why, outcome: { is: 'succeeded', ...(measured !== undefined && { measured }) } }
  const by = firstRefusal(evidence)
  if (by) return { why, outcome: { is: 'stopped', by } }
  return { why, outcome: { is: 'stopped', missing: missing ?? 'Nothing came of it.' } }
}

function firstRefusal({ records }: Evidence): Refusal | undefined {
  for (const { direction, kind, outcome, role, step, checks } of records) {
    if (direction !== 'received' || kind !== 'message' || outcome.ok) continue
    const check = checks.find(({ result }) => result === 'failed')?.id as CheckId | undefined
    return { role, step, check, code: outcome.code, reason: outcome.message }
  }
  return undefined
}
