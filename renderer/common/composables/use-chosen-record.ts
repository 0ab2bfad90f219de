/** The record that a window's list of messages has chosen; another window may lead here with one. */
import { onScopeDispose, ref, type Ref } from 'vue'

/** @param open shows the list of messages */
export function useChosenRecord(open: () => void): Ref<string | undefined> {
  const chosen = ref<string>()
  const stop = window.lab.on('record:show', ({ id }) => {
    open()
    chosen.value = id
  })
  onScopeDispose(stop)
  return chosen
}
