/** One action at a time, which can be given up: whoever waits for a part of it then waits no longer. */
import { LabError } from '#shared/errors'
import { unlessAborted } from '#shared/unless-aborted'

export class Action {
  #current: AbortController | undefined
  /** Settles when what the action has begun elsewhere is given up as well. */
  #givingUp: Promise<void> = Promise.resolve()

  get isUnderWay(): boolean {
    return this.#current !== undefined
  }

  /** Does the work; what goes wrong in it is for `failed`, unless it was given up. Never rejects. */
  async run(work: () => Promise<void>, failed: (error: unknown) => void): Promise<void> {
    const current = (this.#current = new AbortController())
    try {
      await work()
    } catch (error) {
      if (!current.signal.aborted) failed(error)
    }
    if (current.signal.aborted) await this.#givingUp
    this.#current = undefined
  }

  /** Gives it up; `elsewhere` does so with what it has begun, and must not reject. Does nothing where there is nothing to give up. */
  giveUp(elsewhere: () => Promise<void>): void {
    if (!this.#current || this.#current.signal.aborted) return
    this.#current.abort(new LabError('cancelled', 'It was given up.'))
    this.#givingUp = elsewhere()
  }

  /** Waits for a part of it. @throws LabError `cancelled` once it is given up */
  part<T>(part: Promise<T>): Promise<T> {
    return this.#current ? unlessAborted(part, this.#current.signal) : part
  }
}
