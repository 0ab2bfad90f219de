/** The client's walk in a run that is open. */
import { expect, it } from 'vitest'
import { DEFAULT_SETTINGS } from '#shared/settings'
import type { RecordingView } from '#shared/run/view'
import { walkOf } from '../../../../renderer/client/walk/recorded-client'
import { makeRun } from '../../../support/kept-run'

it('shows as many answers of a long run as the lab’s own walk does, the newest first', async () => {
  const { records } = await makeRun('classic', 'many requests', 0, 60)
  const { exchanges } = walkOf(records, { settings: DEFAULT_SETTINGS } as RecordingView)
  expect(exchanges.map(({ id }) => id)).toEqual(Array.from({ length: 50 }, (_, index) => 61 - index))
})
