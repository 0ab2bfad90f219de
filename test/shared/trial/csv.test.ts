import { expect, it } from 'vitest'
import { toCsv } from '#shared/trial/csv'
import { pending, trialResult } from '../../support/trials'

it('has a line for each request under a header, all of the same number of fields, ended by CR LF', () => {
  const lines = toCsv(trialResult()).split('\r\n')
  expect(lines).toHaveLength(1 + 21 + 1)
  expect(lines.at(-1)).toBe('')
  expect(lines.slice(0, -1).map((line) => line.split(',').length)).toEqual(Array(22).fill(12))
  expect(lines.join('')).not.toMatch(/[\r\n"]/)
})

it('says of each request when it was sent, how it fared, whether that is right, and on which clock', () => {
  const lines = toCsv(trialResult()).split('\r\n')
  expect(lines[0]).toBe(
    'lifetime_s,session,request,planned_s,sent_s,answered_s,outcome,code,as_protocol_demands,suite,clock,started_utc',
  )
  expect(lines[4]).toBe(
    '10,1,at the end,10.000,10.000,10.000,accepted,,yes,classic,simulated clock,2027-01-15T08:00:00.000Z',
  )
  expect(lines[5]).toBe(
    '10,1,after the end,10.001,10.001,10.001,refused,session_expired,yes,classic,simulated clock,2027-01-15T08:00:00.000Z',
  )
  expect(toCsv(trialResult({ clock: 'real', suite: 'modern' }))).toContain(',modern,real time,')
})

it('leaves empty what is not known yet, and says no where a request fared otherwise', () => {
  expect(toCsv(trialResult({}, pending)).split('\r\n')[1]).toBe(
    '10,,before the end,2.500,,,not sent,,,classic,simulated clock,2027-01-15T08:00:00.000Z',
  )
  const wrong = trialResult({}, ({ planned }) => ({
    is: 'accepted',
    session: 1,
    sent: planned,
    answered: planned,
  }))
  expect(toCsv(wrong).split('\r\n')[5]).toContain(',accepted,,no,')
})
