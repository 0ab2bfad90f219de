/**
 * Messages as lines, the way three terminals would show them: who sends what, under which key, with which checks. What peers
 * have sent stands in them as it came, and is made visible where lines are printed.
 */
import { toBase64, toHex } from '#shared/bytes'
import { CHECKS } from '#shared/hl1/check-table'
import { isoTime } from '#shared/time'
import { shorten } from '#shared/visible'
import { count } from '#shared/words'
import { resultWord } from '#shared/record/checks'
import { connectionName } from '#shared/record/connection'
import type { Hl1Entry } from '#shared/hl1/types'
import type { RecordedMember } from '#shared/record/record'
import { ROLE_NAMES } from '#shared/hl1/roles'
import { isStepNumber, STEPS } from '#shared/hl1/steps'
import { SUITES } from '#shared/hl1/suites'

/** Longer ones are cut, in characters. */
const LONGEST_VALUE = 96
const LONGEST_MESSAGE = 400

/** One record as a block of lines, the last one empty. */
export function printRecord(entry: Hl1Entry): readonly string[] {
  const who = ROLE_NAMES[entry.role].title
  const verb = entry.direction === 'sent' ? 'sends' : 'receives'
  if (entry.kind === 'alert') {
    return [`[${who}] ${verb} an alert about step ${entry.step}`, `    ${reasonOf(entry)}`, '']
  }
  const info = isStepNumber(entry.step) ? STEPS[entry.step] : undefined
  const formula = entry.suite && info ? SUITES[entry.suite].sheets[info.step].formula : ''
  return [
    `[${who}] ${verb} step ${entry.step}: ${info?.title ?? ''}   (${connectionName(entry.connection)}, ${entry.frame.length} bytes)`,
    `    ${formula}`,
    ...entry.layers.map((layer) => `    key       ${layer.key}: ${layer.algorithm}. ${layer.origin}`),
    ...entry.members.flatMap((member) => printMember(member, entry.direction)),
    ...entry.checks.map(
      (check) => `    check     ${resultWord(check.result).padEnd(9)} ${CHECKS[check.id].title}`,
    ),
    ...(entry.outcome.ok ? [] : [`    REFUSED   ${reasonOf(entry)}`]),
    '',
  ]
}

/** A record for JSON: nothing is held back, as who runs this owns the keys. */
export function recordForJson({ id, connection, protocol: _protocol, ...record }: Hl1Entry): object {
  return { ...record, id, connection: connectionName(connection) }
}

/** Byte strings in hex: a replacer of `JSON.stringify`. */
export function bytesAsHex(_: string, value: unknown): unknown {
  return value instanceof Uint8Array ? toHex(value) : value
}

function reasonOf({ outcome }: Hl1Entry): string {
  return outcome.ok ? '' : `${outcome.code}: ${shorten(outcome.message, LONGEST_MESSAGE)}`
}

function printMember(member: RecordedMember, direction: Hl1Entry['direction']): readonly string[] {
  const { kind, name, value } = member
  const isWhole = kind === 'pem' && direction === 'sent' && value !== undefined
  const first = `    ${shorten(name, LONGEST_VALUE).padEnd(14)}${isWhole ? '' : printValue(member)}`
  return [first, ...(isWhole ? indented(String(value)) : [])]
}

function printValue({ kind, value }: RecordedMember): string {
  if (value === undefined) return '(not opened)'
  if (value instanceof Uint8Array)
    return shorten(value.length <= 16 ? toHex(value) : toBase64(value), LONGEST_VALUE)
  if (kind === 'timestamp') return printTime(Number(value))
  if (kind === 'pem') return 'PEM, as sent above'
  return shorten(blankAsWords(String(value)), LONGEST_VALUE)
}

/** With its date, where a calendar has it. */
function printTime(at: number): string {
  const date = isoTime(at)
  return date === String(at) ? date : `${at} (${date})`
}

/** What would not be seen at all. */
function blankAsWords(text: string): string {
  return /^ *$/.test(text) ? `(${count(text.length, 'space')})` : text
}

function indented(pem: string): readonly string[] {
  return pem
    .trimEnd()
    .split('\n')
    .map((line) => `        ${line}`)
}
