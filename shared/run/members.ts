/** Members of recorded messages, as whoever follows a run asks for them. */
import { equalBytes, fromBase64, fromUtf8, toUtf8, type Bytes } from '../bytes'
import { orUndefined, otherwise } from '../errors'
import { parseObject } from '../hl1/read-object'
import type { Hl1Entry } from '../hl1/types'
import type { MemberSpec, MemberValue } from '../record/member'

/** The value of a member; undefined where it is a secret that is not there, or was never read. */
export function memberValue({ members }: Hl1Entry, name: string): MemberValue | undefined {
  return members.find((member) => member.name === name)?.value
}

/** The value of a member that is a number; 0 where it is none. */
export function memberNumber(entry: Hl1Entry, name: string): number {
  const value = memberValue(entry, name)
  return typeof value === 'number' ? value : 0
}

/** The value of a member that is a text; empty where it is none. */
export function memberText(entry: Hl1Entry, name: string): string {
  const value = memberValue(entry, name)
  return typeof value === 'string' ? value : ''
}

/** Whether two values are the same. */
export function sameValue(a: MemberValue | undefined, b: MemberValue | undefined): boolean {
  return a instanceof Uint8Array && b instanceof Uint8Array ? equalBytes(a, b) : a === b
}

/** Members that stand elsewhere in the plaintext than the record says; the names of all that the record places otherwise. */
export async function misplaced(
  { plaintext }: Hl1Entry,
  specs: readonly Pick<MemberSpec, 'name'>[],
): Promise<readonly string[]> {
  const bytes = plaintext && withPlaceholders(plaintext)
  if (!bytes) return []
  const found: string[] = []
  let from = 0
  for (const length of plaintext.parts) {
    const part = bytes.slice(from, from + length)
    const read = await parseObject(part, specs).catch(otherwise(undefined))
    found.push(...(read?.ranges ?? []).map(({ name, start, end }) => `${name} ${start + from} ${end + from}`))
    from += length
  }
  const said = plaintext.ranges.map(({ name, start, end }) => `${name} ${start} ${end}`)
  const wrong = [
    ...found.filter((place) => !said.includes(place)),
    ...said.filter((place) => !found.includes(place)),
  ]
  return [...new Set(wrong.map((place) => place.split(' ')[0] ?? ''))]
}

/** The plaintext with a text of as many bytes where a member is hidden, so that what stands beside it can be read; undefined where one is too short for that. */
function withPlaceholders({ bytes, ranges }: NonNullable<Hl1Entry['plaintext']>): Bytes | undefined {
  const whole = bytes.slice()
  for (const { name, start, end, masked } of ranges) {
    if (!masked) continue
    const [before, after] = [`"${name}":"`, '"']
    const filled = toUtf8(`${before.padEnd(end - start - after.length, 'A')}${after}`)
    if (filled.length !== end - start) return undefined
    whole.set(filled, start)
  }
  return whole
}

/** Members whose value is another than the one that stands in the plaintext, as far as that is to be read. */
export function misquoted({ plaintext, members, outcome }: Hl1Entry): readonly string[] {
  if (!plaintext) return []
  return members.flatMap((member) => {
    const { name } = member
    // Of two with one name the last counts, as in JSON.parse.
    const place = plaintext.ranges.findLast((range) => range.member === name)
    if (!place || place.masked) return []
    // Of a message that is refused for its members none is read.
    if (member.value === undefined && !outcome.ok) return []
    const { start, end } = place
    const written = orUndefined(() => readMember(fromUtf8(plaintext.bytes.subarray(start, end)), name))
    const value = member.kind === 'bytes' && typeof written === 'string' ? fromBase64(written) : written
    return sameValue(member.value, value as MemberValue | undefined) ? [] : [name]
  })
}

/** The value of a member as it stands in JSON: `"name": value`. */
function readMember(text: string, name: string): unknown {
  const object: unknown = JSON.parse(`{${text}}`)
  return typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined
}
