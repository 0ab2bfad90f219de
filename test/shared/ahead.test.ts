import { describe, expect, it, vi } from 'vitest'
import { oneAhead } from '#shared/ahead'

describe('oneAhead', () => {
  it('makes nothing before it is asked, then always the next one', async () => {
    let count = 0
    const make = vi.fn(async () => ++count)
    const take = oneAhead(make)
    expect(make).not.toHaveBeenCalled()
    expect(await take()).toBe(1)
    expect(make).toHaveBeenCalledTimes(2)
    expect(await take()).toBe(2)
    expect(make).toHaveBeenCalledTimes(3)
  })

  it('gives each out once, however many ask at once', async () => {
    let count = 0
    const take = oneAhead(async () => ++count)
    const taken = await Promise.all([take(), take(), take()])
    expect(new Set(taken).size).toBe(3)
  })

  it('makes one anew that could not be made ahead', async () => {
    let fails = false
    const take = oneAhead(async () => {
      if (fails) throw new Error('no randomness')
      return 'made'
    })
    fails = true
    // This one fails at once, and the one ahead of it too.
    await expect(take()).rejects.toThrow('no randomness')
    fails = false
    expect(await take()).toBe('made')
  })
})
