/** What claims are made from. */
import type { CheckId } from '../hl1/check-table'
import type { Since } from '../held'
import type { Folder } from './folder'
import type { Keys } from './keys'
import type { Rules } from './rules'
import type { ProofMessage, ProofRun, View } from './run'
import type { Things } from './things'

export interface Proving {
  readonly run: ProofRun
  readonly things: Things
  readonly keys: Keys
  readonly folder: Folder
  readonly rules: readonly Since<Rules>[]
}

/** A message with what its claims are made from. */
export interface Subject extends Proving {
  readonly message: ProofMessage
  readonly view: View
}

/** What a receiver found: undefined where an earlier check had refused, so that it did not come to these. */
export type Verdict = 'holds' | 'fails' | undefined

/** What came of checks of a message, all of them together. Of one that nobody has received the sender's word stands. */
export function verdict({ received }: ProofMessage, ids: readonly CheckId[]): Verdict {
  if (!received) return 'holds'
  const results = received.checks.filter(({ id }) => ids.includes(id)).map(({ result }) => result)
  if (results.some((result) => result === 'failed' || result === 'ignored')) return 'fails'
  return results.length > 0 && results.every((result) => result === 'passed') ? 'holds' : undefined
}
