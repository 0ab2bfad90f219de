/** The text of a run file: content on lines of its own, and last what tells whether it is still as it was written. */
import * as v from 'valibot'
import { fromUtf8, toHex, toUtf8, type Bytes } from '../bytes'
import { sha256 } from '../crypto/primitives/hash'
import { LabError, orUndefined } from '../errors'
import { badRun } from './decode'
import { LONGEST_RUN } from './file-type'
import {
  RUN_FORMAT,
  RUN_VERSION,
  runSchema,
  secretsSchema,
  type RunContent,
  type SecretsContent,
} from './format'

/** What every run file ends with: the SHA-256, in hex, of all bytes before this. */
const END = /,\n"sha256": "([0-9a-f]{64})"\n\}\n$/

/** What a run file holds. */
export interface RunFile {
  readonly content: Omit<RunContent, 'secrets'>
  readonly secrets: { readonly are: 'left out' } | { readonly are: 'locked'; readonly jwe: string } | InClear
  /** Its bytes are those that were written. */
  readonly isIntact: boolean
}

interface InClear {
  readonly are: 'in clear'
  readonly secrets: SecretsContent
}

/** Writes a run file in pieces, in their order. @param secrets as they shall stand in it */
export function* runText(
  content: Omit<RunContent, 'secrets'>,
  secrets: RunContent['secrets'],
): Generator<string> {
  const members = Object.entries({ ...content, secrets }).filter(([, value]) => value !== undefined)
  let before = '{\n'
  for (const [name, value] of members) {
    yield `${before}${JSON.stringify(name)}: `
    before = ',\n'
    if (Array.isArray(value)) yield* lines(value)
    else yield JSON.stringify(value)
  }
}

function* lines(list: readonly unknown[]): Generator<string> {
  let before = '[\n'
  for (const item of list) {
    yield `${before}${JSON.stringify(item)}`
    before = ',\n'
  }
  yield list.length === 0 ? '[]' : '\n]'
}

/** What follows the text of {@link runText}. @param digest SHA-256 of that text */
export function endOfRun(digest: Uint8Array): string {
  return `,\n"sha256": "${toHex(digest)}"\n}\n`
}

/**
 * Reads a run file.
 * @throws LabError `empty_file`, `run_too_large`, `not_a_run`, `run_of_newer_version`; `bad_run` with the place
 */
export function readRunFile(bytes: Bytes): RunFile {
  if (bytes.length === 0) throw new LabError('empty_file', 'The file is empty: nothing was saved in it.')
  if (bytes.length > LONGEST_RUN)
    throw new LabError(
      'run_too_large',
      `A run file has at most ${LONGEST_RUN} bytes; this one has ${bytes.length}.`,
    )
  const text = textOf(bytes)
  const { sha256: _, ...content } = parse(text)
  const checked = check(content)
  const { secrets, ...rest } = checked
  return { content: rest, secrets: standing(secrets), isIntact: isIntact(bytes) }
}

/**
 * Reads secrets that were locked.
 * @throws LabError `bad_run`
 */
export function readSecrets(plaintext: Bytes): SecretsContent {
  const value: unknown = parseJson(textOf(plaintext))
  return demand(secretsSchema, value, 'secrets')
}

/** What is locked for {@link readSecrets}. */
export function secretsText(secrets: SecretsContent): Bytes {
  return toUtf8(JSON.stringify(secrets))
}

function standing(secrets: RunContent['secrets']): RunFile['secrets'] {
  if (secrets === undefined) return { are: 'left out' }
  return 'jwe' in secrets ? { are: 'locked', jwe: secrets.jwe } : { are: 'in clear', secrets }
}

function textOf(bytes: Bytes): string {
  const text = orUndefined(() => fromUtf8(bytes))
  if (text === undefined) throw new LabError('not_a_run', 'The file is no text in UTF-8: it is no run.')
  return text
}

function parse(text: string): Record<string, unknown> {
  const value = parseJson(text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && 'format' in value) {
    if (value.format === RUN_FORMAT) return value as Record<string, unknown>
  }
  throw new LabError('not_a_run', 'The file is JSON, and says of itself nothing of a run of Handshake Lab.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    if (!text.includes(RUN_FORMAT)) throw new LabError('not_a_run', 'The file is no run of Handshake Lab.')
    const place = /position (\d+)/.exec(error.message)?.[1]
    const line = place === undefined ? undefined : text.slice(0, Number(place)).split('\n').length
    const where = line === undefined ? 'at its end' : `line ${line}`
    throw badRun(where, 'The JSON is broken off or damaged there. Was the file copied whole?')
  }
}

function check(content: Record<string, unknown>): RunContent {
  const { version } = content
  if (typeof version === 'number' && version > RUN_VERSION)
    throw new LabError(
      'run_of_newer_version',
      `The file has version ${version} of the format; this app reads versions up to ${RUN_VERSION}. Open it with a newer Handshake Lab.`,
    )
  return demand(runSchema, content, '')
}

function demand<S extends v.GenericSchema>(schema: S, value: unknown, at: string): v.InferOutput<S> {
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  const [issue] = result.issues
  throw badRun(pathOf(issue, at) || 'the file', `${issue.message}.`)
}

function pathOf({ path }: v.BaseIssue<unknown>, at: string): string {
  const keys: readonly { readonly key: unknown }[] = path ?? []
  return keys.reduce((text, { key }) => {
    if (typeof key === 'number') return `${text}[${key}]`
    return text === '' ? String(key) : `${text}.${String(key)}`
  }, at)
}

function isIntact(bytes: Bytes): boolean {
  const end = bytes.subarray(-endOfRun(new Uint8Array(32)).length)
  const found = END.exec(orUndefined(() => fromUtf8(end)) ?? '')
  if (!found) return false
  const digest = sha256(bytes.subarray(0, bytes.length - toUtf8(found[0]).length) as Bytes)
  return toHex(digest) === found[1]
}
