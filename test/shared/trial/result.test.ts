import type { ErrorCode } from '#shared/errors'
import { describe, expect, it } from 'vitest'
import {
  demandOf,
  isAsDemanded,
  isWholeAndAsDemanded,
  summaryOf,
  type TrialOutcome,
  type TrialRow,
} from '#shared/trial/result'
import { pending, trialResult } from '../../support/trials'

const row = (outcome: TrialOutcome): TrialRow => {
  return { lifetime: 10, phase: 'at', planned: 10_000, outcome }
}
const accepted = (sent: number, answered = sent): TrialRow =>
  row({ is: 'accepted', session: 1, sent, answered })
const refused = (sent: number, answered = sent, code: ErrorCode = 'session_expired'): TrialRow =>
  row({ is: 'refused', session: 1, sent, answered, code })

describe('what section 5 demands of a request', () => {
  it.each([
    [accepted(0), 'accepted', true],
    [accepted(10_000), 'accepted', true],
    [accepted(10_000.5), 'refused', false],
    [accepted(9_999, 10_001), 'either', true],
    [refused(10_001), 'refused', true],
    [refused(10_000), 'accepted', false],
    [refused(9_999, 10_001), 'either', true],
    [refused(10_001, 10_001, 'decrypt_failed'), 'refused', false],
    [refused(9_999, 10_001, 'timeout'), 'either', false],
    [row({ is: 'pending' }), undefined, undefined],
  ])('%j: %s, and that it was so is %s', (which, demand, judged) => {
    expect(demandOf(which)).toBe(demand)
    expect(isAsDemanded(which)).toBe(judged)
  })
})

describe('a trial on the whole', () => {
  it('is good when it ran to its end and every request fared as demanded', () => {
    const result = trialResult()
    expect(isWholeAndAsDemanded(result)).toBe(true)
    expect(summaryOf(result)).toBe('12 accepted, 9 refused. All as section 5 of the protocol demands.')
  })

  it('is not good before its end, nor when it was given up', () => {
    for (const state of ['running', 'cancelled'] as const)
      expect(isWholeAndAsDemanded({ ...trialResult(), state })).toBe(false)
    const given = { ...trialResult({}, pending), state: 'cancelled' } as const
    expect(summaryOf(given)).toBe('0 accepted, 0 refused, 21 not sent.')
    expect(summaryOf({ ...given, state: 'running' })).toBe('0 accepted, 0 refused, 21 not sent yet.')
  })

  it('is not good when a single request fared otherwise', () => {
    const good = trialResult()
    const rows = good.rows.map((each, index) =>
      index === 4 ? { ...each, outcome: accepted(10_001).outcome } : each,
    )
    expect(isWholeAndAsDemanded({ ...good, rows })).toBe(false)
    expect(summaryOf({ ...good, rows })).toBe(
      '13 accepted, 8 refused. 1 not as section 5 of the protocol demands.',
    )
  })
})
