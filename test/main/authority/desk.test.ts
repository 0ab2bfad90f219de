import { describe, expect, it } from 'vitest'
import { Desk } from '#main/authority/desk'

const NEVER = new AbortController().signal

/** A desk, and the names of those whose work has begun there, in their order. */
function makeDesk() {
  const desk = new Desk()
  const begun: string[] = []
  const sit = async (name: string, { isOwn = false, signal = NEVER } = {}): Promise<() => void> => {
    const work = desk.placeFor(isOwn, signal)
    await work.begin()
    begun.push(name)
    return work.end
  }
  return { desk, begun, sit }
}

/** Longer than any rest. */
const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 60))

describe('an authority’s desk', () => {
  it('has one request at a time, in the order in which they came', async () => {
    const { desk, begun, sit } = makeDesk()
    const end = await sit('first')
    const others = ['second', 'third'].map((name) => sit(name))
    await aWhile()
    expect(begun).toEqual(['first'])
    expect(desk.length).toBe(2)
    end()
    ;(await others[0]!)()
    ;(await others[1]!)()
    expect(begun).toEqual(['first', 'second', 'third'])
  })

  it('rests where others wait, for longer than it has worked', async () => {
    const { sit } = makeDesk()
    const end = await sit('first')
    const second = sit('second')
    const worked = performance.now()
    while (performance.now() - worked < 5);
    const ended = performance.now()
    end()
    ;(await second)()
    // A timer may be early by what its clock leaves out.
    expect(performance.now() - ended).toBeGreaterThanOrEqual(8)
  })

  it('does not rest for one alone', async () => {
    const { begun, sit } = makeDesk()
    for (let round = 0; round < 100; round++) (await sit('alone'))()
    expect(begun).toHaveLength(100)
  })

  it('has this program’s own server next, without a rest', async () => {
    const { begun, sit } = makeDesk()
    const end = await sit('first')
    const [second, own] = [sit('second'), sit('own', { isOwn: true })]
    end()
    ;(await own)()
    expect(begun).toEqual(['first', 'own'])
    // In the middle of a rest as well.
    ;(await sit('again', { isOwn: true }))()
    ;(await second)()
    expect(begun).toEqual(['first', 'own', 'again', 'second'])
  })

  it('is left by whoever gives up, waiting or not', async () => {
    const { desk, begun, sit } = makeDesk()
    const end = await sit('first')
    const giving = new AbortController()
    const second = sit('second', { signal: giving.signal })
    const third = sit('third')
    giving.abort(new Error('No longer.'))
    await expect(second).rejects.toThrow('No longer.')
    await expect(sit('late', { signal: giving.signal })).rejects.toThrow('No longer.')
    end()
    end()
    ;(await third)()
    expect(begun).toEqual(['first', 'third'])
    expect(desk.length).toBe(0)
  })
})
