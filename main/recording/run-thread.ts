/** A thread of its own for a run file that is read: nothing else computes here, and no window waits for it. */
import { parentPort, workerData } from 'node:worker_threads'
import { readKeysFile } from '#shared/capture/keys-file'
import { isForeseen, LabError, toFault, type Fault } from '#shared/errors'
import { readRun, type ReadRun } from './read-run'

/** What the thread is started with. */
export interface ThreadData {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly passphrase: string | undefined
  /** The text of a keys file. */
  readonly keys: string | undefined
}

/** What the thread says. */
export type FromThread =
  | { readonly kind: 'progress'; readonly done: number; readonly of: number }
  | { readonly kind: 'read'; readonly read: ReadRun }
  | { readonly kind: 'failed'; readonly fault: Fault }

/** Milliseconds between two words on how far it is. */
const PAUSE_MS = 100

const port = parentPort
if (!port) throw new LabError('internal_error', 'This is no program of its own: it runs as a thread.')
const tell = (message: FromThread): void => port.postMessage(message)
const { bytes, passphrase, keys } = workerData as ThreadData
let told = performance.now()

function onProgress(done: number, of: number): void {
  const now = performance.now()
  if (now - told < PAUSE_MS) return
  told = now
  tell({ kind: 'progress', done, of })
}

try {
  const read = await readRun(bytes, {
    ...(passphrase === undefined ? {} : { passphrase }),
    ...(keys === undefined ? {} : { keys: readKeysFile(keys) }),
    onProgress,
  })
  tell({ kind: 'read', read })
} catch (error) {
  // Nobody catches it here, so the thread ends with it, and whoever has started the thread gets it whole.
  if (!isForeseen(error)) throw error
  tell({ kind: 'failed', fault: toFault(error) })
}
