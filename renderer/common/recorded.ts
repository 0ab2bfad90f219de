/** The run that is open, as this window has it: what main says of it, and its records, which come in parts. */
import { computed, onScopeDispose, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import type { LabEntry } from '#shared/lab'
import type { RecordAgain } from '#shared/run/remake'
import type { RecordedEntry, RecordingNews, RecordingView } from '#shared/run/view'
import { call, faultOf } from './call'
import { paced } from './paced'

export interface Recording {
  readonly news: Readonly<Ref<RecordingNews>>
  /** Undefined while no run is open. */
  readonly view: Readonly<Ref<RecordingView | undefined>>
  /** Records of the moment that concern this window, in their order, without secrets. */
  readonly entries: ComputedRef<readonly LabEntry[]>
}

const news = shallowRef<RecordingNews>({ is: 'none' })
const records = shallowRef<readonly RecordedEntry[]>([])
/** The run whose records are here, or are on their way. */
let loaded: number | undefined

/** While another one is being opened, the one before stays. */
const view = shallowRef<RecordingView>()
const entries = computed(() => {
  const moment = view.value?.moment ?? 0
  const all = records.value
  const end = all.findIndex((each) => each.moment > moment)
  return (end < 0 ? all : all.slice(0, end)).map(({ entry }) => entry)
})
const again = computed(() => new Map(records.value.map((each) => [each.entry.id, each.again])))

/** What came of looking at a record of the open run again; undefined for one of the lab. */
export function againOf(id: string): RecordAgain | undefined {
  return view.value && again.value.get(id)
}

/** Why a run could not be opened, until that is dismissed. */
export const openingFault = shallowRef<Fault>()

/** The path of what was saved for Wireshark, until that is dismissed. */
export const savedPath = shallowRef<string>()

/** A run that is being opened. */
export const opening = computed(() => (news.value.is === 'opening' ? news.value : undefined))

/** The run that is open, kept current for as long as the calling component lives. For the root of a window. */
export function useRecording(): Recording {
  const stop = window.lab.on(
    'recording:changed',
    paced<RecordingNews>((told) => take(told.at(-1) ?? { is: 'none' })),
  )
  onScopeDispose(() => {
    stop()
    savedPath.value = undefined
    openingFault.value = undefined
    news.value = { is: 'none' }
    view.value = undefined
    records.value = []
    loaded = undefined
  })
  void call('run:view').then((now) => {
    if (news.value.is === 'none') take(now)
  }, faultOf)
  return { news, view, entries }
}

function take(now: RecordingNews): void {
  news.value = now
  if (now.is === 'opening') return
  view.value = now.is === 'open' ? now.view : undefined
  const id = view.value?.id
  if (id === loaded) return
  loaded = id
  records.value = []
  if (id !== undefined) void load(id).catch(faultOf)
}

/** They are shown together: with some of them the newest one would be none of the moment, and every part would be drawn. */
async function load(id: number): Promise<void> {
  const all: RecordedEntry[] = []
  for (let from: number | undefined = 0; from !== undefined;) {
    const part: Awaited<ReturnType<typeof ask>> = await ask(from)
    if (loaded !== id) return
    all.push(...part.records)
    from = part.next
  }
  records.value = all
}

function ask(from: number) {
  return call('run:records', { from })
}
