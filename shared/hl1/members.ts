/** Members: the named values inside a message's plaintext, a JSON object in UTF-8 (protocol.md section 2). */
import { fromBase64, toBase64, toUtf8, type Bytes } from '../bytes'
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
  const names: string[] = []
  const written: string[] = []
  for (const { name } of specs) {
    const value = values[name]
    if (value === undefined) continue
    names.push(name)
    const json = JSON.stringify(value instanceof Uint8Array ? toBase64(value) : value)
    written.push(`${JSON.stringify(name)}:${json}`)
  }
  const text = `{${written.join(',')}}`
  const bytes = toUtf8(text)
  // In ASCII a character is a byte.
  const isAscii = bytes.length === text.length
  const ranges: MemberRange[] = []
  // Behind the bracket, or the comma behind the one before.
  let start = 1
  for (const [index, name] of names.entries()) {
    const member = written[index] ?? ''
    const end = start + (isAscii ? member.length : toUtf8(member).length)
    ranges.push({ name, start, end })
    start = end + 1
  }
  return { bytes, ranges }
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
