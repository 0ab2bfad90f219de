import type { Environment } from '../environment'

/** What time limits are measured with. */
export type Timers = Pick<Environment, 'after'>

/**
 * One signal for a caller's wish to stop and for time limits, used for one wait after another: making a signal takes longer
 * than many a wait.
 */
export class Deadline {
  #controller = new AbortController()
  #outer: AbortSignal | undefined
  #limits: (() => void)[] = []
  readonly #stop = (): void => this.#controller.abort(this.#outer?.reason)

  constructor(private readonly timers: Timers) {}

  /** Begins a wait that `outer` can end; every wait is to be ended by {@link clear}. */
  begin(outer: AbortSignal): AbortSignal {
    if (this.#controller.signal.aborted) this.#controller = new AbortController()
    this.#outer = outer
    if (outer.aborted) this.#stop()
    else outer.addEventListener('abort', this.#stop)
    return this.#controller.signal
  }

  /** Aborts once that many milliseconds have gone by; what `reason` makes then is the signal's reason. */
  set(milliseconds: number, reason: () => Error): void {
    this.#limits.push(this.timers.after(milliseconds, () => this.#controller.abort(reason())))
  }

  /** Calls off all limits and lets go of the outer signal. */
  clear(): void {
    this.#outer?.removeEventListener('abort', this.#stop)
    this.#outer = undefined
    for (const callOff of this.#limits) callOff()
    this.#limits = []
  }
}
