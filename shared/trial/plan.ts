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
 * One session on a connection of its own. A server closes after a request that came too late, so that only the last
 * request of a session can lie after its end: a trial that shows several of those makes a session for each.
 */
export interface PlannedSession {
  /** Seconds. */
  readonly lifetime: number
  readonly requests: readonly PlannedRequest[]
}

export interface TrialPlan {
  readonly sessions: readonly PlannedSession[]
  /** Milliseconds from the start of the sessions, which all start together, to the last request. */
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

/** Sessions in the order of the lifetimes; a trial's sessions with the same lifetime follow each other. */
export function planTrial({ lifetimes, clock }: Pick<TrialRequest, 'lifetimes' | 'clock'>): TrialPlan {
  const isFar = areFarApart(lifetimes)
  const most = Math.max(...lifetimes) * APART.ofLongest
  const apartFor = (lifetime: number): number =>
    Math.ceil(isFar ? lifetime * APART.logarithmic : Math.min(most, lifetime * APART.ofOwn))
  const sessions = lifetimes.flatMap((lifetime) =>
    planLifetime(lifetime, apartFor(lifetime) * 1000, AROUND[clock]),
  )
  const moments = sessions.flatMap(({ requests }) => requests.map(({ at }) => at))
  return { sessions, duration: Math.max(...moments) }
}

function planLifetime(
  lifetime: number,
  /** Milliseconds between requests after the end. */
  apart: number,
  { early, late }: (typeof AROUND)[TrialClock],
): readonly PlannedSession[] {
  const end = lifetime * 1000
  const inTime: readonly PlannedRequest[] = [
    ...BEFORE.map((share) => ({ phase: 'before', at: Math.round(end * share) }) as const),
    { phase: 'at', at: end - early },
  ]
  const tooLate = [end + late, end + apart, end + 2 * apart].map((at) => ({ phase: 'after', at }) as const)
  return tooLate.map((request, index) => ({
    lifetime,
    requests: index === 0 ? [...inTime, request] : [request],
  }))
}
