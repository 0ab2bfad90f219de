/** The recording that is open, for this window: its handshake at the moment that the windows of the lab show. */
import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/errors'
import type { RecordingNews, RecordingView } from '#shared/run/view'
import { ask, faultOf, type Call } from '../common/call'
import { paced } from '../common/paced'
import type { Scene } from './use-scene'

const call: Call<CallsOf<'knowledge'>> = ask

export interface Recorded {
  /** Undefined while no run is open. */
  readonly view: Readonly<Ref<RecordingView | undefined>>
  /** Goes to the moment of the recording at which a step had been seen. */
  readonly goTo: (step: number) => void
}

/** Shows the recording in the scene whenever one is open, or another moment of it. */
export function useRecorded(
  scene: Pick<Scene, 'show' | 'recorded' | 'go'>,
  fault: Ref<Fault | undefined>,
): Recorded {
  const view = shallowRef<RecordingView>()
  const fail = (error: unknown): void => void (fault.value = faultOf(error))

  onScopeDispose(
    window.lab.on(
      'recording:changed',
      paced<RecordingNews>((told) => void take(told.at(-1)).catch(fail)),
    ),
  )
  void call('run:view').then(take).catch(fail)

  async function take(news: RecordingNews | undefined): Promise<void> {
    if (!news || news.is === 'opening') return
    view.value = news.is === 'open' ? news.view : undefined
    const shown = view.value && (await call('knowledge:recorded'))
    const { name, savedAt } = view.value ?? {}
    scene.show(view.value ? shown : undefined, `${savedAt} ${name}`)
  }

  function goTo(step: number): void {
    const moments = scene.recorded.value?.moments ?? []
    const moment = step === 0 ? 0 : moments.find((each) => each.step === step)?.moment
    if (moment === undefined) scene.go(step)
    else void call('run:go', { moment }).catch(fail)
  }

  return { view, goTo }
}
