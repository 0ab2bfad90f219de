import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { LASTS_MS, useLasting } from '../../../renderer/common/composables/use-lasting'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('is true after a second without a break, and no longer than what lasts', async () => {
  const holds = ref(true)
  const scope = effectScope()
  const lasting = scope.run(() => useLasting(() => holds.value))!
  vi.advanceTimersByTime(LASTS_MS - 1)
  expect(lasting.value).toBe(false)
  holds.value = false
  await nextTick()
  holds.value = true
  await nextTick()
  vi.advanceTimersByTime(LASTS_MS - 1)
  expect(lasting.value).toBe(false)
  vi.advanceTimersByTime(1)
  expect(lasting.value).toBe(true)
  holds.value = false
  await nextTick()
  expect(lasting.value).toBe(false)
  scope.stop()
  expect(vi.getTimerCount()).toBe(0)
})
