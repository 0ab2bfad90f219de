// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import type { LabView } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { useWalk } from '../../../renderer/client/composables/use-walk'
import { CallError, type Call } from '../../../renderer/common/call'
import type { ActingLab } from '../../../renderer/common/lab-bridge'
import { labView } from '../../support/lab-view'

function open() {
  const view = shallowRef<LabView | undefined>(labView({ authority: { status: 'stopped' } }))
  const answers = new Map<string, () => unknown>()
  const call = vi.fn(async (name: string) => {
    if (name === 'lab:view') return view.value
    const given = answers.get(name)
    if (given) return given()
    if (answers.size > 0) return undefined
    throw new CallError({ code: 'not_waiting', message: 'Nobody waits.' })
  })
  const lab: ActingLab<CallsOf<'client'>> = {
    view,
    settings: shallowRef<Settings | undefined>(DEFAULT_SETTINGS),
    entries: shallowRef<readonly Hl1Entry[]>([]),
    call: call as unknown as Call<CallsOf<'client'>>,
  }
  const scope = effectScope()
  const walk = scope.run(() => useWalk(lab))!
  const answer = (name: string, given: () => unknown): void => void answers.set(name, given)
  return { view, walk, calls: () => call.mock.calls.map(([name]) => name), answer, close: () => scope.stop() }
}

it('shows what main tells, by its newest word', () => {
  const { view, walk, close } = open()
  expect([walk.next.value, walk.missing.value]).toEqual([3, undefined])
  view.value = labView({
    server: { status: 'stopped' },
    walk: { version: 2, registered: 0, waiting: [], paused: false },
  })
  expect([walk.next.value, walk.missing.value?.role]).toEqual([1, 'server'])
  // Older than what is known: it was overtaken on its way.
  view.value = labView({ walk: { version: 1, registered: 2, waiting: [], paused: false } })
  expect([walk.next.value, walk.missing.value]).toEqual([1, undefined])
  close()
})

it('shows what an action does: that it is under way, and why it stopped', async () => {
  const { view, walk, close } = open()
  view.value = labView({ walk: { version: 2, registered: 1, waiting: [2], paused: false } })
  const taking = walk.takeNextStep()
  expect([walk.busy.value, walk.fault.value]).toEqual([true, undefined])
  await taking
  expect([walk.busy.value, walk.fault.value?.code]).toEqual([false, 'not_waiting'])
  walk.setFault(undefined)
  expect(walk.fault.value).toBeUndefined()
  close()
})

it('a walk that was given up while it waited tells of no fault; one that main has cancelled does', async () => {
  const cancelled = new CallError({ code: 'cancelled', message: 'The registration was cancelled.' })
  const { view, walk, calls, answer, close } = open()
  view.value = labView({ walk: { version: 2, registered: 0, waiting: [], paused: false } })
  let giveUp = (): void => undefined
  answer('walk:register', () => new Promise((_, reject) => (giveUp = () => reject(cancelled))))
  answer('lab:cancel', () => {
    giveUp()
    return { version: 3, registered: 0, waiting: [], paused: false }
  })
  const taking = walk.takeNextStep()
  await vi.waitFor(() => expect(calls()).toContain('walk:register'))
  walk.cancel()
  await taking
  expect([walk.busy.value, walk.fault.value, walk.next.value]).toEqual([false, undefined, 1])
  answer('walk:register', () => Promise.reject(cancelled))
  await walk.takeNextStep()
  expect(walk.fault.value?.code).toBe('cancelled')
  close()
})
