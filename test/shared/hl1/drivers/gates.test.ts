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
    gates.release(4, 'one')
    expect(await fate(wait)).toBe('open')
    expect(gates.waiting).toEqual([])
  })

  it('can’t be released where nobody waits', () => {
    const { gates } = make()
    expect(() => gates.release(4, 'one')).toThrow('Nobody waits with step 4.')
    void gates.wait(4, 'one', NEVER)
    gates.release(4, 'one')
    expect(() => gates.release(4, 'one')).toThrow('Nobody waits with step 4.')
  })

  it('is one of several, each released by itself or all at once', async () => {
    const { gates } = make()
    const waits = ([2, 4, 6] as const).map((step) => gates.wait(step, 'one', NEVER))
    gates.release(4, 'one')
    expect(gates.waiting).toEqual([2, 6])
    gates.releaseAll()
    expect(await Promise.all(waits.map(fate))).toEqual(['open', 'open', 'open'])
  })

  it('goes with its owner and nobody else’s', async () => {
    const { gates } = make()
    const [mine, other] = [gates.wait(2, 'one', NEVER), gates.wait(4, 'two', NEVER)]
    gates.drop('one')
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

  it('is that of its connection: another one waits with the same step, and each is released by itself', async () => {
    const { gates } = make()
    const [mine, other] = [gates.wait(4, 'one', NEVER), gates.wait(4, 'two', NEVER)]
    expect(gates.waiting).toEqual([4])
    gates.release(4, 'two')
    expect(await Promise.all([mine, other].map(fate))).toEqual(['waiting', 'open'])
    expect([gates.has(4, 'one'), gates.has(4, 'two')]).toEqual([true, false])
    expect(() => gates.release(4, 'two')).toThrow('Nobody waits with step 4.')
    gates.release(4, 'one')
    expect(await fate(mine)).toBe('open')
  })

  it('is taken over by who comes later to the same step of a connection; the first one’s signal then changes nothing', async () => {
    const { gates } = make()
    const abort = new AbortController()
    const first = gates.wait(2, 'one', abort.signal)
    const second = gates.wait(2, 'one', NEVER)
    expect(await fate(first)).toBe('connection_closed')
    abort.abort(new LabError('stopped', 'Stopped.'))
    gates.drop('two')
    expect(gates.waiting).toEqual([2])
    gates.release(2, 'one')
    expect(await fate(second)).toBe('open')
  })

  it('tells of every change', () => {
    const { gates, changes } = make()
    void gates.wait(2, 'one', NEVER)
    expect(changes()).toBe(1)
    gates.release(2, 'one')
    expect(changes()).toBe(2)
  })
})

describe('whoever releases a step', () => {
  it('learns that it was sent, or why it was not', async () => {
    const { gates } = make()
    const wait = gates.wait(4, 'one', NEVER)
    const released = gates.release(4, 'one')
    const departure = await wait
    expect(await fate(released)).toBe('waiting')
    departure.sent()
    expect(await fate(released)).toBe('open')
    const again = gates.wait(4, 'one', NEVER)
    const failing = gates.release(4, 'one')
    ;(await again).failed(new LabError('connection_closed', 'Gone.'))
    expect(await fate(failing)).toBe('connection_closed')
  })
})

describe('whoever waits for somebody to wait', () => {
  it('learns of it at once, or when it comes about', async () => {
    const { gates } = make()
    const early = gates.reached(2, () => 'one', new Promise(() => undefined))
    expect(await fate(early)).toBe('waiting')
    void gates.wait(2, 'one', NEVER)
    expect(await fate(early)).toBe('open')
    expect(await fate(gates.reached(2, () => 'one', new Promise(() => undefined)))).toBe('open')
  })

  it('goes on when the other thing happens first, in whatever way', async () => {
    const { gates } = make()
    expect(await fate(gates.reached(2, () => 'one', Promise.resolve()))).toBe('open')
    const failed = Promise.reject(new LabError('connection_closed', 'Gone.'))
    expect(await fate(gates.reached(2, () => 'one', failed))).toBe('connection_closed')
  })
})
