/** The lab as refs that stay current, by what main tells this window. */
import { computed, onScopeDispose, shallowRef, type Ref, type ShallowRef } from 'vue'
import type { Fault } from '#shared/errors'
import type { LabEntry, LabView, RecordsChange, SecretsOf } from '#shared/lab'
import type { WindowName } from '#shared/windows'
import type { CallName, CallsOf } from '#shared/ipc/contract'
import { forgetSecrets } from '#shared/record/record'
import { RecordList, RECORDS_KEPT } from '#shared/record/record-list'
import type { Settings } from '#shared/settings'
import { ask, call, faultOf, type Call } from './call'
import { ownRole } from './own-role'
import { paced } from './paced'
import { useRecording, type Recording } from './recorded'
import { hideRevealed, hideRevealedOf } from './revealed'

/** What there is to show of a lab. `view` and `settings` are undefined until main has answered for the first time. */
export interface ShownLab {
  readonly view: Readonly<Ref<LabView | undefined>>
  readonly settings: Readonly<Ref<Settings | undefined>>
  /** What was recorded, oldest first, without secret values; of the lab's, as many of the newest as {@link RECORDS_KEPT} says. */
  readonly entries: Readonly<Ref<readonly LabEntry[]>>
}

/** The lab itself, as whoever acts on it needs it, also while a run is open. */
export interface ActingLab<C extends CallName> extends ShownLab {
  readonly call: Call<C>
}

/** The lab as one window sees it; or, in its place, the run that is open. */
export interface Lab<C extends CallName> extends ShownLab {
  /** The lab itself, which goes on behind a run that is open: what can be acted on. */
  readonly live: ShownLab
  readonly recording: Recording
  /** Of the lab's records older ones had to go: main, or this window, keeps them no longer. */
  readonly hasDropped: Readonly<Ref<boolean>>
  /** Why main could not be asked at the start. */
  readonly fault: Readonly<ShallowRef<Fault | undefined>>
  readonly call: Call<C>
}

/** The lab, kept current for as long as the calling component lives. For the root of a window. */
export function useLab<W extends WindowName>(): Lab<CallsOf<W>> {
  const view = shallowRef<LabView>()
  const settings = shallowRef<Settings>()
  const kept = new RecordList<LabEntry>(RECORDS_KEPT)
  const entries = shallowRef<readonly LabEntry[]>([])
  const hasDropped = shallowRef(false)
  const fault = shallowRef<Fault>()
  /** What main has answered with all at once may be told as well, a moment later. */
  let listed: ReadonlySet<string> = new Set()

  // Listening starts before asking, so that nothing falls in between; what came by then is newer than the answer.
  // Listeners return nothing: whatever they return, the bridge copies into the preload's world, all entries each time.
  const stop = [
    window.lab.on(
      'lab:changed',
      paced<LabView>((values) => (view.value = values.at(-1))),
    ),
    window.lab.on('settings:changed', (value) => void (settings.value = value)),
    window.lab.on(
      'records:changed',
      paced<readonly RecordsChange[]>((told) => take(told.flat())),
    ),
    window.lab.on('window:hidden', () => void hideRevealed()),
  ]
  onScopeDispose(() => stop.forEach((stopListening) => stopListening()))

  /** Many changes are shown at once. */
  function take(changes: readonly RecordsChange[]): void {
    for (const change of changes) {
      if (change.kind === 'forgotten') forget(change.whose)
      else if (!listed.has(change.entry.id)) kept.add(change.entry)
    }
    show()
  }

  function show(): void {
    entries.value = kept.all
    hasDropped.value = kept.hasDropped
  }

  /** Says of records that their secrets are gone, and takes those off the screen. */
  function forget({ role, connection }: SecretsOf): void {
    const meant = new Set<string>()
    kept.change((entry) => {
      if (entry.role !== role || (connection !== undefined && entry.connection.id !== connection.id))
        return entry
      meant.add(entry.id)
      return forgetSecrets(entry)
    })
    // A role that has stopped has no secrets left at all.
    if (connection === undefined && role === ownRole()) hideRevealed()
    else hideRevealedOf(meant)
  }

  const failed = (error: unknown): void => void (fault.value = faultOf(error))
  void call('lab:view').then((value) => (view.value ??= value), failed)
  void call('settings:get').then((value) => (settings.value ??= value), failed)
  void call('records:list').then((list) => {
    listed = new Set(list.map((entry) => entry.id))
    const since = entries.value.filter((entry) => !listed.has(entry.id))
    kept.replace([...list, ...since])
    show()
  }, failed)

  const recording = useRecording()
  const recorded = recording.view
  return {
    view: computed(() => recorded.value?.lab ?? view.value),
    settings: computed(() => recorded.value?.settings ?? settings.value),
    entries: computed(() => (recorded.value ? recording.entries.value : entries.value)),
    hasDropped: computed(
      () => !recorded.value && (hasDropped.value || view.value?.dropped.includes(window.lab.window) === true),
    ),
    live: { view, settings, entries },
    recording,
    fault,
    call: ask,
  }
}
