/** Runs of both suites for a window: in a thread, one batch at a time, given up when asked to. */
import { Worker } from 'node:worker_threads'
import { LabError, type Fault } from '#shared/errors'
import type { Settings } from '#shared/settings'
import type { Comparison } from '#shared/side-by-side/compare'
import type { RunProgress } from '#shared/side-by-side/runs'

/** What the thread is started with. */
export interface ThreadData {
  readonly settings: Settings
  readonly runs: number
}

/** What the thread says. */
export type FromThread =
  | { readonly kind: 'progress'; readonly progress: RunProgress }
  | { readonly kind: 'done'; readonly comparison: Comparison }
  | { readonly kind: 'failed'; readonly fault: Fault }

/** How long a thread may take to give up, in milliseconds, before it is ended. Making a long RSA key can't be stopped. */
const GRACE_MS = 3_000

export class SuiteRuns {
  #worker: Worker | undefined

  constructor(
    /** The file of the thread in the build. */
    private readonly thread: string,
    private readonly onProgress: (progress: RunProgress) => void,
  ) {}

  get isRunning(): boolean {
    return this.#worker !== undefined
  }

  /**
   * Makes the runs and compares them.
   * @throws LabError `already_running`, `cancelled`, or the code of what went wrong in a run; what nobody has foreseen there
   */
  async run(settings: Settings, runs: number): Promise<Comparison> {
    if (this.#worker) throw new LabError('already_running', 'Runs of both suites are under way already.')
    const data: ThreadData = { settings, runs }
    const worker = new Worker(this.thread, { workerData: data })
    this.#worker = worker
    try {
      return await this.#outcome(worker)
    } finally {
      this.#worker = undefined
      await worker.terminate()
    }
  }

  /** Gives up what is under way, and resolves when the thread has ended; harmless when there is none. */
  async cancel(): Promise<void> {
    const worker = this.#worker
    if (!worker) return
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    worker.postMessage('cancel')
    const timer = setTimeout(() => void worker.terminate(), GRACE_MS)
    await ended
    clearTimeout(timer)
  }

  #outcome(worker: Worker): Promise<Comparison> {
    return new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'progress') this.onProgress(message.progress)
        else if (message.kind === 'done') resolve(message.comparison)
        else reject(new LabError(message.fault.code, message.fault.message))
      })
      worker.on('error', reject)
      worker.on('exit', () => reject(new LabError('cancelled', 'The runs were cancelled.')))
    })
  }
}
