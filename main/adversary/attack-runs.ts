/** Many attacks at once, in threads: as many as there are cores, each cell as it comes. */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { CellRequest } from '#shared/adversary/matrix'
import type { Cell } from '#shared/adversary/outcome'
import { LabError } from '#shared/errors'
import { AttackKeys } from './attack-keys'
import type { AttacksThreadData } from './attacks-thread'

export interface AttackRunsOptions {
  /** The file of the thread in the build. */
  readonly thread: string
  /** Each cell, as soon as it is there; in no order. */
  readonly onCell: (cell: Cell, done: number, of: number) => void
  /** Gives everything up at once. */
  readonly signal: AbortSignal
}

/** How many threads at most: more have nothing to run on. */
const MOST_THREADS = 4

/**
 * Runs cells, and resolves with all of them in the order in which they were asked for.
 * @throws the signal's reason; what nobody has foreseen in a run
 */
export async function runAttacks(
  requests: readonly CellRequest[],
  { thread, onCell, signal }: AttackRunsOptions,
): Promise<readonly Cell[]> {
  signal.throwIfAborted()
  const keys = (await AttackKeys.make()).toData()
  signal.throwIfAborted()
  const data: AttacksThreadData = { keys }
  const cells: (Cell | undefined)[] = requests.map(() => undefined)
  const count = Math.min(MOST_THREADS, availableParallelism(), requests.length)
  const workers = Array.from({ length: count }, () => new Worker(thread, { workerData: data }))
  let next = 0
  let done = 0
  try {
    await Promise.all(
      workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            let at = -1
            const ask = (): void => {
              at = next++
              const request = requests[at]
              if (request) worker.postMessage(request)
              else resolve()
            }
            signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
            worker.on('error', reject)
            worker.on('exit', () => reject(new LabError('cancelled', 'The runs were cancelled.')))
            worker.on('message', (cell: Cell) => {
              cells[at] = cell
              onCell(cell, ++done, requests.length)
              ask()
            })
            ask()
          }),
      ),
    )
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
  return cells.filter((cell) => cell !== undefined)
}
