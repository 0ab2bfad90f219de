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

/** What stands where records of the run that is open would, while they are not here. */
const NO_RECORDS = {
  loading: {
    title: 'The recording is being read',
    text: 'Its messages are shown once all of them are here.',
  },
  failed: {
    title: 'The messages of the recording could not be read',
    text: 'Go back to the lab, with the button in the bar above, and open the recording again.',
  },
} as const

const news = shallowRef<RecordingNews>({ is: 'none' })
const records = shallowRef<readonly RecordedEntry[]>([])
/** The run whose records are here, or are on their way. */
let loaded: number | undefined
/** Why the records of the run that is open are not here, and what was said where they could not be had. */
const missing = shallowRef<keyof typeof NO_RECORDS>()
let unread: Fault | undefined

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

/** What to say in the place of its records; undefined where they are here, and while no run is open. */
export const noRecords = computed(() => missing.value && NO_RECORDS[missing.value])

/** Why a run could not be opened, or shown, until that is dismissed. */
export const openingFault = shallowRef<Fault>()

/** Takes what went wrong where nobody waits for it: shown as {@link openingFault}. */
export function openingFailed(error: unknown): void {
  openingFault.value = faultOf(error)
}

/** The path of what was saved for Wireshark, until that is dismissed. */
export const savedPath = shallowRef<string>()

/** A run that is being opened. */
export const opening = computed(() => (news.value.is === 'opening' ? news.value : undefined))

/** The run that is open, kept current for as long as the calling component lives. For the root of a window. */
export function useRecording(): Recording {
  follow(take)
  onScopeDispose(() => {
    view.value = undefined
    records.value = []
    loaded = undefined
    missing.value = undefined
  })
  return { news, view, entries }
}

/** Hears of a run that is being opened, and forgets with its component what was said of it: for a window that shows no run. */
export function useOpening(): void {
  follow((now) => void (news.value = now))
}

function follow(hear: (now: RecordingNews) => void): void {
  const stop = window.lab.on(
    'recording:changed',
    paced<RecordingNews>((told) => hear(told.at(-1) ?? { is: 'none' })),
  )
  onScopeDispose(() => {
    stop()
    savedPath.value = undefined
    openingFault.value = undefined
    news.value = { is: 'none' }
  })
  void call('run:view').then((now) => {
    if (news.value.is === 'none') hear(now)
  }, faultOf)
}

function take(now: RecordingNews): void {
  news.value = now
  if (now.is === 'opening') return
  view.value = now.is === 'open' ? now.view : undefined
  const id = view.value?.id
  // Where none is open, nothing is said of the one before: also where its records could not be had.
  if (id !== undefined && id === loaded) return
  loaded = id
  records.value = []
  missing.value = id === undefined ? undefined : 'loading'
  if (openingFault.value === unread) openingFault.value = undefined
  if (id !== undefined) void load(id).catch((error: unknown) => fail(id, error))
}

/** What is told of the run next has them asked for once more. */
function fail(id: number, error: unknown): void {
  const { code } = faultOf(error)
  // Closed meanwhile: that is told as well.
  if (loaded !== id || code === 'no_recording') return
  loaded = undefined
  missing.value = 'failed'
  const { title, text } = NO_RECORDS.failed
  openingFault.value = unread = { code, message: `${title}. ${text}` }
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
  missing.value = undefined
}

function ask(from: number) {
  return call('run:records', { from })
}
