import type { Environment } from '../environment'

/** What time limits are measured with. */
export type Timers = Pick<Environment, 'after'>

/**
 * One signal for the callers' wishes to stop and for time limits, used for one wait after another: making a signal takes longer
 * than many a wait.
 */
export class Deadline {
  #controller = new AbortController()
  #outer: readonly AbortSignal[] = []
  #limits: (() => void)[] = []
  readonly #stop = (): void => this.#controller.abort(this.#outer.find(({ aborted }) => aborted)?.reason)

  constructor(private readonly timers: Timers) {}

  /** Begins a wait that each of `outer` can end; every wait is to be ended by {@link clear}. */
  begin(...outer: readonly AbortSignal[]): AbortSignal {
    if (this.#controller.signal.aborted) this.#controller = new AbortController()
    this.#outer = outer
    if (outer.some(({ aborted }) => aborted)) this.#stop()
    else for (const signal of outer) signal.addEventListener('abort', this.#stop)
    return this.#controller.signal
  }

  /** Aborts once that many milliseconds have gone by; what `reason` makes then is the signal's reason. */
  set(milliseconds: number, reason: () => Error): void {
    this.#limits.push(this.timers.after(milliseconds, () => this.#controller.abort(reason())))
  }

  /** Calls off all limits and lets go of the outer signals. */
  clear(): void {
    for (const signal of this.#outer) signal.removeEventListener('abort', this.#stop)
    this.#outer = []
    for (const callOff of this.#limits) callOff()
    this.#limits = []
  }
}
