/** Messages as text, the way three terminals would show them: who sends what, under which key, with which checks. */
import { toBase64, toHex } from '#shared/bytes'
import { CHECKS } from '#shared/hl1/check-table'
import { resultWord } from '#shared/record/checks'
import { connectionName } from '#shared/record/connection'
import type { Hl1Entry } from '#shared/hl1/types'
import type { RecordedMember } from '#shared/record/record'
import { ROLE_NAMES } from '#shared/hl1/roles'
import { isStepNumber, STEPS } from '#shared/hl1/steps'
import { SUITES } from '#shared/hl1/suites'

const LONGEST_VALUE = 96

/** One record as a block of lines. */
export function printRecord(entry: Hl1Entry): string {
  const who = ROLE_NAMES[entry.role].title
  const verb = entry.direction === 'sent' ? 'sends' : 'receives'
  if (entry.kind === 'alert') {
    const text = entry.outcome.ok ? '' : `${entry.outcome.code}: ${entry.outcome.message}`
    return `[${who}] ${verb} an alert about step ${entry.step}\n    ${text}\n`
  }
  const info = isStepNumber(entry.step) ? STEPS[entry.step] : undefined
  const formula = entry.suite && info ? SUITES[entry.suite].sheets[info.step].formula : ''
  const lines = [
    `[${who}] ${verb} step ${entry.step}: ${info?.title ?? ''}   (${connectionName(entry.connection)}, ${entry.frame.length} bytes)`,
    `    ${formula}`,
    ...entry.layers.map((layer) => `    key       ${layer.key}: ${layer.algorithm}. ${layer.origin}`),
    ...entry.members.map((member) => `    ${member.name.padEnd(14)}${printValue(member, entry.direction)}`),
    ...entry.checks.map(
      (check) => `    check     ${resultWord(check.result).padEnd(9)} ${CHECKS[check.id].title}`,
    ),
    ...(entry.outcome.ok ? [] : [`    REFUSED   ${entry.outcome.code}: ${entry.outcome.message}`]),
  ]
  return `${lines.join('\n')}\n`
}

/** A record as one line of JSON: byte strings in hex. Nothing is held back: who runs this owns the keys. */
export function printJson(entry: Hl1Entry): string {
  const { id, connection, protocol: _protocol, ...record } = entry
  const named = { ...record, id, connection: connectionName(connection) }
  return JSON.stringify(named, (_, value: unknown) => (value instanceof Uint8Array ? toHex(value) : value))
}

function printValue({ kind, value }: RecordedMember, direction: Hl1Entry['direction']): string {
  if (value === undefined) return '(not opened)'
  if (value instanceof Uint8Array) return shorten(value.length <= 16 ? toHex(value) : toBase64(value))
  if (kind === 'timestamp') return `${value} (${new Date(Number(value)).toISOString()})`
  if (kind === 'pem') return direction === 'sent' ? `\n${indent(String(value))}` : 'PEM, as sent above'
  return shorten(String(value))
}

function shorten(text: string): string {
  if (text.length <= LONGEST_VALUE) return text
  return `${text.slice(0, LONGEST_VALUE)}… (${text.length} characters)`
}

function indent(pem: string): string {
  return pem
    .trimEnd()
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n')
}
