import { describe, expect, it } from 'vitest'
import { judgeFreshness } from '#shared/hl1/freshness'

const NOW = 1_800_000_000_000

describe('freshness (section 2)', () => {
  it.each([
    { age: 0, verdict: 'fresh' },
    { age: 9_999, verdict: 'fresh' },
    { age: 10_000, verdict: 'fresh' },
    { age: 10_001, verdict: 'stale' },
    { age: NOW, verdict: 'stale' },
    { age: -9_999, verdict: 'fresh' },
    { age: -10_000, verdict: 'fresh' },
    { age: -10_001, verdict: 'future' },
    { age: -NOW, verdict: 'future' },
  ])('with a limit of 10 s, a timestamp $age ms old is $verdict', ({ age, verdict }) => {
    expect(judgeFreshness(NOW - age, NOW, 10)).toBe(verdict)
  })

  it('counts the limit in seconds', () => {
    expect(judgeFreshness(NOW - 3_600_000, NOW, 3600)).toBe('fresh')
    expect(judgeFreshness(NOW - 3_600_001, NOW, 3600)).toBe('stale')
    expect(judgeFreshness(NOW - 1_000, NOW, 1)).toBe('fresh')
    expect(judgeFreshness(NOW + 1_001, NOW, 1)).toBe('future')
  })

  it('takes the largest and smallest numbers that a member can have', () => {
    expect(judgeFreshness(Number.MAX_SAFE_INTEGER, NOW, 3600)).toBe('future')
    expect(judgeFreshness(Number.MIN_SAFE_INTEGER, NOW, 3600)).toBe('stale')
  })
})
