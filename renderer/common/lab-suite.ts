/** The suite that a window beside the lab looks at. */
import { computed, onScopeDispose, ref, type Ref } from 'vue'
import type { Settings } from '#shared/settings'
import { ask, faultOf } from './call'

type SuiteName = Settings['suite']

export interface LabSuite {
  /** That of the lab's settings, also when those change, until another one is set here. */
  readonly suite: Ref<SuiteName>
  /** Once the settings are known, or can't be. */
  readonly settled: Promise<void>
}

/** Begins with the suite of the lab's settings, and keeps what is chosen for as long as the window is open. */
export function useLabSuite(): LabSuite {
  // As after an installation, until main has answered: the settings' own module is not for what a window begins with.
  const labs = ref<SuiteName>('classic')
  const chosen = ref<SuiteName>()
  const take = (settings: Settings): void => void (labs.value = settings.suite)

  onScopeDispose(window.lab.on('settings:changed', take))
  return {
    suite: computed({ get: () => chosen.value ?? labs.value, set: (suite) => void (chosen.value = suite) }),
    // Without them the window goes on with what is usual; why, is in the log.
    settled: ask('settings:get').then(take, (error: unknown) => void faultOf(error)),
  }
}
