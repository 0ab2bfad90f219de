/** The walk that the client's window shows: the lab's own, or that of the run that is open, at its moment. */
import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import type { ClientState } from '#shared/hl1/state'
import { isStepNumber, STEPS, type StepNumber } from '#shared/hl1/steps'
import type { Hl1Entry } from '#shared/hl1/types'
import type { CallsOf } from '#shared/ipc/contract'
import type { Lab } from '../../common/lab-bridge'
import { laterModule } from '../../common/later'
import type { Exchange } from '../walk/client-side'
import type { VisibleWalk } from './use-walk'

/** What the window shows of a walk; what each of it means says {@link VisibleWalk}. */
export type ShownWalk = Pick<
  VisibleWalk,
  'next' | 'own' | 'marker' | 'connection' | 'state' | 'known' | 'session' | 'exchanges'
> & {
  /** Main's records, oldest first. */
  readonly entries: ComputedRef<readonly Hl1Entry[]>
}

/** The reader of certificates, which is wanted once a run is open. */
const loadRecorded = laterModule(() => import('../walk/recorded-client'))

/** For the root of the window. */
export function useShownWalk(lab: Lab<CallsOf<'client'>>, walk: VisibleWalk): ShownWalk {
  const recorded = computed(() => lab.recording.view.value)
  const all = lab.recording.entries
  const connection = computed(() => all.value.findLast(({ role }) => role === 'client')?.connection.id)
  const own = computed(() =>
    all.value.filter(({ role, connection: { id } }) => role === 'client' && id === connection.value),
  )
  const known = shallowRef<ClientState>()
  watch(
    [own, recorded],
    async ([records, view]) => {
      const state = view && (await loadRecorded()).clientOf(records, view)
      if (own.value === records && recorded.value === view) known.value = state
    },
    { flush: 'sync' },
  )
  const others = computed(() => all.value.filter(({ role }) => role !== 'client'))

  const either = <T>(then: () => T, now: () => T): ComputedRef<T> =>
    computed(() => (recorded.value ? then() : now()))
  return {
    next: either(
      () => nextStep(all.value),
      () => walk.next.value,
    ),
    own: either(
      () => own.value,
      () => walk.own.value,
    ),
    marker: either(
      () => recorded.value?.walkBegan,
      () => walk.marker.value,
    ),
    connection: either(
      () => connection.value,
      () => walk.connection.value,
    ),
    state: either(
      () => known.value,
      () => walk.state.value,
    ),
    known: either(
      () => known.value,
      () => walk.known.value,
    ),
    session: either(
      () => known.value?.session,
      () => walk.session.value,
    ),
    exchanges: either(
      () => exchangesOf(all.value.filter(({ role }) => role === 'client')),
      () => walk.exchanges.value,
    ),
    entries: either(
      () => others.value,
      () => lab.live.entries.value,
    ),
  }
}

/** The step after the last one that was taken. */
function nextStep(all: readonly Hl1Entry[]): StepNumber {
  const last = all.findLast(({ kind }) => kind === 'message')
  if (!last || !isStepNumber(last.step)) return 1
  if (last.direction === 'sent') return last.step
  return STEPS[last.step].then ?? (last.step === 2 ? 3 : 7)
}

/** Requests that were answered, the newest first, on whatever connection. */
function exchangesOf(own: readonly Hl1Entry[]): readonly Exchange[] {
  const text = (entry: Hl1Entry, name: string): string => {
    const value = entry.members.find((member) => member.name === name)?.value
    return typeof value === 'string' ? value : ''
  }
  const exchanges: Exchange[] = []
  let asked: Hl1Entry | undefined
  for (const entry of own) {
    if (entry.kind !== 'message') continue
    if (entry.step === 7) asked = entry
    if (entry.step !== 8 || !entry.outcome.ok || !asked) continue
    const id = exchanges.length + 1
    exchanges.unshift({ id, request: text(asked, 'req'), answer: text(entry, 'data') })
  }
  return exchanges
}
