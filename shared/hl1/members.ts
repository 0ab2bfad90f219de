/** Members: the named values inside a message's plaintext, a JSON object in UTF-8 (protocol.md section 2). */
import { fromBase64, fromUtf8, toBase64, toUtf8, type Bytes } from '../bytes'
import { isWeakDesKey } from '../crypto/primitives/des-keys'
import { pemLabel, type MemberRule, type MemberSpec, type MemberValue } from '../record/member'
import type { MemberRange } from '../record/range'
import { isIdentity } from './identity'

/** The rules beyond kind and length: each says in a sentence what is wrong with a value, or nothing. */
const RULES: Readonly<Record<MemberRule, (value: MemberValue) => string | undefined>> = {
  strong_des_key: (value) =>
    value instanceof Uint8Array && isWeakDesKey(value) ? 'this is a weak or semi-weak DES key.' : undefined,
}

/** Writes members as a JSON object, in the order of `specs`, and tells where each stands. */
export function encodeMembers(
  specs: readonly MemberSpec[],
  values: Readonly<Record<string, MemberValue>>,
): { readonly bytes: Bytes; readonly ranges: readonly MemberRange[] } {
  const json: Record<string, string | number> = {}
  for (const { name } of specs) {
    const value = values[name]
    if (value !== undefined) json[name] = value instanceof Uint8Array ? toBase64(value) : value
  }
  const text = JSON.stringify(json)
  return { bytes: toUtf8(text), ranges: locateMembers(text) }
}

/** Parses a plaintext as a JSON object; throws when it is none (the opening has failed then, not the members). */
export function parseObject(bytes: Uint8Array): {
  readonly object: Readonly<Record<string, unknown>>
  readonly ranges: readonly MemberRange[]
} {
  const text = readText(bytes)
  const object = parseJson(text)
  if (typeof object !== 'object' || object === null || Array.isArray(object)) {
    throw new SyntaxError('The plaintext is not a JSON object.')
  }
  return { object: object as Readonly<Record<string, unknown>>, ranges: locateMembers(text) }
}

function readText(bytes: Uint8Array): string {
  try {
    return fromUtf8(bytes)
  } catch (cause) {
    throw new SyntaxError('The plaintext is not UTF-8.', { cause })
  }
}

/** The parser's own message would quote the text, which may hold keys. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SyntaxError('The plaintext is not JSON.')
  }
}

/**
 * Takes the members that a step names out of a JSON object and ignores the others.
 * @returns the values, or what is wrong in one sentence (the alert is `malformed`)
 */
export function readMembers(
  specs: readonly MemberSpec[],
  object: Readonly<Record<string, unknown>>,
): { readonly values: Readonly<Record<string, MemberValue>> } | { readonly problem: string } {
  const values: Record<string, MemberValue> = {}
  for (const spec of specs) {
    if (!Object.hasOwn(object, spec.name)) return { problem: `The member ${spec.name} is missing.` }
    const value = readValue(spec, object[spec.name])
    if (value === undefined) return { problem: `The member ${spec.name} is not ${describeKind(spec)}.` }
    const refusal = spec.rule && RULES[spec.rule](value)
    if (refusal !== undefined) return { problem: `The member ${spec.name}: ${refusal}` }
    values[spec.name] = value
  }
  return { values }
}

function readValue(spec: MemberSpec, value: unknown): MemberValue | undefined {
  if (spec.kind === 'timestamp' || spec.kind === 'integer') {
    return Number.isSafeInteger(value) ? (value as number) : undefined
  }
  if (typeof value !== 'string') return undefined
  if (spec.kind === 'identity') return isIdentity(value) ? value : undefined
  if (spec.kind === 'pem') return isPem(value, pemLabel(spec)) ? value : undefined
  if (spec.kind !== 'bytes') return value
  const bytes = fromBase64(value)
  return bytes && (spec.length === undefined || bytes.length === spec.length) ? bytes : undefined
}

function describeKind(spec: MemberSpec): string {
  switch (spec.kind) {
    case 'identity':
      return 'an identity (1 to 48 letters, digits, dots, underscores or hyphens)'
    case 'timestamp':
      return 'a whole number of milliseconds'
    case 'integer':
      return 'a whole number'
    case 'bytes':
      return spec.length === undefined ? 'base64' : `${spec.length} bytes in base64`
    case 'pem':
      return `PEM text of one block${labelWords(pemLabel(spec))} and \\n line ends`
    case 'text':
      return 'a text'
  }
}

function labelWords(label: string | undefined): string {
  return label ? ` with the label ${label}` : ''
}

const PEM = /^-----BEGIN ([A-Z ]+)-----\n(?:[A-Za-z0-9+/=]+\n)+-----END \1-----\n?$/

/** The form of section 2: one block, `\n` line ends, nothing around it. What is inside is judged where it is used. */
function isPem(text: string, label: string | undefined): boolean {
  const found = PEM.exec(text)?.[1]
  return found !== undefined && (label === undefined || found === label)
}

/**
 * Finds where the members of a JSON object stand, name and value, in UTF-8 bytes. `text` has been parsed already, so
 * this only has to follow strings and nesting. Of two members with one name the last counts, as in JSON.parse; both are
 * found.
 */
function locateMembers(text: string): readonly MemberRange[] {
  const tokens = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g
  const toByteOffset = byteOffsets(text)
  const found: MemberRange[] = []
  let depth = 0
  let name: string | undefined
  let start = 0
  let end = 0
  for (const match of text.matchAll(tokens)) {
    const token = match[0]
    const close = token === '}' || token === ']'
    if (close) depth--
    const between = (depth === 1 && token === ',') || (depth === 0 && close)
    if (between && name !== undefined) {
      found.push({ name, start: toByteOffset(start), end: toByteOffset(end) })
      name = undefined
    } else if (depth === 1 && name === undefined && token.startsWith('"')) {
      name = JSON.parse(token) as string
      start = match.index
    }
    if (token === '{' || token === '[') depth++
    end = match.index + token.length
  }
  return found
}

/** Turns offsets in a text into offsets in its UTF-8 bytes. In one pass: a stranger chose how many there are to turn. */
function byteOffsets(text: string): (offset: number) => number {
  if (toUtf8(text).length === text.length) return (offset) => offset
  const table = new Uint32Array(text.length + 1)
  for (let index = 0; index < text.length; index++) {
    table[index + 1] = (table[index] ?? 0) + utf8Length(text.charCodeAt(index))
  }
  return (offset) => table[offset] ?? 0
}

/** Bytes of a UTF-16 code unit in UTF-8; the two of a surrogate pair have four together. */
function utf8Length(unit: number): number {
  if (unit < 0x80) return 1
  const isSurrogate = unit >= 0xd800 && unit <= 0xdfff
  return unit < 0x800 || isSurrogate ? 2 : 3
}
