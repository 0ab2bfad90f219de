/** What was seen within the freshness window, so that it can be refused when it comes again (protocol.md section 7). */
import { toHex } from '../bytes'

/** Entries that are kept at the most. Memory is bounded: an authority that is full of fresh requests says so. */
const CAPACITY = 50_000

interface Remembered {
  /** The message's own timestamp. */
  readonly timestamp: number
  /** Until when it could be fresh, on the wall clock. */
  readonly until: number
}

/** Times are milliseconds since the Unix epoch. */
export class ReplayMemory {
  /** Oldest first, as Map keeps the order of insertion. */
  readonly #entries = new Map<string, Remembered>()
  /** The newest timestamp of anything forgotten. */
  #forgotten = Number.NEGATIVE_INFINITY

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.#entries.size
  }

  /** True when there is no room for what would have to be remembered. */
  isFull(now: number): boolean {
    this.#forget(now)
    return this.#entries.size >= this.capacity
  }

  /** True when the value was remembered and could still be fresh. */
  has(value: Uint8Array, now: number): boolean {
    const entry = this.#entries.get(toHex(value))
    return entry !== undefined && entry.until >= now
  }

  /**
   * True when a message of that timestamp may have been seen and forgotten. Under one age limit such a message is stale;
   * where the limit was raised meanwhile it can look fresh again.
   */
  mayHaveForgotten(timestamp: number, now: number): boolean {
    this.#forget(now)
    return timestamp <= this.#forgotten
  }

  /** Remembers a value until nobody would take its message as fresh any more. */
  remember(value: Uint8Array, entry: Remembered, now: number): void {
    this.#forget(now)
    this.#entries.set(toHex(value), entry)
  }

  /** Entries are mostly in the order in which they end, so looking from the oldest on is enough to keep the size bounded. */
  #forget(now: number): void {
    for (const [value, { timestamp, until }] of this.#entries) {
      if (until >= now) return
      this.#entries.delete(value)
      this.#forgotten = Math.max(this.#forgotten, timestamp)
    }
  }
}
