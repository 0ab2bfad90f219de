/** Records in the order in which they were made, as many of the newest as fit: by their number, and by what they take. */
import { recordBytes, type MessageRecord } from './record'

/** `bytes`: what the records may take together; a single one is kept whatever its size. */
export interface RecordLimit {
  readonly count: number
  readonly bytes: number
}

/** What the journal keeps of authority and server, and a window of what it is told of that. */
export const RECORDS_KEPT: RecordLimit = { count: 2_000, bytes: 64 * 1024 * 1024 }

/** What the client's window keeps of its own messages: on the connection of the moment, and as much of those before. */
export const CLIENT_RECORDS_KEPT: RecordLimit = { count: 500, bytes: 64 * 1024 * 1024 }

/** The bytes of memory that records take together, about. */
export function recordsTake(records: readonly MessageRecord[]): number {
  return records.reduce((sum, record) => sum + recordBytes(record), 0)
}

export class RecordList<R extends MessageRecord> {
  #records: readonly R[] = []
  #bytes = 0
  #hasDropped = false

  constructor(private readonly limit: RecordLimit) {}

  /** Oldest first; another array after every change. */
  get all(): readonly R[] {
    return this.#records
  }

  /** Records that came before had to go for newer ones. */
  get hasDropped(): boolean {
    return this.#hasDropped
  }

  /** Adds one; gives those that had to go for it. */
  add(record: R): readonly R[] {
    const records = [...this.#records, record]
    this.#bytes += recordBytes(record)
    let start = 0
    while (records.length - start > 1) {
      const isTooMany = records.length - start > this.limit.count
      const oldest = records[start]
      if (!oldest || (!isTooMany && this.#bytes <= this.limit.bytes)) break
      this.#bytes -= recordBytes(oldest)
      start++
    }
    this.#hasDropped ||= start > 0
    this.#records = start === 0 ? records : records.slice(start)
    return records.slice(0, start)
  }

  /** Takes these instead, as many as fit. */
  replace(records: readonly R[]): void {
    this.#records = []
    this.#bytes = 0
    this.#hasDropped = false
    for (const record of records) this.add(record)
  }

  /** Changes records that are kept. */
  change(change: (record: R) => R): void {
    this.#records = this.#records.map((record) => {
      const changed = change(record)
      if (changed !== record) this.#bytes += recordBytes(changed) - recordBytes(record)
      return changed
    })
  }
}
