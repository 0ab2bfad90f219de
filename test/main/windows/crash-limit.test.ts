import { expect, it } from 'vitest'
import { CrashLimit } from '#main/windows/crash-limit'

it('a page that crashes now and then is loaded again each time', () => {
  const limit = new CrashLimit()
  for (let minute = 0; minute < 20; minute++) expect(limit.mayReload(minute * 60_000)).toBe(true)
})

it('a page that crashes three times within a minute is not, until somebody says so', () => {
  const limit = new CrashLimit()
  expect([0, 10, 59_999, 60_001].map((now) => limit.mayReload(now))).toEqual([true, true, false, false])
  limit.forgive()
  expect([60_002, 60_003, 60_004].map((now) => limit.mayReload(now))).toEqual([true, true, false])
})
