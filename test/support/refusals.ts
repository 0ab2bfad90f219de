/** What it means that a message was refused: the alert, and every check of the message in its record. */
import { expect } from 'vitest'
import type { CheckId } from '#shared/hl1/check-table'
import type { Hl1Record } from '#shared/hl1/types'
import type { StepNumber } from '#shared/hl1/steps'
import { SUITES } from '#shared/hl1/suites'
import type { Verdict } from './handshake'

const COMMON_CHECKS: readonly CheckId[] = ['frame', 'decryption', 'members', 'freshness']

/** The checks of a step in the order of section 7. */
export function plannedChecks(step: StepNumber): readonly CheckId[] {
  const alive: CheckId[] = step === 7 ? ['session_alive'] : []
  return ['frame', ...alive, 'decryption', 'members', ...SUITES.classic.sheets[step].checks, 'freshness']
}

/** Asserts the alert, and that the record names the check that failed, those before it, and those never made. */
export function expectRefusal(verdict: Verdict, code: Verdict['code'], step: number, failed: CheckId): void {
  expect({ code: verdict.code, step: verdict.step }).toEqual({ code, step })
  expect(verdict.refusal?.origin).toBe('local')
  expect(verdict.record.outcome).toMatchObject({ ok: false, code })
  expectChecks(verdict.record, failed)
}

function expectChecks(record: Hl1Record, failed: CheckId): void {
  const made = record.checks.filter((check) => check.result !== 'not_made')
  const notMade = record.checks.filter((check) => check.result === 'not_made')
  expect(made.at(-1), JSON.stringify(record.checks)).toMatchObject({ id: failed, result: 'failed' })
  expect(made.slice(0, -1).every((check) => check.result === 'passed' || check.result === 'noted')).toBe(true)
  // A frame that is no suite's has no more than the checks that every message has.
  const planned = record.suite ? plannedChecks(record.step as StepNumber) : COMMON_CHECKS
  const after = planned.slice(planned.indexOf(failed) + 1)
  expect(notMade.map((check) => check.id)).toEqual(after.filter((id) => id !== 'session_alive'))
  for (const { reason } of record.checks) expect(reason).toMatch(/\.$/)
}
