import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { MOST_WAITING, NEWS_AT_ONCE, NEWS_PAUSE_MS, RecordNews } from '#main/lab/record-news'
import type { RecordsChange } from '#shared/lab'
import { WINDOWS, type WindowName } from '#shared/windows'
import type { Connection } from '#shared/record/connection'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Role } from '#shared/hl1/roles'
import { connectionOf, expectNone } from '../../support/context'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Names of connections that this app has opened begin with this. */
const OWN = 'of this app'

const named = (id: string): Connection =>
  connectionOf(id, { opener: id.startsWith(OWN) ? 'client' : undefined })

function makeNews() {
  const told: { readonly window: WindowName; readonly changes: readonly RecordsChange[] }[] = []
  const news = new RecordNews(WINDOWS, {
    tell: (window, changes) => told.push({ window, changes }),
    fail: expectNone,
  })
  return { news, told }
}

const forgotten = (connection?: string, role: Role = 'server'): RecordsChange => ({
  kind: 'forgotten',
  whose: connection === undefined ? { role } : { role, connection: named(connection) },
})
const added = (role: Role, connection: string, bytes = 0): RecordsChange => ({
  kind: 'added',
  entry: {
    role,
    connection: named(connection),
    frame: new Uint8Array(bytes),
    ranges: [] as Hl1Entry['ranges'],
  } as Hl1Entry,
})

describe('news of records', () => {
  it('come at once, and in a rush together, in their order', async () => {
    const { news, told } = makeNews()
    news.add(forgotten('1'))
    news.add(added('server', '2'))
    await vi.advanceTimersByTimeAsync(1)
    expect(told.map(({ changes }) => changes)).toEqual([[forgotten('1'), added('server', '2')]])
    for (const connection of ['3', '4', '5']) {
      news.add(forgotten(connection))
      await vi.advanceTimersByTimeAsync(1)
    }
    expect(told).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(NEWS_PAUSE_MS)
    expect(told.slice(1).map(({ changes }) => changes)).toEqual([
      ['3', '4', '5'].map((name) => forgotten(name)),
    ])
  })

  it('come no more than so many at once, and all of them in the end', async () => {
    const { news, told } = makeNews()
    for (let count = 0; count < 2 * NEWS_AT_ONCE + 1; count++) news.add(forgotten(String(count)))
    await vi.advanceTimersByTimeAsync(1)
    expect(told.map(({ changes }) => changes.length)).toEqual([NEWS_AT_ONCE])
    await vi.advanceTimersByTimeAsync(10 * NEWS_PAUSE_MS)
    expect(told.map(({ changes }) => changes.length)).toEqual([NEWS_AT_ONCE, NEWS_AT_ONCE, 1])
  })

  it('come in fewer at once where they are large', async () => {
    const { news, told } = makeNews()
    for (let count = 0; count < 5; count++) news.add(added('server', String(count), 3_000_000))
    await vi.advanceTimersByTimeAsync(10 * NEWS_PAUSE_MS)
    expect(told.map(({ changes }) => changes.length)).toEqual([1, 1, 1, 1, 1])
  })

  it('that pile up are left out from the oldest on, but for the end of secrets', () => {
    const { news, told } = makeNews()
    news.add(forgotten('first'))
    for (let count = 0; count < 3 * MOST_WAITING; count++) news.add(added('server', String(count)))
    news.flush()
    const changes = told.flatMap((each) => each.changes)
    expect(changes.length).toBeLessThanOrEqual(MOST_WAITING)
    expect(changes[0]).toEqual(forgotten('first'))
    const names = changes
      .slice(1)
      .map((change) => (change.kind === 'added' ? change.entry.connection.id : ''))
    expect(names.slice(-2_000)).toEqual(
      Array.from({ length: 2_000 }, (_, index) => String(3 * MOST_WAITING - 2_000 + index)),
    )
  })

  it('say once for each connection that its secrets are gone, after its records', () => {
    const { news, told } = makeNews()
    for (let count = 0; count < MOST_WAITING; count++) {
      news.add(added('server', 'x'))
      news.add(forgotten('x'))
    }
    news.flush()
    const changes = told.flatMap((each) => each.changes)
    expect(changes.length).toBeLessThanOrEqual(MOST_WAITING)
    expect(changes.at(-1)).toEqual(forgotten('x'))
  })

  it('are told when asked for, and not a second time', async () => {
    const { news, told } = makeNews()
    for (let count = 0; count < NEWS_AT_ONCE + 1; count++) news.add(forgotten(String(count)))
    news.flush()
    news.flush()
    expect(told.map(({ changes }) => changes.length)).toEqual([NEWS_AT_ONCE, 1])
    await vi.advanceTimersByTimeAsync(10 * NEWS_PAUSE_MS)
    expect(told).toHaveLength(2)
  })

  it('go to the window of their role, and to the client’s where it is about a connection of this app', () => {
    const windows = (change: RecordsChange): readonly WindowName[] => {
      const { news, told } = makeNews()
      news.add(change)
      news.flush()
      return told.map(({ window }) => window).sort()
    }
    expect(windows(added('server', OWN))).toEqual(['client', 'server'])
    expect(windows(added('authority', OWN))).toEqual(['authority', 'client'])
    expect(windows(added('server', 'of another program'))).toEqual(['server'])
    expect(windows(forgotten(OWN))).toEqual(['client', 'server'])
    expect(windows(forgotten('of another program'))).toEqual(['server'])
    expect(windows(forgotten(undefined, 'authority'))).toEqual(['authority', 'client'])
  })

  it('concern the same windows once they had to go', () => {
    const { news } = makeNews()
    expect(news.concerned([])).toEqual([])
    expect(news.concerned([{ role: 'server', connection: named('of another program') }])).toEqual(['server'])
    expect(news.concerned([{ role: 'authority', connection: named(OWN) }])).toEqual(['authority', 'client'])
  })
})
