/** Has a thread judge a request from a file: it is ended when it has answered, or takes longer than it may. */
import { Worker } from 'node:worker_threads'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { RequestOffer } from '#shared/issuing/offer'
import { count } from '#shared/words'
import type { FromThread, ThreadData } from './offer-thread'

/**
 * Judges a request, DER.
 * @param authority the subject of the authority's certificate, DER
 */
export type JudgeRequest = (request: Bytes, authority: Bytes) => Promise<RequestOffer>

/** An honest request takes the processor a third of a second, most of it for the thread to start; a machine may be slow, and busy. */
const TIME_LIMIT_MS = 10_000
/** Memory of the thread: many times what the largest request takes. Megabytes. */
const MOST_MEMORY_MB = 256

/**
 * Judges requests, each in a thread of its own.
 * @param thread its file in the build
 * @returns what throws LabError as `offerFor` does, `inspect_timeout`, `request_refused` for one that takes too much memory; and what
 *   nobody has foreseen in the thread
 */
export function judgeInThread(thread: string, limitMs = TIME_LIMIT_MS): JudgeRequest {
  return async (request, authority) => {
    const data: ThreadData = { request, authority }
    const worker = new Worker(thread, {
      workerData: data,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY_MB },
    })
    let timer: NodeJS.Timeout | undefined
    try {
      return await new Promise((resolve, reject) => {
        timer = setTimeout(() => reject(tookTooLong(limitMs)), limitMs)
        worker.on('message', (message: FromThread) => {
          if (message.kind === 'judged') resolve(message.offer)
          else reject(new LabError(message.fault.code, message.fault.message, message.fault))
        })
        worker.on('error', (error) => reject(isOutOfMemory(error) ? tookTooMuch() : error))
        worker.on('exit', () => reject(tookTooMuch()))
      })
    } finally {
      clearTimeout(timer)
      await worker.terminate()
    }
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function tookTooLong(limitMs: number): LabError {
  return new LabError(
    'inspect_timeout',
    `Judging the request took longer than ${count(limitMs / 1_000, 'second')}. Nothing was issued; try again when the machine is less busy.`,
  )
}

function tookTooMuch(): LabError {
  return new LabError('request_refused', 'The request takes more memory than there is for one.')
}
