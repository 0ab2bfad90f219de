/** Which of the window's dialogs is open; the menu can open them too, and *Export…* anything that the window shows. */
import { computed, onScopeDispose, ref, shallowRef, type ShallowRef, type WritableComputedRef } from 'vue'
import type { Bytes } from '#shared/bytes'
import { HOME, type Place } from '#shared/help/places'
import type { Artifact } from '#shared/inspect/artifact'
import type { DialogName } from '#shared/windows'
import { answerHelp, inSight } from './use-help'

/** Something that the window has and that can be written to files. */
export interface ExportGiven {
  readonly artifact: Artifact
  /** DER, the nearest first: of a certificate those above it, of a private key its own and those above that. */
  readonly chain?: readonly Bytes[]
}

/** Where Help is on each dialog. */
const HELP: Readonly<Record<DialogName, Place>> = {
  export: { page: 'guide', anchor: 'export' },
  settings: { page: 'guide', anchor: 'settings' },
  about: HOME,
  log: { page: 'guide', anchor: 'when-something-goes-wrong' },
  run: { page: 'guide', anchor: 'runs-as-files' },
  report: { page: 'guide', anchor: 'reports' },
  trial: { page: 'protocol', anchor: '5' },
  suites: { page: 'guide', anchor: 'suites-side-by-side' },
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

/** Opens a dialog on nothing in particular. */
export function openDialog(name: DialogName): void {
  given.value = undefined
  current.value = name
}

/** Opens *Settings…*. */
export function openSettings(): void {
  openDialog('settings')
}

/** One switch per dialog, for `v-model:open`; at most one is on. For the root of a window. */
export function useDialogs(): Readonly<Record<DialogName, WritableComputedRef<boolean>>> {
  const stop = window.lab.on('dialog:open', ({ dialog }) => openDialog(dialog))
  onScopeDispose(() => {
    stop()
    current.value = undefined
    given.value = undefined
  })

  inSight('dialog', () => current.value && HELP[current.value])
  answerHelp()

  const switchOf = (name: DialogName): WritableComputedRef<boolean> =>
    computed({
      get: () => current.value === name,
      set: (open) => {
        if (open) openDialog(name)
        else if (current.value === name) {
          current.value = undefined
          // A private key stays no longer than its dialog.
          given.value = undefined
        }
      },
    })
  const names = Object.keys(HELP) as DialogName[]
  return Object.fromEntries(names.map((name) => [name, switchOf(name)])) as ReturnType<typeof useDialogs>
}
