/**
 * Requests for certificates, worked on one after another. One takes some milliseconds of this thread, in pieces between which
 * others have their turn: many at once would put as many pieces before each of theirs.
 */
import type { Work } from '#shared/hl1/drivers/registration'

const DESK = {
  /** While several wait: for each millisecond of work, so many are left to everything else. */
  rest: 2,
  /** Milliseconds of rest at most. */
  mostRestMs: 20,
  /** Milliseconds from when somebody had to wait to when one alone needs no rest any more. */
  contendedMs: 200,
} as const

interface Waiting {
  readonly isOwn: boolean
  readonly start: () => void
}

/** The desk at which an authority works. */
export class Desk {
  readonly #waiting: Waiting[] = []
  /** `resting`: nobody is worked for, and whoever comes waits. */
  #state: 'free' | 'working' | 'resting' = 'free'
  #begun = 0
  #contended = Number.NEGATIVE_INFINITY

  /** How many wait. */
  get length(): number {
    return this.#waiting.length
  }

  /** A place at the desk for one connection. `isOwn`: this program's server, which is always next. `signal` gives it up. */
  placeFor(isOwn: boolean, signal: AbortSignal): Work {
    let isWorking = false
    return {
      begin: async () => {
        await this.#turnOf(isOwn, signal)
        isWorking = true
      },
      end: () => {
        if (isWorking) this.#leave()
        isWorking = false
      },
    }
  }

  async #turnOf(isOwn: boolean, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const isNext = this.#state === 'free' || (isOwn && this.#state === 'resting')
    if (!isNext) {
      this.#contended = performance.now()
      await this.#wait(isOwn, signal)
    }
    this.#state = 'working'
    this.#begun = performance.now()
  }

  #wait(isOwn: boolean, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(signal.reason as Error)
      }
      const waiting: Waiting = {
        isOwn,
        start: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      signal.addEventListener('abort', leave)
      this.#waiting.push(waiting)
    })
  }

  #leave(): void {
    const now = performance.now()
    const isContended = this.#waiting.length > 0 || now - this.#contended < DESK.contendedMs
    this.#state = 'resting'
    if (!isContended || this.#waiting.some(({ isOwn }) => isOwn)) return this.#next()
    setTimeout(
      () => {
        if (this.#state === 'resting') this.#next()
      },
      Math.min(DESK.rest * (now - this.#begun), DESK.mostRestMs),
    )
  }

  #next(): void {
    const at = Math.max(
      0,
      this.#waiting.findIndex(({ isOwn }) => isOwn),
    )
    const [next] = this.#waiting.splice(at, 1)
    // Between its start and its first step nobody else may come in.
    this.#state = next ? 'working' : 'free'
    next?.start()
  }
}
