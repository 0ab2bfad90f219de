/** The walk that the client's window shows: the lab's own, or that of the run that is open, at its moment. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { Hl1Entry } from '#shared/hl1/types'
import type { CallsOf } from '#shared/ipc/contract'
import type { Lab } from '../../common/lab-bridge'
import { laterModule } from '../../common/later'
import { openingFailed } from '../../common/recorded'
import type { RecordedWalk } from '../walk/recorded-client'
import type { VisibleWalk } from './use-walk'

/** What the window shows of a walk; what each of it means says {@link VisibleWalk}. */
export type ShownWalk = Pick<
  VisibleWalk,
  'next' | 'earlier' | 'own' | 'marker' | 'connection' | 'state' | 'known' | 'session' | 'exchanges'
> & {
  /** Main's records, oldest first. */
  readonly entries: ComputedRef<readonly Hl1Entry[]>
}

/** What works out a recorded walk is wanted once a run is open. */
const loadRecorded = laterModule(() => import('../walk/recorded-client'))

/** For the root of the window. */
export function useShownWalk({ live, recording }: Lab<CallsOf<'client'>>, walk: VisibleWalk): ShownWalk {
  const recorded = shallowRef<RecordedWalk>()
  watch(
    [recording.entries, recording.view],
    async ([entries, view]) => {
      const found = view && (await loadRecorded().catch(openingFailed))?.walkOf(entries, view)
      if (recording.entries.value === entries && recording.view.value === view) recorded.value = found
    },
    { flush: 'sync' },
  )
  const now = { ...walk, entries: live.entries }
  const either = <N extends keyof RecordedWalk>(name: N): ComputedRef<RecordedWalk[N]> =>
    computed(() => (recorded.value ? recorded.value[name] : (now[name].value as RecordedWalk[N])))
  return {
    next: either('next'),
    earlier: either('earlier'),
    own: either('own'),
    marker: either('marker'),
    connection: either('connection'),
    state: either('state'),
    known: either('known'),
    session: either('session'),
    exchanges: either('exchanges'),
    entries: either('entries'),
  }
}
