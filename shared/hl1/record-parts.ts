/** What a record says of a message's bytes: named ranges of the frame and of the plaintext, and where keys come from. */
import { concat, type Bytes } from '../bytes'
import { keyOrigin } from '../record/key-story'
import type { BodyLayout } from '../record/layout'
import type { MemberSpec } from '../record/member'
import type { ByteRange, MemberRange } from '../record/range'
import type { Layer } from '../record/record'
import { perObject } from '../remember'
import { decodeHeader, HEADER_BYTES, headerRanges } from './frame'
import type { KeySymbol } from './keys'
import { HL1 } from './protocol'
import type { Role } from './roles'
import type { StepNumber } from './steps'
import { SUITES, type SuiteName } from './suites'
import type { Hl1Record, Hl1Sheet } from './types'

/** Names a frame's bytes: its header, and its body as far as the layout of an opened one, in that frame, is known. */
export function frameRanges(
  frame: Bytes,
  suiteName: string | undefined,
  title: string,
  layout?: BodyLayout,
  members: readonly (readonly MemberRange[])[] = [],
): readonly ByteRange[] {
  if (frame.length < HEADER_BYTES) return []
  const header = headerRanges(decodeHeader(frame), suiteName ?? 'unknown suite', title)
  if (!layout)
    return [...header, { name: 'body', start: HEADER_BYTES, end: frame.length, note: 'not opened' }]
  const all = [...header, ...layout.ranges]
  for (const [part, ranges] of members.entries()) {
    for (const range of ranges) {
      const { name } = range
      const { start, end } = layout.project(part, range)
      all.push({ name, member: name, note: 'made from this member', start, end })
    }
  }
  return all
}

/** The plaintext's parts behind one another, with the place of every member. */
export function describePlaintext(
  parts: readonly Bytes[],
  ranges: readonly (readonly MemberRange[])[],
  specs: readonly MemberSpec[],
): NonNullable<Hl1Record['plaintext']> {
  const all: ByteRange[] = []
  let before = 0
  for (const [index, part] of parts.entries()) {
    for (const { name, start, end } of ranges[index] ?? []) {
      const known = specs.find((spec) => spec.name === name)
      const note = known?.meaning ?? 'A member that this step does not know; ignored.'
      all.push({ name, member: name, start: before + start, end: before + end, note })
    }
    before += part.length
  }
  return { bytes: concat(...parts), ranges: all, parts: parts.map(({ length }) => length) }
}

/** A step's layers in a suite as a role sees them: each with where this role has its key from. None where no suite is known. */
export function layersSeenBy(
  suite: SuiteName | undefined,
  step: StepNumber,
  role: Role,
): readonly Layer<KeySymbol>[] {
  if (!suite) return []
  const seen = layersOf(SUITES[suite].sheets[step])
  return (seen[role] ??= seenBy(suite, step, role))
}

/** By sheet and role: the same for every message. */
const layersOf = perObject<Hl1Sheet, Partial<Record<Role, readonly Layer<KeySymbol>[]>>>(() => ({}))

function seenBy(suite: SuiteName, step: StepNumber, role: Role): readonly Layer<KeySymbol>[] {
  return SUITES[suite].sheets[step].layers.map(({ origins, ...layer }) => ({
    ...layer,
    origin:
      origins?.[role] ??
      keyOrigin(HL1, suite, layer.key, role) ??
      keyOrigin(HL1, suite, layer.opensWith, role) ??
      '',
  }))
}

/** Names an alert's bytes. */
export function alertRanges(frame: Bytes): readonly ByteRange[] {
  const header = headerRanges(decodeHeader(frame), 'as the connection', 'alert')
  const note = 'JSON in clear: code, step and a text for people'
  return [...header, { name: 'alert', start: HEADER_BYTES, end: frame.length, note }]
}
