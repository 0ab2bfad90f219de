/**
 * Key pairs that peers ask for, one made after another. Making one takes a thread a tenth of a second and more, and there are
 * four for all the cryptography of the process: whoever asks waits here, behind as many others as there are places.
 */

/** What the queue holds, at most. Others are told to come again. */
export const KEY_QUEUE = {
  /** Key pairs that are being made at once. */
  atOnce: 1,
  /** Requests that wait. */
  places: 16,
  /** Of these, what requests in one name may have: so no name can take all. */
  placesOfOneName: 8,
} as const

/** Who asks. `name`: what the key is to be certified for. `isOwn`: this program's own server, which always gets a place. */
export interface KeyRequest {
  readonly name: string
  readonly isOwn: boolean
  /** Gives the place up, with its reason. */
  readonly signal: AbortSignal
}

interface Waiting extends KeyRequest {
  readonly start: () => void
}

export class KeyQueue {
  #waiting: Waiting[] = []
  #working = 0
  /** Names that have had their turn, the last one at the end. */
  #served: string[] = []

  /** How many wait. */
  get length(): number {
    return this.#waiting.length
  }

  /**
   * Has work done once it is its turn. Own requests come first, then those of the name that has had none for the longest time.
   * @returns undefined at once where there is no place
   * @throws the signal's reason while it waits
   */
  take<T>(request: KeyRequest, work: () => Promise<T>): Promise<T> | undefined {
    return this.#hasPlaceFor(request) ? this.#work(request, work) : undefined
  }

  #hasPlaceFor({ name, isOwn }: KeyRequest): boolean {
    if (isOwn || this.#working < KEY_QUEUE.atOnce) return true
    const others = this.#waiting.filter((waiting) => !waiting.isOwn)
    const ofName = others.filter((waiting) => waiting.name === name)
    return others.length < KEY_QUEUE.places && ofName.length < KEY_QUEUE.placesOfOneName
  }

  async #work<T>(request: KeyRequest, work: () => Promise<T>): Promise<T> {
    if (this.#working < KEY_QUEUE.atOnce) this.#begin(request)
    else await this.#turnOf(request)
    try {
      return await work()
    } finally {
      this.#working--
      this.#startNext()
    }
  }

  #begin({ name }: KeyRequest): void {
    this.#working++
    this.#served = [...this.#served.filter((other) => other !== name), name].slice(-KEY_QUEUE.places)
  }

  #turnOf(request: KeyRequest): Promise<void> {
    const { signal } = request
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting)
        reject(signal.reason as Error)
      }
      const waiting: Waiting = {
        ...request,
        start: () => {
          signal.removeEventListener('abort', leave)
          this.#begin(request)
          resolve()
        },
      }
      if (signal.aborted) return reject(signal.reason as Error)
      signal.addEventListener('abort', leave)
      this.#waiting.push(waiting)
    })
  }

  #startNext(): void {
    const next = this.#waiting.reduce<Waiting | undefined>((first, other) => {
      return first === undefined || this.#rank(other) < this.#rank(first) ? other : first
    }, undefined)
    if (!next) return
    this.#waiting = this.#waiting.filter((other) => other !== next)
    next.start()
  }

  /** The lower, the sooner. */
  #rank({ isOwn, name }: Waiting): number {
    return isOwn ? -2 : this.#served.indexOf(name)
  }
}
