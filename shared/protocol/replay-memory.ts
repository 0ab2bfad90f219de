/** What was seen within the freshness window, so that it can be refused when it comes again (protocol.md section 7). */
import { toHex } from '../bytes'

/** Entries that are kept at the most. Memory is bounded: an authority that is full of fresh requests says so. */
const CAPACITY = 50_000

export class ReplayMemory {
  /** Until when each entry could be fresh, on the wall clock; oldest first, as Map keeps the order of insertion. */
  readonly #until = new Map<string, number>()

  constructor(private readonly capacity = CAPACITY) {}

  get size(): number {
    return this.#until.size
  }

  /** True when there is no room for what would have to be remembered. */
  isFull(now: number): boolean {
    this.#forget(now)
    return this.#until.size >= this.capacity
  }

  /** True when the value was remembered and could still be fresh. */
  has(value: Uint8Array, now: number): boolean {
    const until = this.#until.get(toHex(value))
    return until !== undefined && until >= now
  }

  /** Remembers a value until nobody would take its message as fresh any more. Times in milliseconds. */
  remember(value: Uint8Array, now: number, until: number): void {
    this.#forget(now)
    this.#until.set(toHex(value), until)
  }

  /** Entries are mostly in the order in which they end, so looking from the oldest on is enough to keep the size bounded. */
  #forget(now: number): void {
    for (const [value, until] of this.#until) {
      if (until >= now) return
      this.#until.delete(value)
    }
  }
}
