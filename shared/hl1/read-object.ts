/** Received plaintexts as JSON objects (protocol.md section 2), read within bounds that no sender can stretch. */
import { equalBytes, fromUtf8, toUtf8 } from '../bytes'
import type { MemberSpec } from '../record/member'
import type { MemberRange } from '../record/range'
import { perObject } from '../remember'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { JsonScan, type ScannedMember } from './json-scan'

/** What is done of a received object's members at most: whoever sends them chooses what they are, and how many. */
export const OBJECT_BOUNDS = {
  /** Members, known to the step or not, that get a place of their own in the record. */
  namedMembers: 64,
  /** Characters of an unknown member's name that are kept. */
  nameLength: 64,
} as const

/** A plaintext read as a JSON object. */
export interface ReadObject {
  /**
   * The values of the members that were asked for: texts, numbers, true, false and null. Of a list or an object nothing is made,
   * as no member is one: its value is undefined. Of two members with one name the last counts, as in JSON.parse.
   */
  readonly object: Readonly<Record<string, unknown>>
  /** Where members stand, name and value, in their order, few enough to be kept. Each that was asked for keeps its place. */
  readonly ranges: readonly MemberRange[]
}

/**
 * Reads a plaintext as a JSON object, in turns with other work, and makes the values of the members of `specs` alone: time and
 * memory grow with its length and with nothing else.
 * @throws SyntaxError when it is none (the opening has failed then, not the members)
 */
export async function parseObject(
  bytes: Uint8Array,
  specs: readonly Pick<MemberSpec, 'name'>[],
): Promise<ReadObject> {
  const text = requireUtf8(bytes)
  if (bytes.length > BYTES_PER_TURN) await nextTurn()
  const found = new FoundMembers(bytes, text, namesOf(specs))
  const scan = new JsonScan(bytes, (member) => found.add(member))
  while (!scan.advance(BYTES_PER_TURN)) await nextTurn()
  if (!scan.isObject) throw new SyntaxError('The plaintext is not a JSON object.')
  if (bytes.length > BYTES_PER_TURN) await nextTurn()
  return { object: found.object, ranges: found.ranges }
}

/** The names that are asked for: as they are, as they are written without escapes with their quotes, and in bytes without. */
const namesOf = perObject((specs: readonly Pick<MemberSpec, 'name'>[]) => {
  const names = specs.map(({ name }) => name)
  return {
    known: new Set(names),
    quoted: new Map(names.map((name) => [JSON.stringify(name), name])),
    written: names.map(toUtf8),
  }
})

/** The members of one object as they are found. */
class FoundMembers {
  readonly #first: MemberRange[] = []
  /** Those that get no place of their own: by name where they are known, else all as one. */
  readonly #further = new Map<string, MemberRange>()
  readonly #values = new Map<string, ScannedMember>()
  /** In ASCII a character stands where its byte does: then a piece of the text needs no decoding. */
  readonly #isAscii: boolean

  constructor(
    private readonly bytes: Uint8Array,
    private readonly text: string,
    private readonly names: ReturnType<typeof namesOf>,
  ) {
    this.#isAscii = text.length === bytes.length
  }

  get object(): Readonly<Record<string, unknown>> {
    const object: Record<string, unknown> = {}
    for (const [name, member] of this.#values) object[name] = this.#valueOf(member)
    return object
  }

  get ranges(): readonly MemberRange[] {
    return [...this.#first, ...this.#further.values()]
  }

  add(member: ScannedMember): void {
    const { start, end } = member
    const isFirst = this.#first.length < OBJECT_BOUNDS.namedMembers
    const found = isFirst || this.#mayBeKnown(member) ? this.#nameOf(member) : ''
    const isKnown = this.names.known.has(found)
    if (isKnown) this.#values.set(found, member)
    if (isFirst) this.#first.push({ name: isKnown ? found : cut(found), start, end })
    else {
      const name = isKnown ? found : 'further members'
      this.#further.set(name, { name, start: this.#further.get(name)?.start ?? start, end })
    }
  }

  /** Whether it is worth the time to read a name: without an escape it is a known one as it stands, or none of them. */
  #mayBeKnown({ start, nameEnd, isEscaped }: ScannedMember): boolean {
    const name = this.bytes.subarray(start + 1, nameEnd - 1)
    return this.names.written.some((known) =>
      isEscaped ? name.length <= ESCAPE_LENGTH * known.length : equalBytes(name, known),
    )
  }

  #nameOf({ start, nameEnd }: ScannedMember): string {
    const quoted = this.#textOf(start, nameEnd)
    return this.names.quoted.get(quoted) ?? (JSON.parse(quoted) as string)
  }

  #valueOf({ valueStart, end }: ScannedMember): unknown {
    const first = this.bytes[valueStart]
    return first === OPEN_LIST || first === OPEN_OBJECT
      ? undefined
      : JSON.parse(this.#textOf(valueStart, end))
  }

  #textOf(start: number, end: number): string {
    return this.#isAscii ? this.text.slice(start, end) : fromUtf8(this.bytes.subarray(start, end))
  }
}

const [OPEN_LIST, OPEN_OBJECT] = [0x5b, 0x7b] as const
/** How long an escape like \u0041 makes a name's writing for each of its characters, at most. */
const ESCAPE_LENGTH = 6

function cut(name: string): string {
  const { nameLength } = OBJECT_BOUNDS
  return name.length <= nameLength ? name : `${name.slice(0, nameLength)}…`
}

function requireUtf8(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new SyntaxError('The plaintext is not UTF-8.', { cause })
  }
}
