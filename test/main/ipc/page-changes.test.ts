import { expect, it, vi } from 'vitest'
import { attendPages, type PageHolders } from '#main/ipc/page-changes'
import { Hub } from '#main/lab/events'
import { Notices } from '#main/lab/notices'

function close(isOpen: boolean) {
  const hub = new Hub()
  const notices = new Notices(() => undefined)
  const switchOff = vi.fn(async () => undefined)
  const adversary = { switchOff, view: { connections: [{ isOpen }] } }
  const nothing = { count: 0, isRunning: false }
  attendPages({
    ...{ hub, notices, adversary, links: nothing, trials: nothing, suiteRuns: nothing },
  } as unknown as PageHolders)
  hub.tell('pageGone', { window: 'adversary', how: 'closed' })
  return { switchOff, said: notices.all }
}

it('the client’s window says that the adversary was switched off with its window, where a connection ended by that', () => {
  const { switchOff, said } = close(true)
  expect(switchOff).toHaveBeenCalledOnce()
  expect(said).toMatchObject([{ window: 'client', kind: 'warning' }])
  expect(said[0]?.text).toContain('The adversary was switched off with its window')
  const idle = close(false)
  expect([idle.switchOff.mock.calls.length, idle.said]).toEqual([1, []])
})
