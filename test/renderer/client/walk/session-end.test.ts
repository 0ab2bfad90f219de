import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import type { Session } from '#shared/hl1/state'
import { useSessionEnd } from '../../../../renderer/client/walk/session-end'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] })
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

const begun = (lifetime: number): Session => ({
  key: new Uint8Array(8),
  idC: 'ID-Client',
  lifetime,
  startedAt: Date.now(),
  startedMonotonic: performance.now(),
})

function follow(session: Session | undefined) {
  const onEnd = vi.fn()
  const current = shallowRef(session)
  const ended = scope.run(() => useSessionEnd(current, onEnd))!
  return { current, ended, onEnd }
}

it('is a millisecond after the lifetime: exactly then it still lives', () => {
  const { ended, onEnd } = follow(begun(10))
  vi.advanceTimersByTime(10_000)
  expect([ended.value, onEnd.mock.calls.length]).toEqual([false, 0])
  vi.advanceTimersByTime(1)
  expect([ended.value, onEnd.mock.calls.length]).toEqual([true, 1])
})

it('does not move with the wall clock', () => {
  const { ended } = follow(begun(10))
  vi.setSystemTime(Date.now() + 86_400_000)
  vi.advanceTimersByTime(9_000)
  expect(ended.value).toBe(false)
  vi.setSystemTime(0)
  vi.advanceTimersByTime(1_001)
  expect(ended.value).toBe(true)
})

it('is over with another session, or none, and that of one session is told once', async () => {
  const { current, ended, onEnd } = follow(begun(10))
  vi.advanceTimersByTime(10_001)
  current.value = { ...current.value! }
  await nextTick()
  expect([ended.value, onEnd.mock.calls.length]).toEqual([true, 1])
  current.value = begun(5)
  await nextTick()
  expect(ended.value).toBe(false)
  current.value = undefined
  await nextTick()
  vi.advanceTimersByTime(60_000)
  expect([ended.value, onEnd.mock.calls.length]).toEqual([false, 1])
})

it('is not looked for any more when the window’s part is gone', () => {
  const { onEnd } = follow(begun(10))
  scope.stop()
  vi.advanceTimersByTime(60_000)
  expect(onEnd).not.toHaveBeenCalled()
})
