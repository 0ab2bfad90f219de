/** Clocks that stand still until they are moved: what takes a day of waiting takes no time at all, and is exact. */
import type { Environment } from './environment'

interface Timer {
  readonly due: number
  readonly action: () => void
}

export class SimulatedClock implements Pick<Environment, 'now' | 'monotonic' | 'after'> {
  #now: number
  #monotonic: number
  readonly #timers = new Set<Timer>()

  /** @param start both clocks' first reading, milliseconds; `now` since the Unix epoch */
  constructor(start: { readonly now: number; readonly monotonic: number }) {
    this.#now = start.now
    this.#monotonic = start.monotonic
  }

  readonly now = (): number => this.#now
  readonly monotonic = (): number => this.#monotonic

  readonly after = (milliseconds: number, action: () => void): (() => void) => {
    const timer: Timer = { due: this.#monotonic + milliseconds, action }
    this.#timers.add(timer)
    return () => void this.#timers.delete(timer)
  }

  /** Time goes by on both clocks, milliseconds. What falls due on the way happens at its moment, in order. */
  pass(milliseconds: number): void {
    const end = this.#monotonic + milliseconds
    for (let next = this.#firstUntil(end); next; next = this.#firstUntil(end)) {
      this.#timers.delete(next)
      this.#moveTo(next.due)
      next.action()
    }
    this.#moveTo(end)
  }

  /** Somebody sets the wall clock; the other one does not notice. Milliseconds, negative for back. */
  setWallClock(difference: number): void {
    this.#now += difference
  }

  /** An environment with these clocks; everything else, randomness and cryptography, is that of another. */
  ruling(rest: Environment): Environment {
    const { now, monotonic, after } = this
    return { ...rest, now, monotonic, after }
  }

  #firstUntil(end: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.due <= end)
    return due.sort((a, b) => a.due - b.due)[0]
  }

  #moveTo(monotonic: number): void {
    this.#now += monotonic - this.#monotonic
    this.#monotonic = monotonic
  }
}
