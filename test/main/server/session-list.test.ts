import { describe, expect, it } from 'vitest'
import { SessionList } from '#main/server/session-list'
import type { Session } from '#shared/hl1/state'
import { fakeEnvironment } from '../../support/environment'

const PEER = { address: '127.0.0.1', port: 40_000 } as const

function make() {
  const environment = fakeEnvironment()
  let changes = 0
  let added = 0
  const list = new SessionList(environment, () => changes++)
  const add = (changesToIt: Partial<Session> = {}): string => {
    const session: Session = {
      key: new Uint8Array(8).fill(0x5a),
      idC: 'ID-Client',
      lifetime: 60,
      startedAt: environment.now(),
      startedMonotonic: environment.monotonic(),
      ...changesToIt,
    }
    const id = `connection-${++added}`
    list.add(id, session, PEER, 'classic')
    return id
  }
  return { environment, list, add, changes: () => changes }
}

describe('the server’s sessions', () => {
  it('are shown newest first, without their keys', () => {
    const { environment, list, add } = make()
    const first = add()
    environment.pass(1_500)
    const second = add({ idC: 'ID-Other' })
    expect(list.views()).toEqual([
      {
        id: second,
        idC: 'ID-Other',
        peer: PEER,
        suite: 'classic',
        startedAt: environment.now(),
        lifetime: 60,
        elapsed: 0,
        paused: false,
        stood: 0,
        viewedAt: environment.now(),
        requests: 0,
        connected: true,
        end: undefined,
      },
      expect.objectContaining({ id: first, elapsed: 1_500, startedAt: environment.now() - 1_500 }),
    ])
    expect(JSON.stringify(list.views())).not.toContain('key')
  })

  it('have their time counted by the clock that nobody sets', () => {
    const { environment, list, add } = make()
    add()
    environment.setWallClock(86_400_000)
    expect(list.views()[0]?.elapsed).toBe(0)
    environment.pass(1_000)
    expect(list.views()[0]?.elapsed).toBe(1_000)
  })

  it('count their requests, and know when their connection is gone', () => {
    const { list, add } = make()
    const [one, two] = [add(), add()]
    list.countRequest(one)
    list.countRequest(one)
    list.disconnect(two)
    expect(list.views().map(({ id, requests, connected }) => ({ id, requests, connected }))).toEqual([
      { id: two, requests: 0, connected: false },
      { id: one, requests: 2, connected: true },
    ])
  })

  it('know how they ended, and when: what came first counts', () => {
    const { environment, list, add } = make()
    const [one, two] = [add(), add()]
    environment.pass(2_000)
    const at = environment.now()
    list.end(one, 'ended_here')
    environment.pass(1_000)
    list.end(one, 'client_left')
    list.end(two, 'lifetime')
    expect(list.views().map(({ id, end }) => ({ id, end }))).toEqual([
      { id: two, end: { how: 'lifetime', at: at + 1_000 } },
      { id: one, end: { how: 'ended_here', at } },
    ])
  })

  it('are all kept while they live, however many, and 200 of those that ended', () => {
    const { environment, list, add } = make()
    const ended = Array.from({ length: 250 }, () => add())
    for (const id of ended) list.disconnect(id)
    const expired = add({ lifetime: 1 })
    environment.pass(1_001)
    const live = Array.from({ length: 300 }, () => add())
    const ids = list.views().map(({ id }) => id)
    expect(live.every((id) => ids.includes(id))).toBe(true)
    expect(ids).toContain(expired)
    expect(ids.length).toBe(300 + 200)
    expect(ids).not.toContain(ended[0])
    expect(ids).toContain(ended.at(-1))
  })

  it('are none after the server has stopped, whatever else comes of them then', () => {
    const { list, add, changes } = make()
    const first = add()
    list.clear()
    const before = changes()
    list.end(first, 'ended_here')
    list.disconnect(first)
    expect(list.views()).toEqual([])
    expect(changes()).toBe(before)
  })

  it('tell of every change', () => {
    const { list, add, changes } = make()
    const id = add()
    list.countRequest(id)
    list.disconnect(id)
    list.clear()
    expect(changes()).toBe(4)
  })
})
