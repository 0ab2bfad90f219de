/** What a page may ask for again and again, each time with work for the processor: one at a time, and few that wait. */
import { LabError } from '#shared/errors'

/** Those that wait for one another, with the one that is under way. */
const MOST_WAITING = 4

export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  /**
   * Does something once all before it is done.
   * @throws LabError `already_running` where others wait; what `work` throws
   */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= MOST_WAITING)
      throw new LabError(
        'already_running',
        'The same is being worked out already: ask again when it is done.',
      )
    this.#waiting += 1
    const done = this.#last.catch(() => undefined).then(work)
    this.#last = done
    return done.finally(() => (this.#waiting -= 1))
  }
}
