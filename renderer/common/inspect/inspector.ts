/** What the inspector of this window shows. It is one for the whole window, so that every card opens the same one. */
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import type { Fault } from '#shared/errors'
import type { Bytes } from '#shared/bytes'
import type { Artifact } from '#shared/inspect/artifact'
import { isSame } from './same'

export const INSPECTOR_TABS = ['summary', 'structure', 'key', 'chain', 'openssl'] as const
export type InspectorTab = (typeof INSPECTOR_TABS)[number]

/** A file that was opened and could not be read: it stands in the list, with what was found and where. */
export interface FailedFile {
  readonly kind: 'failed'
  readonly id: string
  readonly title: string
  readonly source: string
  readonly bytes: Bytes
  readonly fault: Fault
}

/** One line of the list. */
export type Entry = Artifact | FailedFile

/** What belongs together in the list. */
export interface EntryGroup {
  readonly id: string
  readonly title: string
  readonly entries: readonly Entry[]
  /** What a person should know of it, each a sentence. */
  readonly notes: readonly string[]
  /** True for a file that was opened: it can be taken off the list. */
  readonly file: boolean
}

/** What a window knows of a symmetric key beyond what is in the artifact. */
export interface Backing {
  /** Gets its bytes. */
  readonly reveal: () => Promise<Bytes>
  readonly suite: string | undefined
  /** The identifier of the connection that it belongs to; undefined for one that belongs to all. */
  readonly connection: string | undefined
}

/** Backings by the artifact's id. */
export type Backings = ReadonlyMap<string, Backing>

export interface Inspector {
  readonly open: Ref<boolean>
  readonly tab: Ref<InspectorTab>
  readonly groups: ComputedRef<readonly EntryGroup[]>
  /** How the person got to what is shown: the entry chosen in the list, then each link that was followed. */
  readonly trail: ComputedRef<readonly Entry[]>
  readonly shown: ComputedRef<Entry | undefined>
  /** What the window knows of the symmetric key that is shown. */
  readonly backing: ComputedRef<Backing | undefined>
  /** Shows an entry of the list. */
  readonly choose: (id: string) => void
  /** Follows a link from what is shown; one that leads back into the trail goes back there. */
  readonly follow: (artifact: Artifact, to?: InspectorTab) => void
  readonly goBackTo: (index: number) => void
  /** Says what the lab has now. */
  readonly setLab: (artifacts: readonly Artifact[]) => void
  readonly addFile: (group: Omit<EntryGroup, 'id' | 'file'>) => void
  /** Takes a file off the list; what it held is forgotten. */
  readonly removeFile: (id: string) => void
}

const OPENED = 'opened'
/** The group of what the lab has. */
export const LAB = 'lab'
const FILE = 'file-'

const open = ref(false)
const tab = ref<InspectorTab>('summary')
const opened = shallowRef<readonly Artifact[]>([])
const lab = shallowRef<readonly Artifact[]>([])
const files = shallowRef<readonly EntryGroup[]>([])
const backings = shallowRef<Backings>(new Map())
const chosen = ref<string>()
const followed = shallowRef<readonly Artifact[]>([])
let fileNumber = 0

const groups = computed<readonly EntryGroup[]>(() => {
  const others = opened.value.filter((entry) => !lab.value.some((artifact) => isSame(artifact, entry)))
  return [
    { id: OPENED, title: 'Opened here', entries: others, notes: [], file: false },
    { id: LAB, title: 'In the lab', entries: lab.value, notes: [], file: false },
    ...files.value,
  ].filter((group) => group.file || group.entries.length > 0)
})
const entries = computed(() => groups.value.flatMap((group) => group.entries))
const trail = computed(() => {
  const first =
    entries.value.find(({ id }) => id === chosen.value) ?? listedAs(chosen.value) ?? entries.value[0]
  return first ? [first, ...followed.value] : []
})
const shown = computed(() => trail.value.at(-1))
const backing = computed(() => backings.value.get(shown.value?.id ?? ''))

/** The inspector of this window. */
export function useInspector(): Inspector {
  const switchOf = computed({
    get: () => open.value,
    set: (now) => {
      open.value = now
      if (!now) forgetSecrets()
    },
  })
  return {
    open: switchOf,
    tab,
    groups,
    trail,
    shown,
    backing,
    choose,
    follow,
    goBackTo: (index) => void (followed.value = followed.value.slice(0, index)),
    setLab,
    addFile,
    removeFile: (id) => void (files.value = files.value.filter((file) => file.id !== id)),
  }
}

/**
 * Opens the inspector on some artifacts that belong together.
 * @param first id of the one to show; the first of them unless given
 * @param known what is known of the symmetric keys among them
 */
export function openInspector(
  artifacts: readonly Artifact[],
  first?: string,
  known: Backings = new Map(),
): void {
  opened.value = artifacts
  backings.value = known
  const wanted = artifacts.find(({ id }) => id === first) ?? artifacts[0]
  // What the lab has anyway stands in the list once.
  const listed = wanted && lab.value.find((artifact) => isSame(artifact, wanted))
  choose(listed?.id ?? wanted?.id ?? '')
  open.value = true
}

/** True for the id of something that is from a file. */
export function isFromFile(id: string): boolean {
  return id.startsWith(FILE)
}

/** What was opened here stands in the list as the lab's, once it is known that the lab has it. */
function listedAs(id: string | undefined): Artifact | undefined {
  const wanted = opened.value.find((artifact) => artifact.id === id)
  return wanted && lab.value.find((artifact) => isSame(artifact, wanted))
}

/** Everything as at the start of the window. */
export function resetInspector(): void {
  open.value = false
  tab.value = 'summary'
  opened.value = []
  lab.value = []
  files.value = []
  backings.value = new Map()
  chosen.value = undefined
  followed.value = []
}

function choose(id: string): void {
  chosen.value = id
  followed.value = []
}

function follow(artifact: Artifact, to?: InspectorTab): void {
  const known = trail.value.findIndex((entry) => entry.kind !== 'failed' && isSame(entry, artifact))
  followed.value = known < 0 ? [...followed.value, artifact] : followed.value.slice(0, known)
  if (to) tab.value = to
}

/** What hasn't changed stays the same object, so that nothing is read anew for it. */
function setLab(artifacts: readonly Artifact[]): void {
  lab.value = artifacts.map(
    (artifact) => lab.value.find((old) => old.id === artifact.id && isSame(old, artifact)) ?? artifact,
  )
}

function addFile(group: Omit<EntryGroup, 'id' | 'file'>): void {
  const id = `${FILE}${++fileNumber}`
  // Two files may name their parts alike: what is open together needs names of its own.
  const own = group.entries.map((entry) => ({ ...entry, id: `${id}/${entry.id}` }))
  files.value = [...files.value, { ...group, id, file: true, entries: own }]
  choose(own[0]?.id ?? '')
}

/** Private and revealed keys live no longer than the person looks. */
function forgetSecrets(): void {
  const isOpen = (entry: Entry): boolean =>
    entry.kind !== 'private-key' && !(entry.kind === 'symmetric-key' && entry.key)
  opened.value = opened.value.filter(isOpen)
  files.value = files.value
    .map((file) => ({ ...file, entries: file.entries.filter(isOpen) }))
    .filter((file) => file.entries.length > 0)
  followed.value = []
  backings.value = new Map()
}
