/** The parts of a message's body, by its sheet: where each stands in the frame, and in the recorded plaintext. */
import { concat, fromUtf8, type Bytes } from '../bytes'
import { orUndefined } from '../errors'
import { HEADER_BYTES } from '../hl1/frame'
import { sizeOf } from '../record/layout'
import type { MemberSpec } from '../record/member'
import type { ByteRange } from '../record/range'
import { withoutSecrets } from '../record/record'
import { partsOf, type ObjectTerm, type RawTerm, type Term } from '../record/term'
import { sizes } from './ciphers'
import type { ProofMessage } from './run'
import { sheetOfMessage } from './things'

/** A member that stands in the body by itself; `start` and `end` count from the frame's beginning. */
export interface RawPart {
  readonly member: MemberSpec
  readonly start: number
  readonly end: number
}

/** A part that has a JSON object in it. */
export interface ObjectPart {
  readonly term: Exclude<Term, RawTerm | { readonly is: 'join' }>
  readonly start: number
  readonly end: number
  /** Which of the body's objects. */
  readonly index: number
  readonly members: readonly MemberSpec[]
  /** What was recorded of its plaintext, without the values of secrets. */
  readonly recorded: RecordedPart | undefined
}

export interface RecordedPart {
  readonly bytes: Bytes
  /** Offsets count from the part's own beginning. */
  readonly ranges: readonly ByteRange[]
}

export interface Body {
  readonly raws: readonly RawPart[]
  readonly objects: readonly ObjectPart[]
}

/** The parts of a message's body; none of what has no sheet, or is too short for it. */
export function bodyOf(message: ProofMessage): Body {
  const { frame } = message
  const sheet = sheetOfMessage(message)
  const raws: RawPart[] = []
  const objects: Omit<ObjectPart, 'recorded'>[] = []
  const parts = sheet ? partsOf(sheet.term) : []
  let start = HEADER_BYTES
  for (const [index, term] of parts.entries()) {
    const end = index === parts.length - 1 ? frame.length : start + sizeOf(term, frame, start)
    if (end > frame.length || end < start + leastOf(term)) return { raws: [], objects: [] }
    if (term.is === 'raw') raws.push({ member: term.member, start, end })
    else if (term.is !== 'join')
      objects.push({ term, start, end, index: objects.length, members: objectIn(term)?.members ?? [] })
    start = end
  }
  const recorded = recordedParts(message, objects)
  return { raws, objects: objects.map((part) => ({ ...part, recorded: recorded?.[part.index] })) }
}

/** How a member stands in a recorded plaintext. */
export interface Written {
  readonly start: number
  readonly end: number
  /** Name and value as they are written; undefined where the value is a secret. */
  readonly text: string | undefined
}

/** Where a member stands, where it stands there once. */
export function writtenIn({ bytes, ranges }: RecordedPart, name: string): Written | undefined {
  const [range, ...more] = ranges.filter(({ member }) => member === name)
  if (!range || more.length > 0) return undefined
  const { start, end, masked = false } = range
  return { start, end, text: masked ? undefined : orUndefined(() => fromUtf8(bytes.subarray(start, end))) }
}

/** Whether name and value are written as this project writes them: nothing between them, and no needless escapes. */
export function isPlain(text: string): boolean {
  const object = orUndefined(() => JSON.parse(`{${text}}`) as unknown)
  return object !== undefined && JSON.stringify(object) === `{${text}}`
}

function objectIn(term: Term): ObjectTerm | undefined {
  if (term.is === 'object') return term
  return 'body' in term ? objectIn(term.body) : undefined
}

/** Bytes that a part has at least. */
function leastOf(term: Term): number {
  switch (term.is) {
    case 'raw':
      return term.field.size
    case 'prefixed':
      return term.field.size
    case 'object':
    case 'join':
      return 0
    default:
      return sizes(term.cipher.before) + sizes(term.cipher.after)
  }
}

/** The recorded plaintext, cut into the objects that it was put together from. */
function recordedParts(
  { received, sent, asSent }: ProofMessage,
  parts: readonly Omit<ObjectPart, 'recorded'>[],
): readonly RecordedPart[] | undefined {
  const entry = received?.plaintext ? received : asSent ? undefined : sent
  const plaintext = entry && withoutSecrets(entry).plaintext
  if (!plaintext) return undefined
  const lengths = parts.map(plainLength)
  const known = lengths.reduce<number>((sum, length) => sum + (length ?? 0), 0)
  const rest = plaintext.bytes.length - known
  if (rest < 0 || lengths.filter((length) => length === undefined).length > 1) return undefined
  let from = 0
  return lengths.map((length) => {
    const [start, end] = [from, from + (length ?? rest)]
    from = end
    const ranges = plaintext.ranges
      .filter((range) => range.start >= start && range.end <= end)
      .map((range) => ({ ...range, start: range.start - start, end: range.end - start }))
    return { bytes: concat(plaintext.bytes.subarray(start, end)), ranges }
  })
}

/** How long a part's plaintext is, where its ciphertext tells. */
function plainLength({ term, start, end }: Omit<ObjectPart, 'recorded'>): number | undefined {
  if (term.is === 'object') return end - start
  if (term.is !== 'seal' || term.body.is !== 'object') return undefined
  return end - start - sizes(term.cipher.before) - sizes(term.cipher.after)
}
