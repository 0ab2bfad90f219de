import { expect, it } from 'vitest'
import { sessionRows } from '../../../renderer/server/components/session-rows'
import { sessionView } from '../../support/lab-view'

const row = (changes: Parameters<typeof sessionView>[0], now = 1_000_000) =>
  sessionRows([sessionView(changes)], now)[0]!

it('a session lives until its lifetime is over, counted on from when it was viewed', () => {
  expect(row({ elapsed: 10_000 })).toMatchObject({
    state: 'Live',
    live: true,
    left: 50_000,
    endsAt: 1_060_000,
  })
  expect(row({ elapsed: 10_000 }, 1_050_000)).toMatchObject({ live: true, left: 0 })
  expect(row({ elapsed: 10_000 }, 1_050_001)).toMatchObject({ state: 'Lifetime over', live: false, left: -1 })
})

it('a wall clock that was set back adds no time', () => {
  expect(row({ elapsed: 10_000 }, 0)).toMatchObject({ left: 50_000 })
})

it.each([
  ['ended_here', 'Ended here'],
  ['client_left', 'Client left'],
  ['refused', 'Refused'],
] as const)('one that ended otherwise (%s) says so, and when', (how, state) => {
  const ended = { end: { how, at: 1_005_000 }, connected: false }
  expect(row(ended)).toMatchObject({ state, live: false, endsAt: 1_005_000 })
  // Its time goes on running out, which is not how it ended.
  expect(row(ended, 2_000_000)).toMatchObject({ state })
})

it('one that lived to its end ended then, however late that was noticed', () => {
  const ended = { end: { how: 'lifetime', at: 1_060_007 }, connected: false } as const
  expect(row(ended)).toMatchObject({ state: 'Lifetime over', endsAt: 1_060_000 })
})

it('a session whose clock stands is alive, does not count on, and says what that means', () => {
  const paused = row({ paused: true, elapsed: 20_000, stood: 5_000, viewedAt: 1_025_000 }, 1_035_000)
  expect(paused).toMatchObject({ state: 'Paused', live: true, left: 40_000, endsAt: 1_075_000 })
  expect(paused?.about).toContain('A real session would run on')
})
