/** A thread of its own for runs of both suites: nothing else computes here, and no window waits for it. */
import { parentPort, workerData } from 'node:worker_threads'
import { isForeseen, LabError, toFault } from '#shared/errors'
import { measureSuites } from './measure-suites'
import type { FromThread, ThreadData } from './suite-runs'

const port = parentPort
if (!port) throw new LabError('internal_error', 'This is no program of its own: it runs as a thread.')
const tell = (message: FromThread): void => port.postMessage(message)

const stop = new AbortController()
// Whatever is said to this thread is that it should give up.
port.once('message', () => stop.abort(new LabError('cancelled', 'The runs were cancelled.')))

const { settings, runs } = workerData as ThreadData
const onProgress = (progress: Extract<FromThread, { kind: 'progress' }>['progress']): void =>
  tell({ kind: 'progress', progress })
try {
  tell({ kind: 'done', comparison: await measureSuites({ settings, runs, onProgress, signal: stop.signal }) })
} catch (error) {
  // Nobody catches it here, so the thread ends with it, and whoever has started the thread gets it whole.
  if (!isForeseen(error)) throw error
  tell({ kind: 'failed', fault: toFault(error) })
} finally {
  port.close()
}
