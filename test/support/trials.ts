/** Results of lifetime trials, as a trial that went as it should would have left them. */
import type { TrialRequest } from '#shared/trial/request'
import { planTrial } from '#shared/trial/plan'
import type { TrialOutcome, TrialResult, TrialRow } from '#shared/trial/result'
import { START } from './environment'

const REQUEST: TrialRequest = { lifetimes: [10, 60, 100], suite: 'classic', clock: 'simulated' }

/**
 * @param outcomeOf what became of each row; as section 5 of the protocol demands unless given
 */
export function trialResult(
  changes: Partial<TrialRequest> = {},
  outcomeOf: (row: Omit<TrialRow, 'outcome'>) => TrialOutcome = asDemanded,
): TrialResult {
  const request = { ...REQUEST, ...changes }
  const { lifetimes, duration } = planTrial(request)
  const rows = lifetimes.flatMap(({ lifetime, requests }) =>
    requests.map(({ phase, at }): TrialRow => {
      const row = { lifetime, phase, planned: at }
      return { ...row, outcome: outcomeOf(row) }
    }),
  )
  return { request, state: 'done', startedAt: START, elapsed: duration, duration, rows }
}

export function asDemanded({ lifetime, planned }: Omit<TrialRow, 'outcome'>): TrialOutcome {
  const times = { session: 1, sent: planned, answered: planned }
  if (planned <= lifetime * 1000) return { is: 'accepted', ...times }
  return { is: 'refused', ...times, code: 'session_expired' }
}

export const pending = (): TrialOutcome => ({ is: 'pending' })
