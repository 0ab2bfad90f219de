/** The record of one message: all that views, logs, reports and tests know of it. It knows no protocol but by its name. */
import type { Bytes } from '../bytes'
import type { Check } from './checks'
import { carriedKey, isSecret, type MemberKind, type MemberSpec, type MemberValue } from './member'
import type { ByteRange } from './range'
import type { ProtocolTypes } from './sheet'
import type { TermLayer } from './term'
import type { Connection } from './connection'

/** One layer of protection: the key that closes it, the key that opens it, and how. Outermost first in a record. */
export interface Layer<K extends string = string> extends TermLayer<K> {
  /** Where the recording role has its key from. */
  readonly origin: string
}

/** A member of the plaintext as shown: `value` is absent where it is secret and was not asked for. */
export interface RecordedMember<K extends string = string> {
  readonly name: string
  readonly symbol: string
  readonly kind: MemberKind
  readonly meaning: string
  readonly carries?: K
  readonly secret: boolean
  readonly value?: MemberValue
  /** A secret that its role no longer has: it can't be asked for any more. */
  readonly forgotten?: boolean
}

/** What was inside a message: its JSON objects behind one another. */
export interface Plaintext {
  readonly bytes: Bytes
  readonly ranges: readonly ByteRange[]
  /** The length of each object, in their order. */
  readonly parts: readonly number[]
}

/** How the message ended for the role that recorded it. */
export type Outcome<C extends string = string> =
  { readonly ok: true } | { readonly ok: false; readonly code: C; readonly message: string }

/**
 * What one role saw of one message. An alert has the step that it is about. `at` is the wall clock in
 * milliseconds since the Unix epoch, `took` the milliseconds spent on building or checking.
 */
export interface MessageRecord<T extends ProtocolTypes = ProtocolTypes> {
  /** The protocol by its id. */
  readonly protocol: string
  readonly kind: 'message' | 'alert'
  readonly suite: T['suite'] | undefined
  readonly step: number
  readonly role: T['role']
  readonly direction: 'sent' | 'received'
  readonly at: number
  readonly took: number
  /** What the clock for lifetimes of sessions said then, milliseconds from any start; absent where no lifetime can matter. */
  readonly monotonic?: number
  /** The whole frame, or as much of it as was read. */
  readonly frame: Bytes
  readonly ranges: readonly ByteRange[]
  readonly layers: readonly Layer<T['key']>[]
  /** The opened plaintext with its members' places; absent where it was never opened. */
  readonly plaintext?: Plaintext
  readonly members: readonly RecordedMember<T['key']>[]
  readonly checks: readonly Check<T['check']>[]
  readonly outcome: Outcome<T['code']>
}

/** A record in a journal: with an identifier of its own and the connection it belongs to. */
export interface JournalEntry<T extends ProtocolTypes = ProtocolTypes> extends MessageRecord<T> {
  readonly id: string
  readonly connection: Connection
}

/** Describes members for a record. */
export function recordMembers<K extends string>(
  specs: readonly MemberSpec<K>[],
  values: Readonly<Record<string, MemberValue>>,
): readonly RecordedMember<K>[] {
  return specs.map((spec) => {
    const { name, symbol, kind, meaning } = spec
    const carries = carriedKey(spec)
    const value = values[name]
    return {
      name,
      symbol,
      kind,
      meaning,
      secret: isSecret(spec),
      ...(carries === undefined ? {} : { carries }),
      ...(value === undefined ? {} : { value }),
    }
  })
}

/** About what a named range takes. Whoever sends a message chooses how many members it has, and each gets two. */
const RANGE_BYTES = 100

/** The bytes of memory that a record takes, about: frame, plaintext, and what names their parts. */
export function recordBytes({ frame, ranges, plaintext }: MessageRecord): number {
  const named = ranges.length + (plaintext?.ranges.length ?? 0)
  return frame.length + (plaintext?.bytes.length ?? 0) + named * RANGE_BYTES
}

/** The record of a role that has forgotten its secrets: their values are gone for good, and it says so. */
export function forgetSecrets<R extends MessageRecord>(record: R): R {
  if (!record.members.some((member) => member.secret)) return record
  const hidden = withoutSecrets(record)
  const members = hidden.members.map((member) => (member.secret ? { ...member, forgotten: true } : member))
  return { ...hidden, members }
}

const ASTERISK = 0x2a

/** The record without the values of its secret members; in the plaintext their bytes become asterisks, and their ranges say so. */
export function withoutSecrets<R extends MessageRecord>(record: R): R {
  const secret = new Set(record.members.filter((member) => member.secret).map((member) => member.name))
  if (secret.size === 0) return record
  const members = record.members.map(({ value, ...member }) =>
    member.secret || value === undefined ? member : { ...member, value },
  )
  if (!record.plaintext) return { ...record, members }
  const bytes = record.plaintext.bytes.slice()
  const ranges = record.plaintext.ranges.map((range) => {
    if (range.member === undefined || !secret.has(range.member)) return range
    bytes.fill(ASTERISK, range.start, range.end)
    return { ...range, masked: true }
  })
  return { ...record, members, plaintext: { ...record.plaintext, bytes, ranges } }
}
