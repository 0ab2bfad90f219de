/** The result of a trial as it fills; every change is told. */
import type { Environment } from '#shared/hl1/environment'
import type { PlannedRequest, TrialPlan } from '#shared/trial/plan'
import type { TrialRequest } from '#shared/trial/request'
import type { TrialOutcome, TrialResult, TrialRow } from '#shared/trial/result'

export class TrialProgress {
  #result: TrialResult
  #began: number

  constructor(
    request: TrialRequest,
    plan: TrialPlan,
    private readonly environment: Environment,
    private readonly onProgress: (result: TrialResult) => void,
  ) {
    this.#began = environment.monotonic()
    this.#result = {
      request,
      state: 'starting',
      startedAt: environment.now(),
      elapsed: 0,
      duration: plan.duration,
      rows: plan.lifetimes.flatMap(({ lifetime, requests }) =>
        requests.map(({ phase, at }) => ({
          lifetime,
          phase,
          planned: at,
          outcome: { is: 'pending' } as const,
        })),
      ),
    }
    onProgress(this.#result)
  }

  /** The sessions are open; `start` is that of the first one on the monotonic clock. */
  begin(start: number): void {
    this.#began = start
    this.#change({ state: 'running' })
  }

  note(lifetime: number, planned: PlannedRequest, outcome: TrialOutcome): void {
    const isIt = (row: TrialRow): boolean => row.lifetime === lifetime && row.planned === planned.at
    this.#change({ rows: this.#result.rows.map((row) => (isIt(row) ? { ...row, outcome } : row)) })
  }

  end(): TrialResult {
    return this.#change({ state: 'done' })
  }

  #change(change: Partial<TrialResult>): TrialResult {
    const elapsed = this.environment.monotonic() - this.#began
    this.#result = { ...this.#result, elapsed, ...change }
    this.onProgress(this.#result)
    return this.#result
  }
}
