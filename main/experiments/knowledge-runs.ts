/** The runs that the window *Who knows what* asks for: one is made at a time, and of each suite the last one is kept to be listened to. */
import { LabError } from '#shared/errors'
import type { SuiteName } from '#shared/hl1/suites'
import type { MakingProgress, RunReading, RunView } from '#shared/knowledge/run'
import { OneAtATime } from '../lab/one-at-a-time'
import type { KnowledgeRun } from './knowledge-run'

const knowledgeRun = () => import('./knowledge-run')

export class KnowledgeRuns {
  #making: AbortController | undefined
  readonly #runs = new Map<SuiteName, KnowledgeRun>()
  readonly #readings = new OneAtATime()

  constructor(private readonly onProgress: (progress: MakingProgress) => void) {}

  /**
   * Makes a run, which takes the place of the last one of its suite.
   * @throws LabError `already_running`, `cancelled`; what {@link makeKnowledgeRun} throws
   */
  async make(suite: SuiteName): Promise<RunView> {
    if (this.#making) throw new LabError('already_running', 'A run is being made already.')
    const making = new AbortController()
    this.#making = making
    try {
      const { makeKnowledgeRun } = await knowledgeRun()
      const run = await makeKnowledgeRun(suite, { onProgress: this.onProgress, signal: making.signal })
      // Given up while its roles were closing: its keys are kept by nobody.
      making.signal.throwIfAborted()
      this.#runs.set(suite, run)
      return { suite, frames: [...run.frames].map(([step, { length }]) => ({ step, bytes: length })) }
    } finally {
      this.#making = undefined
    }
  }

  /** Gives up what is being made; harmless when nothing is. */
  cancel(): void {
    this.#making?.abort(new LabError('cancelled', 'The run was cancelled.'))
  }

  /** Has no run any more, nor keys of any. */
  forget(): void {
    this.cancel()
    this.#runs.clear()
  }

  /**
   * Listens to the last run of a suite, up to a step, with these secrets.
   * @throws LabError `no_run`, `bad_argument`; `already_running` where others wait
   */
  async read(suite: SuiteName, secrets: readonly string[], upTo: number): Promise<RunReading> {
    return this.inTurn(() => this.#read(suite, secrets, upTo))
  }

  /** Reads something else in turn with these. @throws LabError `already_running` where others wait */
  inTurn(read: () => Promise<RunReading>): Promise<RunReading> {
    return this.#readings.inTurn(read)
  }

  async #read(suite: SuiteName, secrets: readonly string[], upTo: number): Promise<RunReading> {
    const run = this.#runs.get(suite)
    if (!run) throw new LabError('no_run', 'There is no run yet: make one first.')
    const { listenToRun } = await knowledgeRun()
    const { frames, keys } = await listenToRun(run, secrets, upTo)
    return {
      frames: frames.map(({ step, members, missing }) => ({ step, members, missing })),
      keys: [...keys.keys()],
    }
  }
}
