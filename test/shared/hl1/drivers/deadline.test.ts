import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { systemEnvironment } from '#shared/hl1/environment'
import { Deadline } from '#shared/hl1/drivers/deadline'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('a deadline', () => {
  it('aborts with the reason of the limit that is reached first', () => {
    const deadline = new Deadline(systemEnvironment)
    const signal = deadline.begin(new AbortController().signal)
    deadline.set(200, () => new Error('late'))
    deadline.set(100, () => new Error('early'))
    vi.advanceTimersByTime(99)
    expect(signal.aborted).toBe(false)
    vi.advanceTimersByTime(200)
    expect(signal.reason).toEqual(new Error('early'))
  })

  it('aborts with the caller’s reason, also when that came before', () => {
    const outer = new AbortController()
    const deadline = new Deadline(systemEnvironment)
    const signal = deadline.begin(outer.signal)
    outer.abort('enough')
    expect(signal.reason).toBe('enough')
    deadline.clear()
    expect(deadline.begin(outer.signal).reason).toBe('enough')
  })

  it('leaves nothing behind once it is cleared, and begins anew', () => {
    const outer = new AbortController()
    const deadline = new Deadline(systemEnvironment)
    const signal = deadline.begin(outer.signal)
    deadline.set(100, () => new Error('late'))
    deadline.clear()
    expect(vi.getTimerCount()).toBe(0)
    outer.abort('enough')
    expect(signal.aborted).toBe(false)
    const next = deadline.begin(new AbortController().signal)
    deadline.set(100, () => new Error('late'))
    vi.advanceTimersByTime(100)
    expect(next.aborted).toBe(true)
    deadline.clear()
    expect(deadline.begin(new AbortController().signal).aborted).toBe(false)
  })
})
