/** The records that authority and server have made, newest last, as many as fit. */
import { LabError } from '#shared/errors'
import type { MemberValue } from '#shared/protocol/members'
import { withoutSecrets, type JournalEntry } from '#shared/protocol/record'

/** Records that are kept, and the bytes that they may hold together: frames, plaintexts and what names their parts. */
const MAX_RECORDS = 2_000
const MAX_BYTES = 64 * 1024 * 1024
/** About what a named range takes. Whoever sends a message chooses how many members it has, and each gets two. */
const RANGE_BYTES = 100

export class Journal {
  #entries: JournalEntry[] = []
  #bytes = 0

  constructor(private readonly onAdded: (entry: JournalEntry) => void) {}

  add(entry: JournalEntry): void {
    this.#entries.push(entry)
    this.#bytes += sizeOf(entry)
    while (this.#entries.length > MAX_RECORDS || (this.#bytes > MAX_BYTES && this.#entries.length > 1)) {
      const dropped = this.#entries.shift()
      if (dropped) this.#bytes -= sizeOf(dropped)
    }
    this.onAdded(withoutSecrets(entry))
  }

  /** All that are kept, without the values of secret members. */
  list(): readonly JournalEntry[] {
    return this.#entries.map(withoutSecrets)
  }

  /**
   * One member's value, secret or not.
   * @throws LabError `unknown_record` when it is no longer kept, or was never opened
   */
  reveal(id: string, name: string): MemberValue {
    const member = this.#entries.find((entry) => entry.id === id)?.members.find((each) => each.name === name)
    if (member?.value === undefined) {
      throw new LabError(
        'unknown_record',
        'This value is no longer kept: its role has stopped, or newer messages took its place.',
      )
    }
    return member.value
  }

  /** Forgets the secrets in the records of a role that has stopped; the rest of them stays to be read. */
  forgetSecrets(role: JournalEntry['role']): void {
    this.#entries = this.#entries.map((entry) => (entry.role === role ? withoutSecrets(entry) : entry))
  }
}

function sizeOf({ frame, ranges, plaintext }: JournalEntry): number {
  const named = ranges.length + (plaintext?.ranges.length ?? 0)
  return frame.length + (plaintext?.bytes.length ?? 0) + named * RANGE_BYTES
}
