/** Times as text: a number that no calendar has is shown as it is, and nothing throws. */
import { describe, expect, it } from 'vitest'
import { isoTime } from '#shared/time'
import { dayText, daysAway } from '#shared/words'
import { dateTime, memberLine, timeOfDay } from '../../renderer/common/format'

const LAST = 8.64e15
const NO_TIMES = [LAST + 1, -LAST - 1, 2 ** 60, Number.MAX_SAFE_INTEGER, 1e300, NaN, Infinity]

describe('a time that no calendar has', () => {
  it.each(NO_TIMES)('%d is shown as the number', (at) => {
    for (const write of [isoTime, dayText, timeOfDay, dateTime]) expect(write(at)).toBe(String(at))
    expect(memberLine('timestamp', at)).toBe(String(at))
    expect(daysAway(at, 0)).toEqual(expect.any(String))
  })
})

describe('any other', () => {
  it.each([0, 1_741_961_002_481, LAST, -LAST])('%d is a date', (at) => {
    expect(isoTime(at)).toBe(new Date(at).toISOString())
    expect(timeOfDay(at)).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/)
    expect(dateTime(at)).toMatch(/^-?\d+-\d\d-\d\d \d\d:\d\d:\d\d$/)
    expect(memberLine('timestamp', at)).toBe(`${at} (${timeOfDay(at)})`)
  })
})
