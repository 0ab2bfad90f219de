/** Where the parts of a term stand in the bytes of a body, and what each byte of plaintext was turned into. */
import type { Bytes } from '../bytes'
import { fillNote, type ByteRange, type MemberRange } from './range'
import {
  partsOf,
  type AsymTerm,
  type BodyField,
  type Cipher,
  type SealTerm,
  type SymTerm,
  type Term,
} from './term'

/** Bytes from `start`, `end` exclusive. */
interface Span {
  readonly start: number
  readonly end: number
}

/** Where plaintext and body meet: names the body's bytes, offsets counted from the start of what the body lies in. */
export interface BodyLayout {
  readonly ranges: readonly ByteRange[]
  /** The bytes of the body that a part of the plaintext was turned into. */
  readonly project: (part: number, range: MemberRange) => Span
}

type Project = (range: Span) => Span

/**
 * The layout of a body that was made, or opened, as `term`.
 * @param bytes end with the body
 * @param from where in them the body begins
 */
export function layoutOf(term: Term, bytes: Bytes, from = 0): BodyLayout {
  const ranges: ByteRange[] = []
  const projects: Project[] = []
  const parts = partsOf(term)
  let start = from
  for (const [index, part] of parts.entries()) {
    const end = index === parts.length - 1 ? bytes.length : start + sizeOf(part, bytes, start)
    place(part, { start, end }, ranges, projects)
    start = end
  }
  const all: Span = { start: from, end: bytes.length }
  return { ranges, project: (part, range) => projects[part]?.(range) ?? all }
}

/** The bytes of a part that something follows, which begins at `start`. */
export function sizeOf(part: Term, bytes: Bytes, start: number): number {
  if (part.is === 'raw') return part.field.size
  if (part.is !== 'prefixed') return bytes.length - start
  const { size } = part.field
  return size + bytes.subarray(start, start + size).reduce((length, byte) => length * 256 + byte, 0)
}

function place(part: Term, span: Span, ranges: ByteRange[], projects: Project[]): void {
  const { start, end } = span
  switch (part.is) {
    case 'raw': {
      const { name, note } = part.field
      ranges.push({ name, member: part.member.name, start, end, note })
      return
    }
    case 'object':
      ranges.push({ name: 'JSON', start, end, note: 'in clear' })
      projects.push((range) => range)
      return
    case 'prefixed': {
      const inner = start + part.field.size
      const note = fillNote(part.field.note, { bytes: end - inner })
      ranges.push({ name: part.field.name, start, end: inner, note })
      place(part.body, { start: inner, end }, ranges, projects)
      return
    }
    case 'join':
      // Only a body's own parts stand behind one another; what is joined inside a layer has no bytes to be told apart.
      return
    default:
      placeCiphertext(part, span, ranges, projects)
  }
}

function placeCiphertext(
  part: AsymTerm | SymTerm | SealTerm,
  { start, end }: Span,
  ranges: ByteRange[],
  projects: Project[],
): void {
  const { cipher, key } = part
  const text = { start: start + sizes(cipher.before), end: end - sizes(cipher.after) }
  const words = { key, blocks: blocksIn(cipher, text) }
  const called = part.is === 'seal' ? part.called : undefined
  const { name, note } = cipher.text
  ranges.push(
    ...fieldsFrom(start, cipher.before),
    { name: called ?? name, ...text, note: fillNote(note, words), key },
    ...(cipher.last ? fieldsFrom(text.end - cipher.last.size, [cipher.last], key) : []),
    ...fieldsFrom(text.end, cipher.after, key),
  )
  // What is encrypted once more inside lies under all of these bytes.
  const spread = part.body.is === 'object' ? cipher.spread : 'all'
  projects.push(projectInto(spread, text))
}

function projectInto(spread: Cipher['spread'], text: Span): Project {
  if (spread === 'all') return () => text
  if (spread === 'byte') return ({ start, end }) => ({ start: text.start + start, end: text.start + end })
  const { block } = spread
  return ({ start, end }) => ({
    start: text.start + block * Math.floor(start / block),
    end: text.start + block * Math.ceil(end / block),
  })
}

function fieldsFrom(start: number, fields: readonly BodyField[], key?: string): readonly ByteRange[] {
  let at = start
  return fields.map(({ name, size, note }) => {
    const range = { name, start: at, end: at + size, note }
    at += size
    return key === undefined ? range : { ...range, key }
  })
}

function blocksIn({ spread }: Cipher, { start, end }: Span): number {
  return typeof spread === 'object' ? (end - start) / spread.block : 0
}

function sizes(fields: readonly BodyField[]): number {
  return fields.reduce((sum, { size }) => sum + size, 0)
}
