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
import { count } from '../words'
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
  readonly judge: (evidence: Evidence, claim: Claim) => Verdict
}

/** Whether an attack has succeeded, and what that was seen by, in a sentence. */
export interface Verdict {
  readonly succeeded: boolean
  readonly why: string
}

/** A step at the role that takes it. */
interface At {
  readonly step: StepNumber
  readonly role: Role
}

/** Something to be found out, and what it is in words. */
interface Sought {
  readonly what: string
  readonly of: (evidence: Evidence) => string
}

const WORD: Sought = {
  what: 'the random word that only request or answer held',
  of: ({ stage }) => stage.word,
}

/** The adversary prints the run's secret: the word that request or answer held, or something else. */
export function secret({ what, of }: Sought = WORD): Oracle {
  return {
    goal: 'secret',
    judge: (evidence, { secret: said }) => {
      const succeeded = said === of(evidence)
      if (said === undefined) return { succeeded, why: `The adversary can’t say ${what}.` }
      const why = succeeded
        ? `The adversary says “${said}”: that is ${what}.`
        : `The adversary says “${said}”, and that is not ${what}.`
      return { succeeded, why }
    },
  }
}

/** A role has accepted a message that no honest role has sent in these words. */
export function forged(at: At): Oracle {
  return {
    goal: 'forged',
    judge: ({ records }) => {
      const sent = new Set(records.filter(isSent(at.step)).map(wordsOf))
      const accepted = records.filter(isAccepted(at))
      const succeeded = accepted.some((entry) => !sent.has(wordsOf(entry)))
      if (succeeded) return { succeeded, why: `${took(at)} that no honest party has sent in these words.` }
      return { succeeded, why: tookAll(at, accepted, 'was sent in these words by an honest party') }
    },
  }
}

/** A role has taken what its peer said for one thing as what it said for another: the n-th is not the n-th. */
export function misplaced(at: At): Oracle {
  return {
    goal: 'forged',
    judge: ({ records }) => {
      const sent = records.filter(isSent(at.step)).map(wordsOf)
      const accepted = records.filter(isAccepted(at))
      const index = accepted.findIndex((entry, place) => wordsOf(entry) !== sent[place])
      if (index >= 0) {
        const why = `The ${at.role} took another step ${at.step} for number ${index + 1} of those that were sent.`
        return { succeeded: true, why }
      }
      return { succeeded: false, why: tookAll(at, accepted, 'is what was sent in its place') }
    },
  }
}

/** A role has accepted the same message more often than it was sent. */
export function repeated(at: At): Oracle {
  return {
    goal: 'repeated',
    judge: ({ records }) => {
      const sent = countsOf(records.filter(isSent(at.step)))
      const accepted = records.filter(isAccepted(at))
      const found = [...countsOf(accepted)].find(([words, times]) => times > (sent.get(words) ?? times))
      if (!found) return { succeeded: false, why: tookAll(at, accepted, 'was sent as often') }
      const [words, times] = found
      const why = `The ${at.role} accepted the same step ${at.step} ${timesText(times)}; it was sent ${timesText(sent.get(words) ?? 0)}.`
      return { succeeded: true, why }
    },
  }
}

/** A role has accepted a step on a connection on which no honest peer has said anything. */
export function posed(at: At): Oracle {
  return {
    goal: 'posed',
    judge: ({ records }) => {
      const accepted = records.filter(isAccepted(at))
      const hasPeer = ({ connection }: Hl1Entry): boolean =>
        records.some((other) => other.connection.id === connection.id && other.role !== at.role)
      const succeeded = !accepted.every(hasPeer)
      if (succeeded) return { succeeded, why: `${took(at)} on a connection on which no honest peer was.` }
      return { succeeded, why: tookAll(at, accepted, 'came from an honest peer') }
    },
  }
}

/** A role has accepted a step later than the age limit after it was made. */
export function late(at: At): Oracle {
  return {
    goal: 'forged',
    judge: ({ records, stage: { settings } }) => {
      const accepted = records.filter(isAccepted(at))
      const ages = accepted.map((entry) => {
        const said = records.find((other) => isSent(at.step)(other) && wordsOf(other) === wordsOf(entry))
        return said === undefined ? 0 : entry.at - said.at
      })
      const age = Math.max(0, ...ages)
      const limit = `the age limit is ${count(settings.maxAge, 'second')}`
      if (age > settings.maxAge * 1000)
        return { succeeded: true, why: `${took(at)} that was ${age / 1000} seconds old; ${limit}.` }
      return { succeeded: false, why: tookAll(at, accepted, `was fresh: ${limit}`) }
    },
  }
}

/** Something else that can be seen afterwards; `words` says it for when it is so, and when it is not. */
export function seen(
  goal: Goal,
  succeeded: (evidence: Evidence) => boolean,
  words: { readonly yes: string; readonly no: string },
): Oracle {
  return {
    goal,
    judge: (evidence) => {
      const isSo = succeeded(evidence)
      return { succeeded: isSo, why: isSo ? words.yes : words.no }
    },
  }
}

const OPERATIONS = {
  register: 'The server’s registration',
  open: 'The client’s session',
  request: 'The client’s request',
} as const

/** What honest roles set out to do last did not come about. */
export function denied(): Oracle {
  return {
    goal: 'denied',
    judge: ({ operations }) => {
      const last = operations.at(-1)
      if (last?.ok === false)
        return { succeeded: true, why: `${OPERATIONS[last.what]} failed: ${last.code ?? 'unknown'}.` }
      return {
        succeeded: false,
        why: last ? `${OPERATIONS[last.what]} came about.` : 'Nobody set out to do anything.',
      }
    },
  }
}

/** A role took something. */
function took({ step, role }: At): string {
  return `The ${role} accepted a step ${step}`
}

/** How often: once, twice, 3 times. */
export function timesText(times: number): string {
  return ['never', 'once', 'twice'][times] ?? count(times, 'time')
}

/** Why a role took nothing that it should not have. */
function tookAll({ step, role }: At, accepted: readonly Hl1Entry[], how: string): string {
  if (accepted.length === 0) return `The ${role} accepted no step ${step}.`
  return `Every step ${step} that the ${role} accepted ${how}.`
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
