import { expect, it } from 'vitest'
import { Notices } from '#main/lab/notices'

it('what is said stays until it is dismissed, by whichever window is first', () => {
  let changes = 0
  const notices = new Notices(() => changes++)
  notices.add('one')
  notices.add('two')
  expect(notices.all.map(({ text }) => text)).toEqual(['one', 'two'])
  const [first] = notices.all
  notices.dismiss(first!.id)
  notices.dismiss(first!.id)
  expect(notices.all.map(({ text }) => text)).toEqual(['two'])
  notices.add('three')
  expect(new Set([first!.id, ...notices.all.map(({ id }) => id)]).size).toBe(3)
  expect(changes).toBe(5)
  const id = notices.add('four', { kind: 'note', offers: 'server' })
  expect(notices.all.at(-1)).toMatchObject({ id, offers: 'server' })
})

it('of what concerns one window alone, the newest takes the place of what was said before', () => {
  const notices = new Notices(() => undefined)
  notices.add('for all')
  notices.add('first', { window: 'client' })
  notices.add('of another', { window: 'server' })
  notices.add('second', { window: 'client', kind: 'note' })
  expect(notices.all.map(({ text, window }) => [text, window])).toEqual([
    ['for all', undefined],
    ['of another', 'server'],
    ['second', 'client'],
  ])
})
