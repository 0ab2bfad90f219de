import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Session } from '#shared/hl1/state'
import { pageClock, SessionEnd } from '../../../../renderer/client/walk/session-end'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => void vi.useRealTimers())

const begun = (lifetime: number): Session => ({
  key: new Uint8Array(8),
  idC: 'ID-Client',
  lifetime,
  startedAt: Date.now(),
  startedMonotonic: performance.now(),
})

function follow(session: Session | undefined) {
  const onEnd = vi.fn()
  const end = new SessionEnd(pageClock, onEnd)
  end.follow(session)
  return { end, onEnd }
}

it('is a millisecond after the lifetime: exactly then it still lives', () => {
  const { end, onEnd } = follow(begun(10))
  vi.advanceTimersByTime(10_000)
  expect([end.ended, onEnd.mock.calls.length]).toEqual([false, 0])
  vi.advanceTimersByTime(1)
  expect([end.ended, onEnd.mock.calls.length]).toEqual([true, 1])
})

it('does not move with the wall clock', () => {
  const { end } = follow(begun(10))
  vi.setSystemTime(Date.now() + 86_400_000)
  vi.advanceTimersByTime(9_000)
  expect(end.ended).toBe(false)
  vi.setSystemTime(0)
  vi.advanceTimersByTime(1_001)
  expect(end.ended).toBe(true)
})

it('is over with another session, or none, and that of one session is told once', () => {
  const session = begun(10)
  const { end, onEnd } = follow(session)
  vi.advanceTimersByTime(10_001)
  end.follow({ ...session })
  expect([end.ended, onEnd.mock.calls.length]).toEqual([true, 1])
  end.follow(begun(5))
  expect(end.ended).toBe(false)
  end.follow(undefined)
  vi.advanceTimersByTime(60_000)
  expect([end.ended, onEnd.mock.calls.length]).toEqual([false, 1])
})

it('is not looked for any more when the window’s part is gone', () => {
  const { end, onEnd } = follow(begun(10))
  end.close()
  vi.advanceTimersByTime(60_000)
  expect(onEnd).not.toHaveBeenCalled()
})
