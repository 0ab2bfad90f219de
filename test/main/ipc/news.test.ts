import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { tellWindows } from '#main/ipc/news'
import { Hub } from '#main/lab/events'
import { NEWS_PAUSE_MS } from '#main/lab/record-news'
import type { AdversaryView } from '#shared/adversary/live'
import type { Hl1Entry } from '#shared/hl1/types'
import type { LabView } from '#shared/lab'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { connectionOf } from '../../support/context'
import { labView } from '../../support/lab-view'
import { trialResult } from '../../support/trials'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Its window is not open: nobody asks how the adversary is. */
const unasked = (): never => {
  throw new Error('Nobody should have asked.')
}

/** What windows were told, as `window event`; `every` is said to all of them. */
function listen(view: () => Promise<LabView> = async () => labView()) {
  const hub = new Hub()
  const failures: unknown[] = []
  const told: string[] = []
  const records = tellWindows({
    hub,
    windows: {
      tell: (event) => void told.push(`every ${event}`),
      tellOne: (window, event) => void told.push(`${window} ${event}`),
      get: () => undefined,
    },
    view: () => view(),
    adversary: unasked,
    recording: async () => ({ is: 'none' }),
    log: { failed: (_, error) => void failures.push(error) },
  })
  const take = async (): Promise<readonly string[]> => {
    await vi.advanceTimersByTimeAsync(2 * NEWS_PAUSE_MS)
    return told.splice(0)
  }
  return { hub, records, take, failures }
}

const entry = (opener: string | undefined): Hl1Entry =>
  ({
    role: 'server',
    connection: connectionOf('one', { opener }),
    frame: new Uint8Array(),
    ranges: [],
  }) as unknown as Hl1Entry

it('windows hear of each thing that happens, and those alone that it concerns', async () => {
  const { hub, take } = listen()
  hub.tell('changed')
  hub.tell('changed')
  expect(await take()).toEqual(['every lab:changed'])
  hub.tell('recorded', entry('client'))
  expect((await take()).toSorted()).toEqual(['client records:changed', 'server records:changed'])
  hub.tell('recorded', entry(undefined))
  expect(await take()).toEqual(['server records:changed'])
  hub.tell('forgotten', { role: 'authority' })
  expect((await take()).toSorted()).toEqual(['authority records:changed', 'client records:changed'])
  hub.tell('settings', DEFAULT_SETTINGS)
  expect(await take()).toEqual(['every settings:changed', 'every lab:changed'])
  hub.tell('trial', trialResult())
  hub.tell('runs', { done: 0, of: 2 })
  expect(await take()).toEqual(['client trial:progress', 'client suites:progress'])
})

it('records that wait are told when asked for', async () => {
  const { hub, records, take } = listen()
  hub.tell('recorded', entry('client'))
  records.flush()
  hub.tell('forgotten', { role: 'server' })
  records.flush()
  expect((await take()).filter((each) => each === 'server records:changed')).toHaveLength(2)
})

it('what could not be told is logged, and the next news is told', async () => {
  const failure = new TypeError('No view.')
  let fails = true
  const { hub, take, failures } = listen(async () => {
    if (fails) throw failure
    return labView()
  })
  hub.tell('changed')
  expect(await take()).toEqual([])
  expect(failures).toEqual([failure])
  fails = false
  hub.tell('changed')
  expect(await take()).toEqual(['every lab:changed'])
})

it('all windows hear when the adversary begins to hold something, and when it holds it no longer', async () => {
  const hub = new Hub()
  const told: string[] = []
  let held: readonly number[] = []
  tellWindows({
    hub,
    windows: {
      tell: (event) => void told.push(`every ${event}`),
      tellOne: (window, event) => void told.push(`${window} ${event}`),
      get: () => ({}) as never,
    },
    view: async () => labView(),
    adversary: () => ({ held }) as unknown as AdversaryView,
    recording: async () => ({ is: 'none' }),
    log: { failed: () => expect.unreachable() },
  })
  const take = async (): Promise<readonly string[]> => {
    hub.tell('adversary')
    await vi.advanceTimersByTimeAsync(3 * NEWS_PAUSE_MS)
    return told.splice(0)
  }
  expect(await take()).toEqual(['adversary adversary:changed'])
  held = [4]
  expect(await take()).toEqual(['adversary adversary:changed', 'every lab:changed'])
  expect(await take()).toEqual(['adversary adversary:changed'])
  held = []
  expect(await take()).toEqual(['adversary adversary:changed', 'every lab:changed'])
})
