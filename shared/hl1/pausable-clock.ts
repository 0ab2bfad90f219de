/** A clock that can be stopped, and goes on from where it stood: for what shall not pass while somebody reads. */
import type { Environment } from './environment'

/** What lifetimes are measured with. */
export type LifetimeClock = Pick<Environment, 'monotonic' | 'after'>

interface Timer {
  /** By this clock's own reading. */
  readonly due: number
  readonly action: () => void
  callOff: () => void
}

export class PausableClock implements LifetimeClock {
  /** Its reading while it stands. */
  #stands: number | undefined
  /** Milliseconds of the other clock that it has left out. */
  #missed = 0
  readonly #timers = new Set<Timer>()

  /** @param clock the one that it follows while it runs */
  constructor(private readonly clock: LifetimeClock) {}

  get isPaused(): boolean {
    return this.#stands !== undefined
  }

  readonly monotonic = (): number => this.#stands ?? this.clock.monotonic() - this.#missed

  readonly after = (milliseconds: number, action: () => void): (() => void) => {
    const timer: Timer = { due: this.monotonic() + milliseconds, action, callOff: () => undefined }
    this.#timers.add(timer)
    if (!this.isPaused) this.#set(timer)
    return () => {
      this.#timers.delete(timer)
      timer.callOff()
    }
  }

  /** Stops it, and what waits for its time with it. */
  pause(): void {
    if (this.isPaused) return
    this.#stands = this.monotonic()
    for (const timer of this.#timers) timer.callOff()
  }

  /** Lets it go on from where it stands. */
  resume(): void {
    if (this.#stands === undefined) return
    this.#missed = this.clock.monotonic() - this.#stands
    this.#stands = undefined
    for (const timer of this.#timers) this.#set(timer)
  }

  #set(timer: Timer): void {
    timer.callOff = this.clock.after(Math.max(0, timer.due - this.monotonic()), () => {
      this.#timers.delete(timer)
      timer.action()
    })
  }
}
