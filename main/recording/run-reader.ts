/** Has a thread read a run file; given up when asked to. */
import { Worker } from 'node:worker_threads'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { ReadRun } from './read-run'
import type { FromThread, ThreadData } from './run-thread'

/** Memory of the thread: many times the longest file's. Megabytes. */
const MOST_MEMORY_MB = 3_000

export interface Reading {
  readonly passphrase?: string | undefined
  /** The text of a keys file, for a capture. */
  readonly keys?: string | undefined
  readonly onProgress: (done: number, of: number) => void
  readonly signal: AbortSignal
}

/**
 * Reads a run in a thread.
 * @param thread its file in the build
 * @throws LabError as `readRun` does; the signal's reason; what nobody has foreseen there
 */
export async function readRunInThread(
  thread: string,
  bytes: Bytes,
  { passphrase, keys, onProgress, signal }: Reading,
): Promise<ReadRun> {
  signal.throwIfAborted()
  const data: ThreadData = { bytes, passphrase, keys }
  const worker = new Worker(thread, {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
  })
  const giveUp = (): void => void worker.terminate()
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.kind === 'progress') onProgress(message.done, message.of)
        else if (message.kind === 'read') resolve(message.read)
        else reject(new LabError(message.fault.code, message.fault.message, message.fault))
      })
      worker.on('error', reject)
      worker.on('exit', () =>
        reject(signal.reason ?? new LabError('bad_run', 'The file takes more memory than there is for it.')),
      )
    })
  } finally {
    signal.removeEventListener('abort', giveUp)
    await worker.terminate()
  }
}
