/** The trials that the client's window runs: one at a time, watched, cancelled, and kept to be saved. */
import { LabError, passOwnFault } from '#shared/errors'
import type { TrialRequest } from '#shared/trial/request'
import type { TrialResult } from '#shared/trial/result'
import { runTrial } from './lifetime-trial'

export class Trials {
  #running: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined
  #last: TrialResult | undefined

  constructor(private readonly onProgress: (result: TrialResult) => void) {}

  /**
   * The trial that ran last, or runs, as far as it is.
   * @throws LabError `no_trial`
   */
  get last(): TrialResult {
    if (!this.#last) throw new LabError('no_trial', 'There is no trial yet: run one first.')
    return this.#last
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  /**
   * Runs a trial and resolves with its result, also when it was cancelled.
   * @throws LabError `trial_running` while another one runs; what starting a lab and opening a session throw
   */
  async start(request: TrialRequest): Promise<TrialResult> {
    if (this.#running)
      throw new LabError('trial_running', 'A trial is running: wait for its end, or cancel it first.')
    const abort = new AbortController()
    const ended = this.#run(request, abort.signal)
    this.#running = { abort, ended }
    try {
      return await ended
    } finally {
      this.#running = undefined
    }
  }

  /** Gives up what runs, and resolves when it has left nothing open. */
  async cancel(): Promise<void> {
    this.#running?.abort.abort(new LabError('cancelled', 'The trial was cancelled.'))
    await this.#running?.ended.catch(() => undefined)
  }

  async #run(request: TrialRequest, signal: AbortSignal): Promise<TrialResult> {
    this.#last = undefined
    const onProgress = (result: TrialResult): void => {
      this.#last = result
      this.onProgress(result)
    }
    try {
      return await runTrial(request, { onProgress, signal })
    } catch (error) {
      passOwnFault(error)
      const result = this.#last as TrialResult | undefined
      if (!signal.aborted || !result) throw error
      const cancelled: TrialResult = { ...result, state: 'cancelled' }
      onProgress(cancelled)
      return cancelled
    }
  }
}
