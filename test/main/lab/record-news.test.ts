import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NEWS_PAUSE_MS, RecordNews } from '#main/lab/record-news'
import type { RecordsChange } from '#shared/lab'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const change = (connection: string): RecordsChange => ({
  kind: 'forgotten',
  whose: { role: 'server', connection },
})

describe('news of records', () => {
  it('come at once, and in a rush together, in their order', async () => {
    const told: (readonly RecordsChange[])[] = []
    const news = new RecordNews((changes) => told.push(changes))
    news.add(change('1'))
    news.add(change('2'))
    await vi.advanceTimersByTimeAsync(1)
    expect(told).toEqual([[change('1'), change('2')]])
    for (const connection of ['3', '4', '5']) {
      news.add(change(connection))
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(told).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(NEWS_PAUSE_MS)
    expect(told.slice(1)).toEqual([[change('3'), change('4'), change('5')]])
  })

  it('are told when asked for, and not a second time', async () => {
    const told: (readonly RecordsChange[])[] = []
    const news = new RecordNews((changes) => told.push(changes))
    news.add(change('1'))
    news.flush()
    news.flush()
    expect(told).toEqual([[change('1')]])
    await vi.advanceTimersByTimeAsync(10 * NEWS_PAUSE_MS)
    expect(told).toHaveLength(1)
  })
})
