/** The plan of a lifetime trial: which sessions it makes, and when it sends what in them. */
import type { TrialClock, TrialRequest } from './request'

/** Where a request lies: before the session's end, at it, or after it. */
export type Phase = 'before' | 'at' | 'after'

/** Names of the phases for people. */
export const PHASE_TITLES: Readonly<Record<Phase, string>> = {
  before: 'before the end',
  at: 'at the end',
  after: 'after the end',
}

/** A request to be sent; `at` in milliseconds from the session's start. */
export interface PlannedRequest {
  readonly phase: Phase
  readonly at: number
}

/**
 * One lifetime, on several connections whose sessions start together: a server closes after a request that came too late, so
 * that each of those takes a session with it.
 */
export interface PlannedLifetime {
  /** Seconds. */
  readonly lifetime: number
  /** By their moments. */
  readonly requests: readonly PlannedRequest[]
  /** How many sessions it takes. */
  readonly sessions: number
}

export interface TrialPlan {
  /** In the order of the request. */
  readonly lifetimes: readonly PlannedLifetime[]
  /** Milliseconds from the start of the sessions to the last request. */
  readonly duration: number
}

/** Shares of the lifetime at which requests before the end are sent. */
const BEFORE = [0.25, 0.5, 0.75] as const

/**
 * How far from the end the two requests around it are sent, milliseconds. A simulated clock stands still while a message
 * travels: there one is sent exactly at the end, the other a millisecond later. In real time a message takes its time to
 * arrive, and arriving is what counts.
 */
const AROUND: Readonly<Record<TrialClock, { readonly early: number; readonly late: number }>> = {
  real: { early: 100, late: 100 },
  simulated: { early: 0, late: 1 },
}

/**
 * How far apart requests after the end lie, so that a chart of all lifetimes can show them: on a linear axis a share of the
 * longest lifetime, but no more than one of their own; on a logarithmic one a share of their own.
 */
const APART = { ofLongest: 1 / 40, ofOwn: 1 / 4, logarithmic: 1 / 6 } as const
/** Lifetimes further apart than this factor have no room on one linear axis. */
const FAR_APART = 20

/** Whether a chart of these lifetimes needs a logarithmic axis. */
export function areFarApart(lifetimes: readonly number[]): boolean {
  return Math.max(...lifetimes) / Math.min(...lifetimes) > FAR_APART
}

/** What a trial of these lifetimes does. */
export function planTrial({ lifetimes, clock }: Pick<TrialRequest, 'lifetimes' | 'clock'>): TrialPlan {
  const isFar = areFarApart(lifetimes)
  const most = Math.max(...lifetimes) * APART.ofLongest
  const apartFor = (lifetime: number): number =>
    Math.ceil(isFar ? lifetime * APART.logarithmic : Math.min(most, lifetime * APART.ofOwn)) * 1000
  const planned = lifetimes.map((lifetime) => planLifetime(lifetime, apartFor(lifetime), clock))
  const moments = planned.flatMap(({ requests }) => requests.map(({ at }) => at))
  return { lifetimes: planned, duration: Math.max(...moments) }
}

/** `apart`: milliseconds between requests after the end. */
function planLifetime(lifetime: number, apart: number, clock: TrialClock): PlannedLifetime {
  const { early, late } = AROUND[clock]
  const end = lifetime * 1000
  const tooLate = [end + late, end + apart, end + 2 * apart]
  const requests: readonly PlannedRequest[] = [
    ...BEFORE.map((share) => ({ phase: 'before', at: Math.round(end * share) }) as const),
    { phase: 'at', at: end - early },
    ...tooLate.map((at) => ({ phase: 'after', at }) as const),
  ]
  // In real time every request may be late: on a busy machine a timer comes when it can.
  return { lifetime, requests, sessions: clock === 'real' ? requests.length : tooLate.length }
}
