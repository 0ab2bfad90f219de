/** A thread of its own for a request from a file that is judged: whoever has made it chooses how long that takes, and main is not held up. */
import { parentPort, workerData } from 'node:worker_threads'
import type { Bytes } from '#shared/bytes'
import { isForeseen, LabError, toFault, type Fault } from '#shared/errors'
import { offerFor, type RequestOffer } from '#shared/issuing/offer'

/** What the thread is started with, DER: the request, and the subject of the authority's certificate. */
export interface ThreadData {
  readonly request: Bytes
  readonly authority: Bytes
}

/** What the thread says. */
export type FromThread =
  | { readonly kind: 'judged'; readonly offer: RequestOffer }
  | { readonly kind: 'failed'; readonly fault: Fault }

const port = parentPort
if (!port) throw new LabError('internal_error', 'This is no program of its own: it runs as a thread.')
const tell = (message: FromThread): void => port.postMessage(message)
const { request, authority } = workerData as ThreadData

try {
  tell({ kind: 'judged', offer: await offerFor(request, authority) })
} catch (error) {
  // Nobody catches it here, so the thread ends with it, and whoever has started the thread gets it whole.
  if (!isForeseen(error)) throw error
  tell({ kind: 'failed', fault: toFault(error) })
}
