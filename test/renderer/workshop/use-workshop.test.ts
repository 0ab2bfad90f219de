// @vitest-environment happy-dom
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, type EffectScope } from 'vue'
import type { ChainVerdict, WorkshopProgress } from '#shared/workshop/view'
import { useWorkshop, type Workshop } from '../../../renderer/workshop/use-workshop'
import { standInForMain, type StandIn } from '../common/support'

const NOTHING = { verdicts: [], done: 0, of: 0, waiting: [] }
const JUDGES = [{ id: 'curl', version: '1' } as const, { id: 'certtool', version: '1' } as const]
const said = (chain: string): ChainVerdict => ({
  ...{ chain, judge: 'curl', judged: { outcome: 'refused', said: 'no' } },
})

let scope: EffectScope
let workshop: Workshop
let main: StandIn

beforeEach(async () => {
  main = standInForMain({
    'workshop:view': () => ({ ...NOTHING, judges: JUDGES, library: 'OpenSSL', serving: undefined }),
    'workshop:judge': () => undefined,
  })
  scope = effectScope()
  workshop = scope.run(() => useWorkshop(() => undefined)) as Workshop
  await flushPromises()
})
afterEach(() => {
  scope.stop()
  vi.unstubAllGlobals()
})

it('what was said of a chain goes when it is judged anew, and stays where it waits already', async () => {
  const told: WorkshopProgress = { verdicts: [said('a'), said('b')], done: 2, of: 3, waiting: ['b'] }
  main.tell('workshop:progress', told)
  await workshop.judge({ what: 'recipes', ids: ['a', 'b'] })
  expect(workshop.said('a', 'curl')).toBeUndefined()
  expect(workshop.said('b', 'curl')).toMatchObject({ outcome: 'refused' })
  expect([...workshop.waiting].sort()).toEqual(['a', 'b'])
})

it('nothing is under way once main says so', async () => {
  main.tell('workshop:progress', { ...NOTHING, done: 1, of: 2, waiting: ['a'] })
  expect(workshop.progress.value).toEqual({ done: 1, of: 2 })
  main.tell('workshop:progress', NOTHING)
  expect([workshop.progress.value, [...workshop.waiting]]).toEqual([undefined, []])
})
