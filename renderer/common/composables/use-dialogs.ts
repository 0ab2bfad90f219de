/** Which of the window's dialogs is open; the menu can open them too. */
import { computed, onScopeDispose, ref, type WritableComputedRef } from 'vue'
import type { Events } from '#shared/ipc/contract'

export type DialogName = Events['dialog:open']['dialog']

/** One switch per dialog, for `v-model:open`; at most one is on. */
export function useDialogs(): Readonly<Record<DialogName, WritableComputedRef<boolean>>> {
  const current = ref<DialogName>()
  onScopeDispose(window.lab.on('dialog:open', ({ dialog }) => (current.value = dialog)))

  const switchOf = (name: DialogName): WritableComputedRef<boolean> =>
    computed({
      get: () => current.value === name,
      set: (open) => {
        if (open) current.value = name
        else if (current.value === name) current.value = undefined
      },
    })
  return {
    export: switchOf('export'),
    settings: switchOf('settings'),
    about: switchOf('about'),
    trial: switchOf('trial'),
    suites: switchOf('suites'),
  }
}
