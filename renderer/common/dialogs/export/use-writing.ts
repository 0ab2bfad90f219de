/** Writing what was chosen, once at a time, and what is said meanwhile: until the person has answered main, nothing is written. */
import { computed, onScopeDispose, ref, type ComputedRef } from 'vue'
import { useBusy, type Busy } from '../../composables/use-busy'

export interface Writing extends Pick<Busy, 'busy' | 'run'> {
  /** What goes on, in a word or two; undefined while nothing does, or for a moment only. */
  readonly said: ComputedRef<string | undefined>
}

export function useWriting(): Writing {
  const { busy, slow, run: runOnce } = useBusy()
  const isAnswered = ref(false)
  onScopeDispose(
    window.lab.on('export:writing', () => {
      isAnswered.value = true
    }),
  )

  function run<T>(work: () => T | Promise<T>): Promise<T | undefined> {
    return runOnce(() => {
      isAnswered.value = false
      return work()
    })
  }

  const said = computed(() => {
    if (!slow.value) return undefined
    return isAnswered.value ? 'Writing…' : 'Waiting for your answer…'
  })
  return { busy, run, said }
}
