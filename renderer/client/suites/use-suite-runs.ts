/** Runs of both suites as this window asks for them: how far they are, what came of them, and why not. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { CallsOf } from '#shared/ipc/contract'
import type { Fault } from '#shared/errors'
import type { Comparison } from '#shared/side-by-side/compare'
import type { RunChoice, RunProgress } from '#shared/side-by-side/runs'
import { faultOf } from '../../common/call'
import type { ActingLab } from '../../common/lab-bridge'

export interface SuiteRuns {
  /** How many runs of each suite will count. */
  readonly runs: Ref<RunChoice>
  readonly running: Readonly<Ref<boolean>>
  /** Undefined while nothing runs, and until the first run is under way. */
  readonly progress: Readonly<ShallowRef<RunProgress | undefined>>
  /** The last one, until the next is there. */
  readonly comparison: Readonly<ShallowRef<Comparison | undefined>>
  readonly fault: ShallowRef<Fault | undefined>
  readonly run: () => Promise<void>
  readonly cancel: () => Promise<void>
}

/** `lab` is this window’s view of main. */
export function useSuiteRuns({ call }: Pick<ActingLab<CallsOf<'client'>>, 'call'>): SuiteRuns {
  const runs = ref<RunChoice>(9)
  const running = ref(false)
  const progress = shallowRef<RunProgress>()
  const comparison = shallowRef<Comparison>()
  const fault = shallowRef<Fault>()

  onScopeDispose(
    window.lab.on('suites:progress', (told) => {
      if (running.value) progress.value = told
    }),
  )

  async function run(): Promise<void> {
    running.value = true
    fault.value = undefined
    try {
      comparison.value = await call('suites:run', { runs: runs.value })
    } catch (error) {
      const found = faultOf(error)
      // That it was cancelled is what the person wanted.
      if (found.code !== 'cancelled') fault.value = found
    } finally {
      running.value = false
      progress.value = undefined
    }
  }

  async function cancel(): Promise<void> {
    await call('suites:cancel')
  }

  return { runs, running, progress, comparison, fault, run, cancel }
}
