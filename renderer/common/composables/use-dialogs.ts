/** Which of the window's dialogs is open; the menu can open them too, and *Export…* anything that the window shows. */
import {
  computed,
  onScopeDispose,
  ref,
  shallowRef,
  type Ref,
  type ShallowRef,
  type WritableComputedRef,
} from 'vue'
import type { Bytes } from '#shared/bytes'
import type { Artifact } from '#shared/inspect/artifact'
import type { DialogName } from '#shared/windows'

/** Something that the window has and that can be written to files. */
export interface ExportGiven {
  readonly artifact: Artifact
  /** DER, the nearest first: of a certificate those above it, of a private key its own and those above that. */
  readonly chain?: readonly Bytes[]
}

// One page is one window: whoever has something to export reaches its dialog from here.
const current = ref<DialogName>()
const given = shallowRef<ExportGiven>()
const section = ref<string>()

/** Opens *Export…* on what is given, or on everything that the lab has. */
export function openExport(what?: ExportGiven): void {
  given.value = what
  current.value = 'export'
}

/** What *Export…* is open on; undefined for everything that the lab has. */
export function exportedThing(): Readonly<ShallowRef<ExportGiven | undefined>> {
  return given
}

/** Opens *Settings…*. */
export function openSettings(): void {
  given.value = undefined
  current.value = 'settings'
}

/** Opens the protocol's page, at a section (`4`) where one is named. */
export function openProtocol(at?: string): void {
  given.value = undefined
  section.value = at
  current.value = 'protocol'
}

/** The section that the protocol's page was opened at; undefined for its beginning. */
export function protocolSection(): Readonly<Ref<string | undefined>> {
  return section
}

/** One switch per dialog, for `v-model:open`; at most one is on. For the root of a window. */
export function useDialogs(): Readonly<Record<DialogName, WritableComputedRef<boolean>>> {
  const stop = window.lab.on('dialog:open', ({ dialog, section: at }) => {
    given.value = undefined
    section.value = at
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
    protocol: switchOf('protocol'),
    log: switchOf('log'),
    trial: switchOf('trial'),
    suites: switchOf('suites'),
  }
}
