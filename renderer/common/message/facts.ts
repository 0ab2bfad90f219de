/** What a record says in words: who spoke to whom, what it was, which check refused it. */
import { CHECKS, type Check } from '#shared/hl1/checks'
import type { StepExplanation } from '#shared/hl1/explanation'
import type { JournalEntry } from '#shared/record/record'
import { ROLE_NAMES, type Role } from '#shared/hl1/roles'
import type { Step } from '#shared/hl1/step'
import { isStepNumber, STEPS, type StepInfo } from '#shared/hl1/steps'
import { SUITES } from '#shared/hl1/suites'

/** The table's entry of the step that a record is about; an alert can be about none. */
function stepInfo(entry: JournalEntry): StepInfo | undefined {
  return isStepNumber(entry.step) ? STEPS[entry.step] : undefined
}

/** The suite's form of the step; undefined for alerts, and where no suite was agreed. */
export function stepForm(
  entry: JournalEntry,
): Pick<Step<never, never, never>, 'formula' | 'checks' | keyof StepExplanation> | undefined {
  if (entry.kind !== 'message' || !entry.suite || !isStepNumber(entry.step)) return undefined
  return SUITES[entry.suite].steps[entry.step]
}

export function messageTitle(entry: JournalEntry): string {
  if (entry.kind === 'alert') return `Alert: ${entry.outcome.ok ? '' : entry.outcome.code}`
  return stepInfo(entry)?.title ?? 'Message'
}

/** The role at the other end of the connection. */
export function peerOf(entry: JournalEntry): Role | undefined {
  const info = stepInfo(entry)
  if (!info) return undefined
  return info.from === entry.role ? info.to : info.from
}

/** Who sent the message to whom, by title; the peer of an alert about no step isn't known. */
export function parties(entry: JournalEntry): { readonly from: string; readonly to: string } {
  const own = ROLE_NAMES[entry.role].title
  const peer = peerOf(entry)
  const other = peer ? ROLE_NAMES[peer].title : 'the peer'
  return entry.direction === 'sent' ? { from: own, to: other } : { from: other, to: own }
}

/** The check that refused the message. */
export function failedCheck(entry: JournalEntry): Check | undefined {
  return entry.checks.find((check) => check.result === 'failed')
}

/** The titles of the checks that the receiver of a sent message will make, in order. */
export function plannedChecks(entry: JournalEntry): readonly string[] {
  const own = stepForm(entry)?.checks ?? []
  return (['frame', 'decryption', 'members', ...own, 'freshness'] as const).map((id) => CHECKS[id].title)
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
