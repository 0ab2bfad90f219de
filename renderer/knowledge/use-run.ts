/** The run of the chosen suite: made when it is wanted, listened to with what is leaked, and why not. */
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/errors'
import type { SuiteName } from '#shared/hl1/suite-names'
import type { MakingProgress, RecordedKnowledge, RunReading, RunView } from '#shared/knowledge/run'
import { ask, faultOf, type Call } from '../common/call'

/** Within the calls that this window has. */
const call: Call<CallsOf<'knowledge'>> = ask

/** With what a run is listened to. */
export interface Listening {
  readonly secrets: readonly string[]
  readonly upTo: number
  /** The recording that is listened to in the place of a run of its own. */
  readonly recorded: RecordedKnowledge | undefined
}

export interface Run {
  /** Of the suite that is chosen; undefined while there is none. */
  readonly view: Readonly<Ref<RunView | undefined>>
  /** What opens, as it was asked for last; undefined until that is there. */
  readonly reading: Readonly<ShallowRef<RunReading | undefined>>
  readonly making: Readonly<Ref<boolean>>
  readonly progress: Readonly<ShallowRef<MakingProgress | undefined>>
  readonly fault: ShallowRef<Fault | undefined>
  readonly make: () => Promise<void>
  readonly cancel: () => Promise<void>
}

/** Makes a run of a suite once it is `settled` which, or another is chosen, and listens to it anew whenever `listening` changes. */
export function useRun(
  suite: Ref<SuiteName>,
  listening: Readonly<Ref<Listening>>,
  settled: Promise<void>,
): Run {
  const views = shallowRef<Readonly<Partial<Record<SuiteName, RunView>>>>({})
  const view = computed(() => listening.value.recorded ?? views.value[suite.value])
  const reading = shallowRef<RunReading>()
  const making = ref(false)
  const progress = shallowRef<MakingProgress>()
  const fault = shallowRef<Fault>()

  onScopeDispose(
    window.lab.on('knowledge:progress', (told) => {
      if (making.value) progress.value = told
    }),
  )

  async function make(): Promise<void> {
    if (making.value) return
    const wanted = suite.value
    making.value = true
    fault.value = undefined
    try {
      views.value = { ...views.value, [wanted]: await call('knowledge:run', { suite: wanted }) }
    } catch (error) {
      const found = faultOf(error)
      // That it was cancelled is what the person wanted.
      if (found.code !== 'cancelled') fault.value = found
    } finally {
      making.value = false
      progress.value = undefined
    }
    if (suite.value !== wanted && !view.value) await make()
  }

  /** One question at a time: what has changed meanwhile is asked afterwards. */
  let isAsking = false
  let isAskedAgain = false
  async function read(): Promise<void> {
    if (isAsking) {
      isAskedAgain = true
      return
    }
    isAsking = true
    try {
      do {
        isAskedAgain = false
        const asked = suite.value
        const { secrets, upTo, recorded } = listening.value
        if (!recorded && !views.value[asked]) break
        const found = await call('knowledge:read', {
          suite: asked,
          secrets: [...secrets],
          upTo,
          ...(recorded ? { recorded: true } : {}),
        })
        if (!isAskedAgain) reading.value = found
      } while (isAskedAgain)
    } catch (error) {
      fault.value = faultOf(error)
    } finally {
      isAsking = false
    }
  }

  watch([view, listening], () => void read())
  watch(suite, () => {
    reading.value = undefined
    if (!view.value) void make()
  })
  watch(
    () => listening.value.recorded === undefined,
    (isOwn) => {
      reading.value = undefined
      if (isOwn && !view.value) void make()
    },
  )
  void settled.then(async () => {
    if (!view.value) await make()
  })

  return { view, reading, making, progress, fault, make, cancel: () => call('knowledge:cancel') }
}
