import { expect, it, vi } from 'vitest'
import { Hub } from '#main/lab/events'

interface Happenings {
  readonly counted: number
  readonly done: undefined
}

it('tells everyone who listens, in their order, until they stop', () => {
  const hub = new Hub<Happenings>()
  const heard: string[] = []
  hub.on('counted', (count) => heard.push(`first ${count}`))
  const stop = hub.on('counted', (count) => heard.push(`second ${count}`))
  hub.on('done', () => heard.push('done'))
  hub.tell('counted', 1)
  stop()
  hub.tell('counted', 2)
  hub.tell('done')
  expect(heard).toEqual(['first 1', 'second 1', 'first 2', 'done'])
})

it('logs what a listener throws: neither the others nor whom it happened to know of it', () => {
  const failed = vi.fn()
  const hub = new Hub<Happenings>({ failed })
  const heard: number[] = []
  hub.on('counted', () => {
    throw new Error('No.')
  })
  hub.on('counted', (count) => heard.push(count))
  hub.tell('counted', 7)
  expect(heard).toEqual([7])
  expect(failed).toHaveBeenCalledOnce()
  expect(failed).toHaveBeenCalledWith(expect.stringContaining('counted'), new Error('No.'))
})
