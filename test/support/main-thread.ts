/** What the process's first thread, in which a test runs, takes of the processor: not the clock's time, which is that of others too. */
import { existsSync, readFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

/** The thread whose number is the process's own; Linux counts what it takes, in nanoseconds. */
const COUNTS = `/proc/self/task/${process.pid}/schedstat`

/** True where it can be told. */
export const isCounted = isMainThread && existsSync(COUNTS)

/** Processor time of this process's first thread until now, in milliseconds. */
export function mainThreadMs(): number {
  return Number(readFileSync(COUNTS, 'utf8').split(' ')[0]) / 1e6
}
