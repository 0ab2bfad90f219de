// @vitest-environment happy-dom
/** A run that is open, as a window has it: its records come in parts, and are shown together. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import type { LabEntry } from '#shared/lab'
import type { RecordedEntry, RecordingNews, RecordingView } from '#shared/run/view'
import { noRecords, openingFault, useRecording } from '../../../renderer/common/recorded'
import MessagesTab from '../../../renderer/common/window/MessagesTab.vue'
import { withRunActs } from '../../../renderer/common/window/load-run-acts'
import { standInForMain } from './support'

afterEach(() => void (openingFault.value = undefined))

const record = (id: string, moment: number) =>
  ({ entry: { id } as LabEntry, moment, again: undefined }) as unknown as RecordedEntry

it('shows the records of a run once all of them are there: some of them are no moment of it', async () => {
  let answerRest: ((rest: { records: RecordedEntry[] }) => void) | undefined
  const rest = new Promise((resolve) => (answerRest = resolve))
  standInForMain({
    'run:view': () => ({ is: 'open', view: { id: 1, moment: 2, moments: 2 } }) as RecordingNews,
    'run:records': ({ from }: { readonly from: number }) =>
      from === 0 ? { records: [record('a', 1)], next: 1 } : rest,
  })
  const scope = effectScope()
  const { entries } = scope.run(useRecording)!
  const tab = mount(MessagesTab, {
    props: { entries: [], hasDropped: false, reveal: () => Promise.reject(new Error('none')) },
    slots: { empty: 'The first message comes with step 1.' },
  })
  await flushPromises()
  expect(entries.value).toEqual([])
  expect(noRecords.value?.title).toBe('The recording is being read')
  expect(tab.text()).toContain('The recording is being read')
  expect(tab.text()).not.toMatch(/No messages yet|step 1/)
  answerRest?.({ records: [record('b', 2)] })
  await flushPromises()
  expect(entries.value.map(({ id }) => id)).toEqual(['a', 'b'])
  expect(noRecords.value).toBeUndefined()
  expect(tab.text()).toMatch(/No messages yet.*step 1/)
  tab.unmount()
  scope.stop()
})

it('says that the records of a run could not be had, and what to do, until they are there', async () => {
  let works = false
  const open: RecordingNews = { is: 'open', view: { id: 1, moment: 2, moments: 2 } as RecordingView }
  const main = standInForMain({
    'run:view': () => open,
    'run:records': ({ from }: { readonly from: number }) => {
      if (from === 0) return { records: [record('a', 1)], next: 1 }
      if (works) return { records: [record('b', 2)] }
      throw { code: 'internal_error', message: 'No.' }
    },
  })
  const scope = effectScope()
  const { entries } = scope.run(useRecording)!
  await flushPromises()
  expect(entries.value).toEqual([])
  expect(noRecords.value?.title).toBe('The messages of the recording could not be read')
  expect(openingFault.value?.message).toContain('open the recording again')
  works = true
  main.tell('recording:changed', open)
  await flushPromises()
  expect(entries.value.map(({ id }) => id)).toEqual(['a', 'b'])
  expect([noRecords.value, openingFault.value]).toEqual([undefined, undefined])
  scope.stop()
})

it('says no more of records that could not be had once the lab is shown again', async () => {
  const main = standInForMain({
    'run:view': () => ({ is: 'open', view: { id: 1, moment: 1, moments: 1 } }) as RecordingNews,
    'run:records': () => {
      throw { code: 'internal_error', message: 'No.' }
    },
  })
  const scope = effectScope()
  scope.run(useRecording)
  await flushPromises()
  expect([noRecords.value, openingFault.value]).not.toContain(undefined)
  main.tell('recording:changed', { is: 'none' })
  expect([noRecords.value, openingFault.value]).toEqual([undefined, undefined])
  scope.stop()
})

it('says nothing where a run was closed while its records were on their way', async () => {
  const main = standInForMain({
    'run:view': () => ({ is: 'open', view: { id: 1, moment: 1, moments: 1 } }) as RecordingNews,
    'run:records': () => {
      throw { code: 'no_recording', message: 'No run is open.' }
    },
  })
  const scope = effectScope()
  scope.run(useRecording)
  await flushPromises()
  main.tell('recording:changed', { is: 'none' })
  expect([noRecords.value, openingFault.value]).toEqual([undefined, undefined])
  scope.stop()
})

it('says that what is done with runs could not be read', async () => {
  standInForMain({})
  const gone = Object.assign(new Error('gone'), { code: 'ERR_MODULE_NOT_FOUND' })
  withRunActs(() => Promise.reject(gone))
  await vi.waitFor(() => expect(openingFault.value?.code).toBe('part_missing'), 10_000)
})
