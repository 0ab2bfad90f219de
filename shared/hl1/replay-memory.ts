/**
 * What an authority has accepted, so that it can be refused when it comes again (protocol.md section 7, step 1).
 *
 * Bounded in time and in size, and never forgetful in silence: what is forgotten raises a mark, and whatever is not newer
 * than that mark is refused, as nobody could tell any more whether it was here before. The mark follows the timestamps
 * of messages and not a clock, so that neither a clock that is set nor another age limit opens a window.
 */
import { toHex } from '../bytes'
import { LONGEST_MAX_AGE } from './freshness'

/** Messages that are remembered at the most. */
const CAPACITY = 50_000
/** How long after its timestamp a message is remembered while there is room: as long as any age limit could accept it. */
const KEPT_MS = LONGEST_MAX_AGE * 1000

/**
 * What came of remembering. `seen`: it is there already. `forgotten`: it is so old that it could have been there.
 * `full`: too many messages of the future are there.
 */
export type Remembering = 'remembered' | 'seen' | 'forgotten' | 'full'

interface Entry {
  readonly value: string
  /** Milliseconds since the Unix epoch, as the message says. */
  readonly timestamp: number
}

export class ReplayMemory {
  readonly #values = new Set<string>()
  /** By timestamp, oldest first. */
  #entries: Entry[] = []
  #mark = Number.NEGATIVE_INFINITY

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.#entries.length
  }

  /** True when the value is remembered. */
  has(value: Uint8Array): boolean {
    return this.#values.has(toHex(value))
  }

  /**
   * Remembers the value of a message that is fresh, unless it must not be accepted. Asking and remembering are one act:
   * of two messages with one value that come at the same time, one is remembered.
   * @param timestamp that of the message, milliseconds since the Unix epoch
   * @param now the receiver's wall clock
   */
  remember(value: Uint8Array, timestamp: number, now: number): Remembering {
    const name = toHex(value)
    if (this.#values.has(name)) return 'seen'
    this.#forgetUntil(this.#position(now - KEPT_MS - 1))
    if (timestamp <= this.#mark) return 'forgotten'
    // Messages of the present are made room for, at the cost of the oldest. Those of the future get half of the room and
    // no more: else they could fill all of it, the oldest among them too, and the mark would pass the present.
    if (timestamp > now && this.size - this.#position(now) >= this.capacity / 2) return 'full'
    if (this.size >= this.capacity) {
      const oldest = this.#entries[0]?.timestamp ?? timestamp
      if (timestamp <= oldest) return 'forgotten'
      this.#forgetUntil(this.#position(oldest))
    }
    this.#values.add(name)
    this.#entries.splice(this.#position(timestamp), 0, { value: name, timestamp })
    return 'remembered'
  }

  /** How many entries are not newer than a timestamp. */
  #position(timestamp: number): number {
    let [low, high] = [0, this.#entries.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#entries[middle]?.timestamp ?? 0) <= timestamp) low = middle + 1
      else high = middle
    }
    return low
  }

  #forgetUntil(position: number): void {
    const last = this.#entries[position - 1]
    if (!last) return
    for (const { value } of this.#entries.splice(0, position)) this.#values.delete(value)
    this.#mark = last.timestamp
  }
}
