/** When a session's lifetime is over, on a clock that nobody sets. */
import type { Environment } from '#shared/hl1/environment'
import { timeLeft, type Session } from '#shared/hl1/state'

/** The page's own clock: of the system's environment this part needs no cryptography. */
export const pageClock: Pick<Environment, 'monotonic' | 'after'> = {
  monotonic: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
}

export class SessionEnd {
  #session: Session | undefined
  #ended = false
  #callOff = (): void => undefined

  /** `onEnd` is called once for each session that comes to its end. */
  constructor(
    private readonly clock: Pick<Environment, 'monotonic' | 'after'>,
    private readonly onEnd: () => void,
  ) {}

  /** True from the end of the session's lifetime on, until there is another session or none. */
  get ended(): boolean {
    return this.#ended
  }

  /** From now on it is about this session, or none; the same one again changes nothing. */
  follow(session: Session | undefined): void {
    if (session?.startedMonotonic === this.#session?.startedMonotonic) return
    this.#session = session
    this.#look()
  }

  /** Nobody wants to know any more. */
  close(): void {
    this.#callOff()
  }

  #look(): void {
    this.#callOff()
    this.#ended = false
    if (!this.#session) return
    const left = timeLeft(this.#session, this.clock.monotonic())
    if (left >= 0) {
      // A millisecond later: exactly at the end it still lives.
      this.#callOff = this.clock.after(left + 1, () => this.#look())
      return
    }
    this.#ended = true
    this.onEnd()
  }
}
