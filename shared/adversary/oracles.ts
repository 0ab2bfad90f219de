/**
 * What decides whether an attack has succeeded: what happened, and never that no error came. An oracle looks at what the honest
 * roles have recorded, and at what the adversary can show.
 */
import { toBase64 } from '../bytes'
import type { MemberValue } from '../record/member'
import type { RecordedMember } from '../record/record'
import type { Role } from '../hl1/roles'
import type { StepNumber } from '../hl1/steps'
import type { Hl1Entry } from '../hl1/types'
import type { Claim, Evidence } from './stage'

export const GOALS = {
  secret: 'learns what only request or answer held',
  forged: 'has a party act on what its peer never said',
  repeated: 'has one act counted twice',
  posed: 'stands in a name whose owner did nothing',
  denied: 'keeps honest parties from what they wanted',
} as const

export type Goal = keyof typeof GOALS

export interface Oracle {
  readonly goal: Goal
  readonly succeeded: (evidence: Evidence, claim: Claim) => boolean
}

/** A step at the role that takes it. */
interface At {
  readonly step: StepNumber
  readonly role: Role
}

/** The adversary prints the run's secret; `of`: what that is, where it is not the word that request or answer held. */
export function secret(of: (evidence: Evidence) => string = ({ stage }) => stage.word): Oracle {
  return { goal: 'secret', succeeded: (evidence, claim) => claim.secret === of(evidence) }
}

/** A role has accepted a message that no honest role has sent in these words. */
export function forged(at: At): Oracle {
  return {
    goal: 'forged',
    succeeded: ({ records }) => {
      const sent = new Set(records.filter(isSent(at.step)).map(wordsOf))
      return records.filter(isAccepted(at)).some((entry) => !sent.has(wordsOf(entry)))
    },
  }
}

/** A role has taken what its peer said for one thing as what it said for another: the n-th is not the n-th. */
export function misplaced(at: At): Oracle {
  return {
    goal: 'forged',
    succeeded: ({ records }) => {
      const sent = records.filter(isSent(at.step)).map(wordsOf)
      return records.filter(isAccepted(at)).some((entry, index) => wordsOf(entry) !== sent[index])
    },
  }
}

/** A role has accepted the same message more often than it was sent. */
export function repeated(at: At): Oracle {
  return {
    goal: 'repeated',
    succeeded: ({ records }) => {
      const sent = countsOf(records.filter(isSent(at.step)))
      const accepted = countsOf(records.filter(isAccepted(at)))
      return [...accepted].some(([words, count]) => count > (sent.get(words) ?? 0) && sent.has(words))
    },
  }
}

/** A role has accepted a step on a connection on which no honest peer has said anything. */
export function posed(at: At): Oracle {
  return {
    goal: 'posed',
    succeeded: ({ records }) =>
      records
        .filter(isAccepted(at))
        .some(
          ({ connection }) =>
            !records.some((other) => other.connection.id === connection.id && other.role !== at.role),
        ),
  }
}

/** A role has accepted a step later than the age limit after it was made. */
export function late(at: At): Oracle {
  return {
    goal: 'forged',
    succeeded: ({ records, stage }) =>
      records.filter(isAccepted(at)).some((entry) => {
        const said = records.find((other) => isSent(at.step)(other) && wordsOf(other) === wordsOf(entry))
        return said !== undefined && entry.at - said.at > stage.settings.maxAge * 1000
      }),
  }
}

/** Something else that can be seen afterwards. */
export function seen(goal: Goal, succeeded: (evidence: Evidence) => boolean): Oracle {
  return { goal, succeeded }
}

/** What honest roles set out to do last did not come about. */
export function denied(): Oracle {
  return { goal: 'denied', succeeded: ({ operations }) => operations.at(-1)?.ok === false }
}

/** Whether a record is of a message that its role has accepted. */
function isAccepted({ step, role }: At): (entry: Hl1Entry) => boolean {
  return (entry) =>
    entry.kind === 'message' &&
    entry.direction === 'received' &&
    entry.outcome.ok &&
    entry.step === step &&
    entry.role === role
}

function isSent(step: number): (entry: Hl1Entry) => boolean {
  return (entry) => entry.kind === 'message' && entry.direction === 'sent' && entry.step === step
}

/** The members of a message with their values, in an order that does not depend on how they were written. */
function wordsOf({ members }: Hl1Entry): string {
  return members
    .map(({ name, value }: RecordedMember) => `${name}=${textOf(value)}`)
    .toSorted()
    .join('\n')
}

function textOf(value: MemberValue | undefined): string {
  return value instanceof Uint8Array ? toBase64(value) : String(value)
}

function countsOf(entries: readonly Hl1Entry[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const entry of entries) {
    const words = wordsOf(entry)
    counts.set(words, (counts.get(words) ?? 0) + 1)
  }
  return counts
}
