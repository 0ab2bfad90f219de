import { describe, expect, it } from 'vitest'
import { KEY_QUEUE, KeyQueue, type KeyRequest } from '#main/authority/key-queue'

const request = (name: string, changes: Partial<KeyRequest> = {}): KeyRequest => ({
  name,
  isOwn: false,
  signal: new AbortController().signal,
  ...changes,
})

/** A queue whose work is done when the test says so, and the names in the order in which it was begun. */
function makeQueue() {
  const queue = new KeyQueue()
  const begun: string[] = []
  const finishers: (() => void)[] = []
  const ask = (name: string, changes: Partial<KeyRequest> = {}): Promise<void> | undefined =>
    queue.take(request(name, changes), () => {
      begun.push(name)
      return new Promise<void>((resolve) => finishers.push(resolve))
    })
  const finish = async (): Promise<void> => {
    finishers.shift()!()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const finishAll = async (): Promise<void> => {
    while (finishers.length > 0) await finish()
  }
  return { queue, begun, ask, finish, finishAll }
}

describe('a queue for key pairs', () => {
  it('has one made at a time, and takes so many that wait and no more', async () => {
    const { queue, begun, ask, finishAll } = makeQueue()
    const taken = Array.from({ length: 100 }, (_, index) => ask(`S${index}`)).filter(Boolean)
    expect(begun).toEqual(['S0'])
    expect(taken).toHaveLength(KEY_QUEUE.atOnce + KEY_QUEUE.places)
    expect(queue.length).toBe(KEY_QUEUE.places)
    await finishAll()
    expect(await Promise.all(taken)).toHaveLength(taken.length)
    expect(queue.length).toBe(0)
    expect(ask('late')).toBeDefined()
  })

  it('lets no name take all places, and lets names take turns', async () => {
    const { begun, ask, finishAll } = makeQueue()
    const greedy = Array.from({ length: 100 }, () => ask('greedy')).filter(Boolean)
    expect(greedy).toHaveLength(KEY_QUEUE.atOnce + KEY_QUEUE.placesOfOneName)
    expect(ask('honest')).toBeDefined()
    expect(ask('another')).toBeDefined()
    await finishAll()
    expect(begun.slice(0, 4)).toEqual(['greedy', 'honest', 'another', 'greedy'])
  })

  it('always has a place for this program’s own server, and that one is next', async () => {
    const { begun, ask, finish } = makeQueue()
    for (let index = 0; index < 100; index++) void ask(`S${index}`)
    expect(ask('refused')).toBeUndefined()
    expect(ask('own', { isOwn: true })).toBeDefined()
    await finish()
    expect(begun).toEqual(['S0', 'own'])
  })

  it('gives up the place of who leaves', async () => {
    const { queue, begun, ask, finishAll } = makeQueue()
    const leaving = new AbortController()
    void ask('first')
    const waiting = ask('leaving', { signal: leaving.signal })
    void ask('last')
    leaving.abort(new Error('Gone.'))
    await expect(waiting).rejects.toThrow('Gone.')
    expect(queue.length).toBe(1)
    await finishAll()
    expect(begun).toEqual(['first', 'last'])
  })

  it('goes on after one that could not be made', async () => {
    const queue = new KeyQueue()
    const failed = queue.take(request('S1'), () => Promise.reject(new Error('No entropy.')))
    const next = queue.take(request('S2'), async () => 'made')
    await expect(failed).rejects.toThrow('No entropy.')
    expect(await next).toBe('made')
  })
})
