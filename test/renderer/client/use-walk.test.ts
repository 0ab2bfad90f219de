// @vitest-environment happy-dom
import { expect, it, vi } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import type { LabView } from '#shared/lab'
import type { Hl1Entry } from '#shared/hl1/types'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { useWalk } from '../../../renderer/client/composables/use-walk'
import { CallError, type Call } from '../../../renderer/common/call'
import type { Lab } from '../../../renderer/common/lab-bridge'
import { labView } from '../../support/lab-view'

function open() {
  const view = shallowRef<LabView | undefined>(labView({ authority: { status: 'stopped' } }))
  const call = vi.fn(async (name: string) => {
    if (name === 'lab:view') return view.value
    throw new CallError({ code: 'not_waiting', message: 'Nobody waits.' })
  })
  const lab: Lab<CallsOf<'client'>> = {
    view,
    settings: shallowRef<Settings | undefined>(DEFAULT_SETTINGS),
    entries: shallowRef<readonly Hl1Entry[]>([]),
    fault: shallowRef(),
    call: call as unknown as Call<CallsOf<'client'>>,
  }
  const scope = effectScope()
  const walk = scope.run(() => useWalk(lab))!
  return { view, walk, close: () => scope.stop() }
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
