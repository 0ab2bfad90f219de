import { describe, expect, it, vi } from 'vitest'
import { onceLoaded, perObject, recently } from '#shared/remember'

describe('recently', () => {
  const reader = () => {
    const read = vi.fn((text: string) => ({ text }))
    return { read, remembered: recently(read) }
  }

  it('reads a text once while it is among the last sixteen', () => {
    const { read, remembered } = reader()
    const first = remembered('a')
    for (let other = 0; other < 15; other++) remembered(`other ${other}`)
    expect(remembered('a')).toBe(first)
    expect(read).toHaveBeenCalledTimes(16)
  })

  it('forgets what was not asked for longest', () => {
    const { read, remembered } = reader()
    remembered('a')
    remembered('b')
    for (let other = 0; other < 14; other++) remembered(`other ${other}`)
    remembered('a')
    remembered('one more')
    read.mockClear()
    remembered('a')
    expect(read).not.toHaveBeenCalled()
    remembered('b')
    expect(read).toHaveBeenCalledOnce()
  })

  it('keeps no long text, and nothing that could not be read', () => {
    const { read, remembered } = reader()
    const long = 'x'.repeat(0x10001)
    remembered(long)
    remembered(long)
    expect(read).toHaveBeenCalledTimes(2)
    const refuse = vi.fn((text: string): { readonly text: string } => {
      throw new SyntaxError(text)
    })
    const refusing = recently(refuse)
    for (let time = 0; time < 2; time++) expect(() => refusing('bad')).toThrow('bad')
    expect(refuse).toHaveBeenCalledTimes(2)
  })
})

it('perObject makes something once for each object, even where it is nothing', () => {
  const make = vi.fn((_: object) => undefined)
  const made = perObject(make)
  const [one, other] = [{}, {}]
  for (const object of [one, other, one]) expect(made(object)).toBeUndefined()
  expect(make.mock.calls).toEqual([[one], [other]])
})

describe('onceLoaded', () => {
  it('loads once, also for those who ask while it loads', async () => {
    const load = vi.fn(async () => 'loaded')
    const loaded = onceLoaded(load)
    expect(load).not.toHaveBeenCalled()
    expect(await Promise.all([loaded(), loaded()])).toEqual(['loaded', 'loaded'])
    expect(await loaded()).toBe('loaded')
    expect(load).toHaveBeenCalledOnce()
  })

  it('tries a load again that has failed', async () => {
    const load = vi.fn(async () => 'loaded').mockRejectedValueOnce(new Error('gone'))
    const loaded = onceLoaded(load)
    await expect(loaded()).rejects.toThrow('gone')
    expect(await loaded()).toBe('loaded')
    expect(load).toHaveBeenCalledTimes(2)
  })
})
