/**
 * The attacks that the window *Attacks* asks for: runs them in threads, tells how far they are, and keeps each as it was, as many as
 * fit, to be looked at. It gives nothing but what a private lab has shown.
 */
import { cellKey, type AttackProgress, type Cell, type CellRequest } from '#shared/adversary/cell'
import type { AttackRun } from '#shared/adversary/run'
import { LabError, toFault } from '#shared/errors'
import { coalesce } from '../lab/coalesce'
import type { Log } from '../log/log'
import type { Run } from '#shared/run/run'
import { AttackThreads } from './attack-runs'
import { unpackRun } from './packed-run'
import type { WholeRun } from './run-attack'

export interface AttackDeskOptions {
  /** Of the app, for files. */
  readonly version: string
  /** The file of the thread in the build. */
  readonly thread: string
  readonly tell: (progress: AttackProgress) => void
  readonly log: Pick<Log, 'failed'>
}

/** Room for the runs that are kept, in bytes: about all of the matrix and the ladder. */
const KEPT_BYTES = 64 * 1024 * 1024
/** At most so often the window hears of new cells, milliseconds. */
const TELL_MS = 250

export class AttackDesk {
  readonly #threads: AttackThreads
  readonly #cells = new Map<string, Cell>()
  readonly #runs = new Map<string, Uint8Array>()
  #bytes = 0
  /** Of those asked for since nothing ran: how many have ended, and what came of those that were not told yet. */
  #done = 0
  #news: Cell[] = []
  readonly #announce: () => void

  constructor(private readonly options: AttackDeskOptions) {
    const { thread, tell, log } = options
    this.#threads = new AttackThreads({
      thread,
      onRun: ({ cell, run }) => this.#keep(cell, run),
      onRest: (failure) => this.#rest(failure),
    })
    this.#announce = coalesce(
      async () => tell(this.#progress()),
      (error) => log.failed('While the window was told of attacks.', error),
      TELL_MS,
    )
  }

  /** All that have been run, and how far those are that run. */
  list(): AttackProgress {
    return { ...this.#progress([]), cells: [...this.#cells.values()] }
  }

  /**
   * Runs cells, before all others that wait, and answers at once.
   * @throws LabError `bad_argument` for what is no cell of any matrix or ladder, `too_many_runs`
   */
  async run(requests: readonly CellRequest[]): Promise<void> {
    // Attacks come with all that they are made of: whoever never asks for one never has them.
    const { isCell } = await import('#shared/adversary/matrix')
    if (!requests.every(isCell)) throw new LabError('bad_argument', 'There is no such cell.')
    this.#threads.add(requests)
    this.#announce()
  }

  /** Gives up what runs and what waits, and resolves when nothing runs. */
  cancel(): Promise<void> {
    return this.#threads.cancel()
  }

  /**
   * A run as it was.
   * @throws LabError `unknown_record` where there is none, or it is not kept any more
   */
  open(request: CellRequest): AttackRun {
    return this.#whole(request).run
  }

  /**
   * The same as it is kept in a file.
   * @throws LabError `unknown_record` as {@link open}; `export_nothing_chosen` where the attack means nothing, so that nothing has run
   */
  kept(request: CellRequest): Run {
    const { kept } = this.#whole(request)
    if (!kept)
      throw new LabError('export_nothing_chosen', 'This attack means nothing here: there is no run to save.')
    return { ...kept, app: this.options.version }
  }

  #whole(request: CellRequest): WholeRun {
    const packed = this.#runs.get(cellKey(request))
    if (!packed)
      throw new LabError('unknown_record', 'This run is no longer kept, or never was: run it once more.')
    return unpackRun(packed)
  }

  /** Gives up what runs, and forgets all runs. */
  async forget(): Promise<void> {
    await this.cancel()
    this.#cells.clear()
    this.#runs.clear()
    this.#bytes = 0
    this.#news = []
  }

  #keep(cell: Cell, run: Uint8Array): void {
    const key = cellKey(cell)
    this.#cells.set(key, cell)
    this.#drop(key)
    this.#runs.set(key, run)
    this.#bytes += run.length
    for (const [oldest] of this.#runs) {
      if (this.#bytes <= KEPT_BYTES) break
      this.#drop(oldest)
    }
    this.#done++
    this.#news.push(cell)
    this.#announce()
  }

  #drop(key: string): void {
    this.#bytes -= this.#runs.get(key)?.length ?? 0
    this.#runs.delete(key)
  }

  #rest(failure: unknown): void {
    if (failure !== undefined) {
      this.options.log.failed('While attacks were run.', failure)
      this.options.tell({ ...this.#progress(), fault: toFault(failure) })
    }
    this.options.tell(this.#progress())
    this.#done = 0
  }

  /** Takes the news that it tells. */
  #progress(cells: readonly Cell[] = this.#news.splice(0)): AttackProgress {
    return { cells, done: this.#done, of: this.#done + this.#threads.left }
  }
}
