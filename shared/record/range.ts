/** Named parts of byte strings. */

/** A named part of a byte string, `end` exclusive. */
export interface ByteRange {
  readonly name: string
  readonly start: number
  readonly end: number
  /** The value in words, or what the bytes are for. */
  readonly note: string
  /** Key symbol under which these bytes are unreadable. */
  readonly key?: string
  /** Member of the plaintext that these bytes are, or are made from. */
  readonly member?: string
  /** The bytes here stand in for others, which are a secret. */
  readonly masked?: boolean
}

/** Where a member's value stands in the plaintext, `end` exclusive. */
export interface MemberRange {
  readonly name: string
  readonly start: number
  readonly end: number
}

/** Puts values into the places that a note names: `{blocks} blocks of 8 bytes`. */
export function fillNote(note: string, values: Readonly<Record<string, string | number>>): string {
  let words = note
  for (const name in values) words = words.replace(`{${name}}`, () => String(values[name]))
  return words
}
