/** The adversary as refs that stay current, by what main tells this window. */
import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import type { AdversaryView } from '#shared/adversary/live'
import type { Fault } from '#shared/errors'
import type { CallsOf } from '#shared/ipc/contract'
import { ask, faultOf, type Call } from '../common/call'

/** What this window asks of main. */
export const callMain: Call<CallsOf<'adversary'>> = ask

/** What is known of the adversary; `view` is undefined until main has answered for the first time. */
export interface Adversary {
  readonly view: Readonly<ShallowRef<AdversaryView | undefined>>
  /** Why main could not be asked at the start. */
  readonly fault: Readonly<ShallowRef<Fault | undefined>>
}

/** Kept current for as long as the calling component lives. For the root of the window. */
export function useAdversary(): Adversary {
  const view = shallowRef<AdversaryView>()
  const fault = shallowRef<Fault>()
  const take = (now: AdversaryView): void => {
    if (!view.value || now.version >= view.value.version) view.value = now
  }
  onScopeDispose(window.lab.on('adversary:changed', (value) => void take(value)))
  void callMain('adversary:view').then(take, (error: unknown) => void (fault.value = faultOf(error)))
  return { view, fault }
}
