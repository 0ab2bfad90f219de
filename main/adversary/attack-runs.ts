/**
 * Attacks in threads: as many at once as there are cores, each as it comes. What was asked for last is run first; nothing is run
 * twice because it was asked for twice.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { cellKey, type Cell, type CellRequest } from '#shared/adversary/cell'
import { LabError } from '#shared/errors'
import { AttackKeys } from './attack-keys'
import type { AttacksThreadData, ThreadAnswer } from './attacks-thread'

export interface AttackThreadsOptions {
  /** The file of the thread in the build. */
  readonly thread: string
  /** Each run, as soon as it is there; in no order. */
  readonly onRun: (answer: ThreadAnswer) => void
  /** Nothing is left to be run. `failure`: what nobody has foreseen in a run, which has ended all of them. */
  readonly onRest: (failure?: unknown) => void
}

/** How many threads at most: more have nothing to run on. */
const MOST_THREADS = 4
/** How many runs may wait: all of the matrix and of the ladder, and some. */
const MOST_WAITING = 4_096
/** Threads that have nothing to do are kept for so many milliseconds: the next run then begins at once. */
const KEPT_FOR_MS = 20_000

export class AttackThreads {
  #keys: Promise<AttacksThreadData> | undefined
  readonly #waiting = new Map<string, CellRequest>()
  readonly #idle = new Set<Worker>()
  /** What each thread runs. */
  readonly #busy = new Map<Worker, string>()
  /** Counts what was given up: whoever waited for keys meanwhile starts nothing any more. */
  #givenUp = 0
  #starting = false
  /** Threads that were told to end. */
  #gone: Promise<unknown> = Promise.resolve()
  #ending: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: AttackThreadsOptions) {}

  get isRunning(): boolean {
    return this.#waiting.size > 0 || this.#busy.size > 0
  }

  /** How many runs are still to come, those under way among them. */
  get left(): number {
    return this.#waiting.size + this.#busy.size
  }

  /**
   * Runs cells before all others that wait.
   * @throws LabError `too_many_runs` where more would wait than may
   */
  add(requests: readonly CellRequest[]): void {
    if (requests.length === 0) return
    const before = [...this.#waiting]
    const running = new Set(this.#busy.values())
    const wanted = requests.map((request) => [cellKey(request), request] as const)
    const all = new Map([...wanted.filter(([key]) => !running.has(key)), ...before])
    if (all.size > MOST_WAITING)
      throw new LabError('too_many_runs', 'So many runs can’t wait: let some of them end, or cancel them.')
    this.#waiting.clear()
    for (const [key, request] of all) this.#waiting.set(key, request)
    clearTimeout(this.#ending)
    void this.#start()
  }

  /** Gives up all that waits and runs, and resolves when no thread is left. */
  async cancel(): Promise<void> {
    const wasRunning = this.isRunning
    const ended = this.#end()
    // Nobody who gives up has to wait until the last thread is gone.
    if (wasRunning) this.options.onRest()
    await ended
  }

  /** Starts as many threads as have something to run. */
  async #start(): Promise<void> {
    for (const worker of this.#idle) this.#give(worker)
    if (this.#starting) return
    this.#starting = true
    const { thread } = this.options
    const now = this.#givenUp
    try {
      this.#keys ??= AttackKeys.make().then((keys) => ({ keys: keys.toData() }))
      const workerData = await this.#keys
      const most = Math.min(MOST_THREADS, availableParallelism())
      while (now === this.#givenUp && this.#waiting.size > 0 && this.#busy.size < most)
        this.#open(new Worker(thread, { workerData }))
    } catch (error) {
      await this.#fail(error)
    } finally {
      this.#starting = false
    }
    // What was asked for while others were given up.
    if (now !== this.#givenUp && this.#waiting.size > 0) void this.#start()
  }

  #open(worker: Worker): void {
    worker.on('error', (error) => void this.#fail(error))
    worker.on('message', (answer: ThreadAnswer) => {
      this.#busy.delete(worker)
      this.options.onRun(answer)
      this.#give(worker)
    })
    this.#give(worker)
  }

  /** Gives a thread what waits first, or lets it rest. */
  #give(worker: Worker): void {
    const [next] = this.#waiting
    if (next) {
      const [key, request] = next
      this.#waiting.delete(key)
      this.#idle.delete(worker)
      this.#busy.set(worker, key)
      worker.postMessage(request)
      return
    }
    this.#idle.add(worker)
    if (this.isRunning) return
    this.options.onRest()
    clearTimeout(this.#ending)
    this.#ending = setTimeout(() => void this.#end(), KEPT_FOR_MS)
    this.#ending.unref()
  }

  async #fail(error: unknown): Promise<void> {
    await this.#end()
    this.options.onRest(error)
  }

  async #end(): Promise<void> {
    this.#givenUp++
    clearTimeout(this.#ending)
    const workers = [...this.#idle, ...this.#busy.keys()]
    this.#waiting.clear()
    this.#idle.clear()
    this.#busy.clear()
    // A second one may fail before it has ended, and nobody asks any more.
    for (const worker of workers)
      worker.removeAllListeners('message').removeAllListeners('error').on('error', ignore)
    this.#gone = Promise.all([this.#gone, ...workers.map((worker) => worker.terminate())])
    await this.#gone
  }
}

function ignore(): void {}

export interface AttackRunsOptions {
  readonly thread: string
  /** Each cell, as soon as it is there; in no order. */
  readonly onCell: (cell: Cell) => void
  /** Gives everything up at once. */
  readonly signal: AbortSignal
}

/**
 * Runs cells, and resolves with all of them in the order in which they were asked for.
 * @throws the signal's reason; what nobody has foreseen in a run
 */
export async function runAttacks(
  requests: readonly CellRequest[],
  { thread, onCell, signal }: AttackRunsOptions,
): Promise<readonly Cell[]> {
  signal.throwIfAborted()
  const cells = new Map<string, Cell>()
  if (requests.length === 0) return []
  await new Promise<void>((resolve, reject) => {
    const threads = new AttackThreads({
      thread,
      onRun: ({ cell }) => {
        cells.set(cellKey(cell), cell)
        onCell(cell)
      },
      onRest: (failure) => {
        signal.removeEventListener('abort', giveUp)
        const end = failure === undefined ? resolve : () => reject(failure as Error)
        void threads.cancel().then(end)
      },
    })
    const giveUp = (): void => void threads.cancel()
    signal.addEventListener('abort', giveUp)
    threads.add(requests)
  })
  signal.throwIfAborted()
  return requests.map((request) => cells.get(cellKey(request))).filter((cell) => cell !== undefined)
}
