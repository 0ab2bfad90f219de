/** Makes the walk visible: what it shows as refs, and what the buttons do. */
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { ClientState, Session } from '#shared/hl1/state'
import type { StepNumber } from '#shared/hl1/steps'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/errors'
import type { Hl1Entry } from '#shared/hl1/types'
import type { ActingLab } from '../../common/lab-bridge'
import { laterModule } from '../../common/later'
import { hideRevealedOf } from '../../common/revealed'
import type { Exchange } from '../walk/client-side'
import { pageClock } from '../walk/session-end'
import { Walk } from '../walk/walk'
import type { Missing } from '../walk/walk-parts'

/** The walk as the window's parts see it; what each of them means says {@link Walk}. */
export interface VisibleWalk extends Actions {
  readonly next: ComputedRef<StepNumber>
  readonly missing: ComputedRef<Missing | undefined>
  readonly busy: ComputedRef<boolean>
  readonly fault: ComputedRef<Fault | undefined>
  readonly did: ComputedRef<string | undefined>
  readonly isAsked: ComputedRef<boolean>
  /** Records of this window's own messages, oldest first, secrets included: they are this window's own. */
  readonly own: ComputedRef<readonly Hl1Entry[]>
  /** Older ones of this walk had to go for newer ones. */
  readonly hasDropped: ComputedRef<boolean>
  /** Those of connections before in this walk, whose secrets are gone. */
  readonly earlier: ComputedRef<readonly Hl1Entry[]>
  readonly marker: ComputedRef<string | undefined>
  readonly connection: ComputedRef<string | undefined>
  readonly state: ComputedRef<ClientState | undefined>
  readonly known: ComputedRef<ClientState | undefined>
  readonly session: ComputedRef<Session | undefined>
  readonly ended: ComputedRef<boolean>
  /** The session's clock stands at both ends. */
  readonly paused: ComputedRef<boolean>
  readonly done: ComputedRef<boolean>
  readonly canRenew: ComputedRef<boolean>
  readonly exchanges: ComputedRef<readonly Exchange[]>
  /** The clock that the session is measured with, milliseconds. */
  readonly readClock: () => number
  /** What the next request asks. */
  readonly request: ShallowRef<string>
  /** What a run that is saved keeps of it. */
  readonly kept: () => Walk['client']['kept']
}

type Actions = Pick<
  Walk,
  | 'setFault'
  | 'takeNextStep'
  | 'runAll'
  | 'startOver'
  | 'sendRequest'
  | 'register'
  | 'renewSession'
  | 'cancel'
  | 'pauseClock'
>

const loadClient = laterModule(() => import('../walk/client-role'), 'first')

/** `lab` is this window's view of main. For the root of a window. */
export function useWalk(lab: ActingLab<CallsOf<'client'>>): VisibleWalk {
  const { view, settings, entries, call } = lab
  const request = shallowRef('time')
  const changes = shallowRef(0)
  const walk = new Walk({
    call,
    view: () => view.value,
    settings: () => settings.value,
    newestRecord: () => entries.value.at(-1)?.id,
    request: () => request.value,
    loadClient,
    clock: pageClock,
    onForgotten: hideRevealedOf,
    onChange: () => void changes.value++,
  })
  watch([view, settings], () => walk.hear(), { flush: 'sync' })
  onScopeDispose(() => walk.close())

  const shown = <T>(look: () => T): ComputedRef<T> => computed(() => (void changes.value, look()))
  const { client } = walk
  return {
    next: shown(() => walk.upNext),
    missing: shown(() => walk.missing),
    busy: shown(() => walk.busy),
    fault: shown(() => walk.fault),
    did: shown(() => walk.did),
    isAsked: shown(() => walk.isAsked),
    own: shown(() => client.records),
    hasDropped: shown(() => client.hasDropped),
    earlier: shown(() => client.earlier),
    marker: shown(() => walk.marker),
    connection: shown(() => client.connection),
    state: shown(() => client.state),
    known: shown(() => client.known),
    session: shown(() => walk.session),
    ended: shown(() => client.ended),
    paused: shown(() => walk.clock.isPaused),
    readClock: walk.clock.monotonic,
    pauseClock: (paused) => walk.pauseClock(paused),
    done: shown(() => walk.done),
    canRenew: shown(() => walk.canRenew),
    exchanges: shown(() => client.exchanges),
    request,
    kept: () => client.kept,
    setFault: (fault) => walk.setFault(fault),
    takeNextStep: () => walk.takeNextStep(),
    runAll: () => walk.runAll(),
    startOver: () => walk.startOver(),
    sendRequest: (force) => walk.sendRequest(force),
    register: () => walk.register(),
    renewSession: () => walk.renewSession(),
    cancel: () => walk.cancel(),
  }
}
