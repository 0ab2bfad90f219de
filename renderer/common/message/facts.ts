/** What a record says in words: who spoke to whom, what it was, which check refused it. */
import type { Check } from '#shared/record/checks'
import { roleInfo, sheetOf, stepInfo, type Protocol } from '#shared/record/protocol'
import type { JournalEntry } from '#shared/record/record'
import type { Sheet } from '#shared/record/sheet'

/** The sheet of the message; undefined for alerts, and where no suite was agreed. */
export function sheetOfEntry(protocol: Protocol, { kind, suite, step }: JournalEntry): Sheet | undefined {
  return kind === 'message' ? sheetOf(protocol, suite, step) : undefined
}

export function messageTitle(protocol: Protocol, entry: JournalEntry): string {
  if (entry.kind === 'alert') return `Alert: ${entry.outcome.ok ? '' : entry.outcome.code}`
  return stepInfo(protocol, entry.step)?.title ?? 'Message'
}

/** The role at the other end of the connection. */
export function peerOf(protocol: Protocol, entry: JournalEntry): string | undefined {
  const info = stepInfo(protocol, entry.step)
  if (!info) return undefined
  return info.from === entry.role ? info.to : info.from
}

/** Who sent the message to whom, by title; the peer of an alert about no step isn't known. */
export function parties(
  protocol: Protocol,
  entry: JournalEntry,
): { readonly from: string; readonly to: string } {
  const own = roleInfo(protocol, entry.role).title
  const peer = peerOf(protocol, entry)
  const other = peer === undefined ? 'the peer' : roleInfo(protocol, peer).title
  return entry.direction === 'sent' ? { from: own, to: other } : { from: other, to: own }
}

/** The check that refused the message. */
export function failedCheck(entry: JournalEntry): Check | undefined {
  return entry.checks.find((check) => check.result === 'failed')
}

/** The titles of the checks that the receiver of a sent message will make, in order. */
export function plannedChecks(protocol: Protocol, entry: JournalEntry): readonly string[] {
  const own = sheetOfEntry(protocol, entry)?.checks ?? []
  const { before, after } = protocol.checksOfAll
  return [...before, ...own, ...after].map((id) => protocol.checks[id]?.title ?? id)
}

/** Counts of a record's checks in words, for the heading of the list: “12 passed, 1 noted”. */
export function checksSummary(checks: readonly Check[]): string {
  const words = { passed: 'passed', failed: 'failed', noted: 'noted', not_made: 'not made' } as const
  return Object.entries(words)
    .map(([result, word]) => ({ word, count: checks.filter((check) => check.result === result).length }))
    .filter(({ count }) => count > 0)
    .map(({ word, count }) => `${count} ${word}`)
    .join(', ')
}
