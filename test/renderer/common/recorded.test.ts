// @vitest-environment happy-dom
/** A run that is open, as a window has it: its records come in parts, and are shown together. */
import { flushPromises } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { effectScope } from 'vue'
import type { LabEntry } from '#shared/lab'
import type { RecordedEntry, RecordingNews } from '#shared/run/view'
import { useRecording } from '../../../renderer/common/recorded'
import { standInForMain } from './support'

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
  await flushPromises()
  expect(entries.value).toEqual([])
  answerRest?.({ records: [record('b', 2)] })
  await flushPromises()
  expect(entries.value.map(({ id }) => id)).toEqual(['a', 'b'])
  scope.stop()
})
