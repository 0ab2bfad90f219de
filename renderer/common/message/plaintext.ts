/** Puts revealed values back into a plaintext whose secret bytes are hidden. */
import { toBase64, toUtf8, type Bytes } from '#shared/bytes'
import type { MemberValue } from '#shared/record/member'
import { withoutSecrets, type JournalEntry } from '#shared/record/record'

/**
 * The record as it may be shown: secret values hidden but for `revealed` ones, by member name. A peer may have written
 * a member in another way than this program does; where it doesn't fit its place, the bytes stay hidden.
 */
export function shownEntry(entry: JournalEntry, revealed: ReadonlyMap<string, MemberValue>): JournalEntry {
  const hidden = withoutSecrets(entry)
  if (revealed.size === 0 || !hidden.plaintext) return hidden
  const bytes = hidden.plaintext.bytes.slice()
  const ranges = hidden.plaintext.ranges.map((range) => {
    const { masked: _, ...open } = range
    const value = range.member === undefined ? undefined : revealed.get(range.member)
    if (range.member === undefined || value === undefined) return range
    const written = writeMember(range.member, value)
    if (written.length !== range.end - range.start) return range
    bytes.set(written, range.start)
    return open
  })
  return { ...hidden, plaintext: { ...hidden.plaintext, bytes, ranges } }
}

function writeMember(name: string, value: MemberValue): Bytes {
  const json = value instanceof Uint8Array ? toBase64(value) : value
  return toUtf8(`${JSON.stringify(name)}:${JSON.stringify(json)}`)
}
