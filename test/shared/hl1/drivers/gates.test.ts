import { describe, expect, it } from 'vitest'
import { LabError } from '#shared/errors'
import { Gates } from '#shared/hl1/drivers/gates'

const NEVER = new AbortController().signal

function make() {
  let changes = 0
  const gates = new Gates(() => changes++)
  return { gates, changes: () => changes }
}

/** What has become of a promise by now. */
async function fate(promise: Promise<unknown>): Promise<string> {
  const settled = promise.then(
    () => 'open',
    (error: unknown) => (error instanceof LabError ? error.code : String(error)),
  )
  return Promise.race([settled, new Promise<string>((resolve) => setTimeout(() => resolve('waiting'), 5))])
}

describe('a gate', () => {
  it('holds its step until that is released', async () => {
    const { gates } = make()
    const wait = gates.wait(4, 'one', NEVER)
    expect(await fate(wait)).toBe('waiting')
    expect(gates.waiting).toEqual([4])
    gates.release(4)
    expect(await fate(wait)).toBe('open')
    expect(gates.waiting).toEqual([])
  })

  it('can’t be released where nobody waits', () => {
    const { gates } = make()
    expect(() => gates.release(4)).toThrow('Nobody waits with step 4.')
    void gates.wait(4, 'one', NEVER)
    gates.release(4)
    expect(() => gates.release(4)).toThrow('Nobody waits with step 4.')
  })

  it('is one of several, each released by itself or all at once', async () => {
    const { gates } = make()
    const waits = ([2, 4, 6] as const).map((step) => gates.wait(step, step, NEVER))
    gates.release(4)
    expect(gates.waiting).toEqual([2, 6])
    gates.releaseAll()
    expect(await Promise.all(waits.map(fate))).toEqual(['open', 'open', 'open'])
  })

  it('goes with its owner and nobody else’s', async () => {
    const { gates } = make()
    const [mine, other] = [gates.wait(2, 40_001, NEVER), gates.wait(4, 40_002, NEVER)]
    gates.drop(40_001)
    expect(await fate(mine)).toBe('connection_closed')
    expect(await fate(other)).toBe('waiting')
    expect(gates.waiting).toEqual([4])
  })

  it('goes with its signal, with that one’s reason', async () => {
    const { gates } = make()
    const abort = new AbortController()
    const wait = gates.wait(2, 'one', abort.signal)
    abort.abort(new LabError('stopped', 'Stopped.'))
    expect(await fate(wait)).toBe('stopped')
    expect(gates.waiting).toEqual([])
  })

  it('does not hold anyone whose signal was there before', async () => {
    const { gates } = make()
    const wait = gates.wait(2, 'one', AbortSignal.abort(new LabError('stopped', 'Stopped.')))
    expect(await fate(wait)).toBe('stopped')
    expect(gates.waiting).toEqual([])
  })

  it('is taken over by who comes later to the same step; the first one’s signal then changes nothing', async () => {
    const { gates } = make()
    const abort = new AbortController()
    const first = gates.wait(2, 'one', abort.signal)
    const second = gates.wait(2, 'two', NEVER)
    expect(await fate(first)).toBe('connection_closed')
    abort.abort(new LabError('stopped', 'Stopped.'))
    gates.drop('one')
    expect(gates.waiting).toEqual([2])
    gates.release(2)
    expect(await fate(second)).toBe('open')
  })

  it('tells of every change', () => {
    const { gates, changes } = make()
    void gates.wait(2, 'one', NEVER)
    expect(changes()).toBe(1)
    gates.release(2)
    expect(changes()).toBe(2)
  })
})

describe('whoever releases a step', () => {
  it('learns that it was sent, or why it was not', async () => {
    const { gates } = make()
    const wait = gates.wait(4, 'one', NEVER)
    const released = gates.release(4)
    const departure = await wait
    expect(await fate(released)).toBe('waiting')
    departure.sent()
    expect(await fate(released)).toBe('open')
    const again = gates.wait(4, 'one', NEVER)
    const failing = gates.release(4)
    ;(await again).failed(new LabError('connection_closed', 'Gone.'))
    expect(await fate(failing)).toBe('connection_closed')
  })
})

describe('whoever waits for somebody to wait', () => {
  it('learns of it at once, or when it comes about', async () => {
    const { gates } = make()
    const early = gates.reached(2, new Promise(() => undefined))
    expect(await fate(early)).toBe('waiting')
    void gates.wait(2, 'one', NEVER)
    expect(await fate(early)).toBe('open')
    expect(await fate(gates.reached(2, new Promise(() => undefined)))).toBe('open')
  })

  it('goes on when the other thing happens first, in whatever way', async () => {
    const { gates } = make()
    expect(await fate(gates.reached(2, Promise.resolve()))).toBe('open')
    const failed = Promise.reject(new LabError('connection_closed', 'Gone.'))
    expect(await fate(gates.reached(2, failed))).toBe('connection_closed')
  })
})
