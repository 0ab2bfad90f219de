/** What a record says of a message's bytes: named ranges of the frame and of the plaintext, and where keys come from. */
import { concat, type Bytes } from '../bytes'
import { perObject } from '../remember'
import type { BodyLayout } from '../record/layout'
import type { MemberSpec } from '../record/member'
import type { ByteRange, MemberRange } from '../record/range'
import type { Layer } from '../record/record'
import type { SheetLayer } from '../record/sheet'
import { decodeHeader, HEADER_BYTES, headerRanges } from './frame'
import { KEYS, type KeySymbol } from './keys'
import type { Role } from './roles'
import type { Hl1, Hl1Record } from './types'

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
  const projected = members.flatMap((ranges, part) =>
    ranges.map((range) => {
      const { start, end } = layout.project(part, range)
      return { name: range.name, member: range.name, note: 'made from this member', start, end }
    }),
  )
  return [...header, ...layout.ranges, ...projected]
}

/** The plaintext's parts behind one another, with the place of every member. */
export function describePlaintext(
  parts: readonly Bytes[],
  ranges: readonly (readonly MemberRange[])[],
  specs: readonly MemberSpec[],
): NonNullable<Hl1Record['plaintext']> {
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.length, 0))
  return {
    bytes: concat(...parts),
    ranges: ranges.flatMap((members, part) =>
      members.map((range) => ({
        name: range.name,
        member: range.name,
        start: range.start + (starts[part] ?? 0),
        end: range.end + (starts[part] ?? 0),
        note:
          specs.find((spec) => spec.name === range.name)?.meaning ??
          'A member that this step does not know; ignored.',
      })),
    ),
  }
}

/** A sheet's layers as a role sees them: each with where this role has its key from. */
export function withOrigins(layers: readonly SheetLayer<Hl1>[], role: Role): readonly Layer<KeySymbol>[] {
  return layersByRole(layers)[role]
}

const layersByRole = perObject(
  (layers: readonly SheetLayer<Hl1>[]): Readonly<Record<Role, readonly Layer<KeySymbol>[]>> => {
    const seenBy = (role: Role): readonly Layer<KeySymbol>[] =>
      layers.map(({ origins, ...layer }) => ({
        ...layer,
        origin: origins?.[role] ?? KEYS[layer.key].origin[role] ?? KEYS[layer.opensWith].origin[role] ?? '',
      }))
    return { authority: seenBy('authority'), server: seenBy('server'), client: seenBy('client') }
  },
)

/** Names an alert's bytes. */
export function alertRanges(frame: Bytes): readonly ByteRange[] {
  const header = headerRanges(decodeHeader(frame), 'as the connection', 'alert')
  const note = 'JSON in clear: code, step and a text for people'
  return [...header, { name: 'alert', start: HEADER_BYTES, end: frame.length, note }]
}
