/** Which of the window's dialogs is open; the menu can open them too, and *Export…* anything that the window shows. */
import { computed, onScopeDispose, ref, shallowRef, type ShallowRef, type WritableComputedRef } from 'vue'
import type { Bytes } from '#shared/bytes'
import type { Artifact } from '#shared/inspect/artifact'
import type { DialogName } from '#shared/windows'

/** Something that the window has and that can be written to files. */
export interface ExportGiven {
  readonly artifact: Artifact
  /** Of a certificate: those above it, DER, its issuer's first. */
  readonly chain?: readonly Bytes[]
}

// One page is one window: whoever has something to export reaches its dialog from here.
const current = ref<DialogName>()
const given = shallowRef<ExportGiven>()

/** Opens *Export…* on what is given, or on everything that the lab has. */
export function openExport(what?: ExportGiven): void {
  given.value = what
  current.value = 'export'
}

/** What *Export…* is open on; undefined for everything that the lab has. */
export function exportedThing(): Readonly<ShallowRef<ExportGiven | undefined>> {
  return given
}

/** One switch per dialog, for `v-model:open`; at most one is on. For the root of a window. */
export function useDialogs(): Readonly<Record<DialogName, WritableComputedRef<boolean>>> {
  const stop = window.lab.on('dialog:open', ({ dialog }) => {
    given.value = undefined
    current.value = dialog
  })
  onScopeDispose(() => {
    stop()
    current.value = undefined
    given.value = undefined
  })

  const switchOf = (name: DialogName): WritableComputedRef<boolean> =>
    computed({
      get: () => current.value === name,
      set: (open) => {
        if (open) {
          given.value = undefined
          current.value = name
        } else if (current.value === name) {
          current.value = undefined
          // A private key stays no longer than its dialog.
          given.value = undefined
        }
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
