/** What a lifetime trial has found, and whether it is what the protocol demands. */
import type { ErrorCode } from '../errors'
import type { Phase } from './plan'
import type { TrialRequest } from './request'

/**
 * What became of a request; `session` says in which of its lifetime's sessions it was sent, from 1; `code` is that of the
 * server's alert, or of the error that ended it.
 */
export type TrialOutcome =
  | { readonly is: 'pending' }
  | { readonly is: 'accepted'; readonly session: number; readonly sent: number; readonly answered: number }
  | {
      readonly is: 'refused'
      readonly session: number
      readonly sent: number
      readonly answered: number
      readonly code: ErrorCode
    }

/**
 * One request. Times are milliseconds since its session started on the server: when it was to be sent, and in the outcome
 * when it was sent and when its answer, or its refusal, was there. The server judged it in between.
 */
export interface TrialRow {
  /** Seconds. */
  readonly lifetime: number
  readonly phase: Phase
  readonly planned: number
  readonly outcome: TrialOutcome
}

/** A trial as far as it is. */
export interface TrialResult {
  readonly request: TrialRequest
  /** It is starting until its sessions are open. */
  readonly state: 'starting' | 'running' | 'done' | 'cancelled'
  /** When it began on the machine's wall clock, milliseconds since the Unix epoch. */
  readonly startedAt: number
  /** Milliseconds that have gone by on the trial's clock, and those that it takes. */
  readonly elapsed: number
  readonly duration: number
  /** By lifetime, in the order of the request, then by the planned moment. */
  readonly rows: readonly TrialRow[]
}

/**
 * What section 5 of protocol.md demands of a request: one that arrives while the lifetime has not gone by is accepted, also
 * at exactly its end; a later one is refused. Where the end fell between sending and answering, either is right.
 */
export function demandOf({ lifetime, outcome }: TrialRow): 'accepted' | 'refused' | 'either' | undefined {
  if (outcome.is === 'pending') return undefined
  const end = lifetime * 1000
  if (outcome.sent > end) return 'refused'
  return outcome.answered <= end ? 'accepted' : 'either'
}

/** Whether the request fared as demanded; undefined while it is pending. */
export function isAsDemanded(row: TrialRow): boolean | undefined {
  const { outcome } = row
  const demand = demandOf(row)
  if (demand === undefined) return undefined
  if (outcome.is === 'refused') return outcome.code === 'session_expired' && demand !== 'accepted'
  return demand !== 'refused'
}

/** True while requests are still to come. */
export function isUnderWay({ state }: TrialResult): boolean {
  return state === 'starting' || state === 'running'
}

/** True when the trial has run to its end and every request fared as demanded. */
export function isWholeAndAsDemanded({ state, rows }: TrialResult): boolean {
  return state === 'done' && rows.every((row) => isAsDemanded(row) === true)
}

/** Milliseconds as seconds with three digits: 10.001. */
export function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

/** One sentence on the whole: how many requests were accepted and refused, and whether that is right. */
export function summaryOf(result: TrialResult): string {
  const { rows, state } = result
  const number = (is: TrialRow['outcome']['is']): number =>
    rows.filter(({ outcome }) => outcome.is === is).length
  const pending = number('pending')
  const counted = `${number('accepted')} accepted, ${number('refused')} refused${pending > 0 ? `, ${pending} not sent${isUnderWay(result) ? ' yet' : ''}` : ''}.`
  const otherwise = rows.filter((row) => isAsDemanded(row) === false).length
  if (otherwise > 0) return `${counted} ${otherwise} not as section 5 of the protocol demands.`
  return state === 'done' ? `${counted} All as section 5 of the protocol demands.` : counted
}
