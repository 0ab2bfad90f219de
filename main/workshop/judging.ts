/** The thread that judges, as the desk has it: started when somebody comes, ended when nobody is left. */
import { Worker } from 'node:worker_threads'
import { LabError } from '#shared/errors'
import type { JudgeHere } from '#shared/workshop/view'
import type { FromThread, ToThread } from './workshop-thread'

/** How long the thread may take to end by itself, in milliseconds, before it is ended: a key of 4096 bits can't be given up. */
const GRACE_MS = 1_000

export interface JudgingOptions {
  /** The file of the thread in the build. */
  readonly thread: string
  readonly onMessage: (message: Exclude<FromThread, { readonly kind: 'judges' }>) => void
  /** What nobody has foreseen: the thread is gone with it. */
  readonly onFailure: (error: unknown) => void
}

export class Judging {
  readonly #worker: Worker
  /** Rejects where the thread fails before it knows. */
  readonly judges: Promise<readonly JudgeHere[]>

  constructor({ thread, onMessage, onFailure }: JudgingOptions) {
    const worker = new Worker(thread)
    this.#worker = worker
    this.judges = new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'judges') resolve(message.judges)
        else onMessage(message)
      })
      worker.on('error', (error) => {
        reject(error)
        onFailure(error)
      })
      worker.on('exit', () => reject(new LabError('cancelled', 'The workshop was closed.')))
    })
    this.judges.catch(() => undefined)
  }

  tell(message: ToThread): void {
    this.#worker.postMessage(message)
  }

  /** Gives up all, and resolves when the thread has ended, and all programs that it has started. */
  async end(): Promise<void> {
    const worker = this.#worker
    worker.removeAllListeners('message')
    const ended = new Promise((resolve) => worker.once('exit', resolve))
    this.tell({ kind: 'end' })
    const timer = setTimeout(() => void worker.terminate(), GRACE_MS)
    await ended
    clearTimeout(timer)
  }
}
