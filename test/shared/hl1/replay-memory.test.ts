import { describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import { LONGEST_MAX_AGE } from '#shared/hl1/freshness'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import { START } from '../../support/environment'
import { seededNumbers } from '../../support/mutations'

const HOUR = LONGEST_MAX_AGE * 1000

/** The value of message number `index`. */
function value(index: number): Bytes {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, index)
  return bytes
}

/** A memory that is full of messages, one a second, the last of them now. */
function full(capacity: number): ReplayMemory {
  const memory = new ReplayMemory(capacity)
  for (let index = 0; index < capacity; index++) {
    const at = START - (capacity - 1 - index) * 1000
    expect(memory.remember(value(index), at, at)).toBe('remembered')
  }
  return memory
}

describe('what was accepted', () => {
  it('is seen when it comes again, with whatever timestamp', () => {
    const memory = new ReplayMemory()
    expect(memory.has(value(1))).toBe(false)
    expect(memory.remember(value(1), START, START)).toBe('remembered')
    expect(memory.has(value(1))).toBe(true)
    for (const timestamp of [START, START - 1, START + 1]) {
      expect(memory.remember(value(1), timestamp, START)).toBe('seen')
    }
    expect(memory.remember(value(2), START, START)).toBe('remembered')
    expect(memory.size).toBe(2)
  })

  it.each([0, 10_000, -10_000])(
    'is remembered as long as the longest age limit could accept it, made %i ms after now',
    (ahead) => {
      const memory = new ReplayMemory()
      memory.remember(value(1), START + ahead, START)
      // Others come and go meanwhile: it is they that make it forget.
      for (const later of [1, HOUR / 2, HOUR + ahead])
        memory.remember(value(later), START + later, START + later)
      expect(memory.has(value(1))).toBe(true)
      memory.remember(value(2), START + HOUR + ahead + 1, START + HOUR + ahead + 1)
      expect(memory.has(value(1))).toBe(false)
    },
  )

  it('is not let in again once it is forgotten, not even by a clock that was set back', () => {
    const memory = new ReplayMemory()
    memory.remember(value(1), START, START)
    memory.remember(value(2), START + 2 * HOUR, START + 2 * HOUR)
    expect(memory.has(value(1))).toBe(false)
    expect(memory.remember(value(1), START, START)).toBe('forgotten')
    expect(memory.remember(value(3), START + 1, START)).toBe('remembered')
  })

  it('of a clock that was far ahead for a while keeps out nobody when the clock is right again', () => {
    const memory = new ReplayMemory()
    memory.remember(value(1), START, START)
    memory.remember(value(2), START + 5 * HOUR, START + 5 * HOUR)
    expect(memory.remember(value(3), START + 1000, START + 1000)).toBe('remembered')
  })
})

describe('a memory that is full', () => {
  it('keeps its size', () => {
    const memory = full(100)
    for (let index = 100; index < 300; index++) {
      const at = START + index * 1000
      expect(memory.remember(value(index), at, at)).toBe('remembered')
      expect(memory.size).toBeLessThanOrEqual(100)
    }
  })

  it('forgets the oldest first, and refuses it and all that is as old from then on', () => {
    const memory = full(10)
    expect(memory.remember(value(10), START, START)).toBe('remembered')
    expect(memory.has(value(0))).toBe(false)
    expect(memory.remember(value(0), START - 9_000, START)).toBe('forgotten')
    expect(memory.remember(value(11), START - 9_000, START)).toBe('forgotten')
    expect(memory.has(value(1))).toBe(true)
  })

  it('refuses what is older than all that it remembers rather than forget for it', () => {
    const memory = full(10)
    expect(memory.remember(value(10), START - 60_000, START)).toBe('forgotten')
    expect(memory.size).toBe(10)
    expect(memory.has(value(0))).toBe(true)
  })

  it('lets in no replay, whatever comes: each message is accepted at most once', () => {
    const memory = new ReplayMemory(50)
    const accepted = new Map<number, number>()
    const random = seededNumbers(1)
    for (let round = 0; round < 20_000; round++) {
      const index = random(400)
      // Each message has one timestamp; the clock jumps about.
      const timestamp = START + index * 30_000
      const now = START + random(400) * 30_000
      if (memory.remember(value(index), timestamp, now) === 'remembered') {
        accepted.set(index, (accepted.get(index) ?? 0) + 1)
      }
      expect(memory.size).toBeLessThanOrEqual(50)
    }
    expect(Math.max(...accepted.values())).toBe(1)
    expect(accepted.size).toBeGreaterThan(50)
  })

  it('can’t be filled from the future: who comes now is let in, however many have come from there', () => {
    const memory = new ReplayMemory(100)
    const results = Array.from({ length: 1_000 }, (_, index) =>
      memory.remember(value(index), START + 1 + index, START),
    )
    expect(results.filter((result) => result === 'remembered')).toHaveLength(50)
    expect(results.at(-1)).toBe('full')
    for (let index = 2_000; index < 2_200; index++) {
      expect(memory.remember(value(index), START, START)).not.toBe('full')
    }
    for (let later = 1; later < 500; later++) {
      expect(memory.remember(value(3_000 + later), START + later * 1000, START + later * 1000)).toBe(
        'remembered',
      )
    }
  })

  it('of the usual capacity takes no more than a moment for each message', () => {
    const memory = new ReplayMemory()
    for (let index = 0; index < 60_000; index++) memory.remember(value(index), START + index, START + index)
    expect(memory.size).toBe(50_000)
    expect(memory.has(value(9_999))).toBe(false)
    expect(memory.has(value(10_000))).toBe(true)
  })
})
