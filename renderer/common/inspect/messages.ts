/** The messages of this window: which keys they had to do with, and the way from the inspector back to one of them. */
import { onScopeDispose, shallowRef, type Ref } from 'vue'
import type { SymmetricKeySurroundings } from '#shared/inspect/symmetric-facts'
import type { JournalEntry } from '#shared/record/record'
import { ownRole } from '../own-role'
import { useInspector, type Backing } from './inspector'

export interface Messages {
  /** What the window's role has recorded. */
  readonly records: Readonly<Ref<readonly JournalEntry[]>>
  /** Closes the inspector and shows a message by its entry; undefined where the window can't. */
  readonly show: Readonly<Ref<((entry: string) => void) | undefined>>
}

const NO_BYTES = new Uint8Array()

const records = shallowRef<readonly JournalEntry[]>([])
const show = shallowRef<(entry: string) => void>()

/** The messages of this window. */
export function useMessages(): Messages {
  return { records, show }
}

/** Says what has been recorded. */
export function setRecords(entries: readonly JournalEntry[]): void {
  records.value = entries
}

/** What is known of a symmetric key by the messages of its connection; their bytes and values are left out. */
export function surroundingsOf({ suite, connection }: Backing): SymmetricKeySurroundings {
  const entries = records.value
    .filter((record) => connection === undefined || record.connection.id === connection)
    .map(({ plaintext: _, ...record }) => ({
      ...record,
      frame: NO_BYTES,
      ranges: [],
      checks: [],
      members: record.members.map(({ value: _value, ...member }) => member),
    }))
  return { role: ownRole(), suite, entries }
}

/** For the root of a window: says how a message is shown there. */
export function provideMessages(open: (entry: string) => void): void {
  const closeAndOpen = (entry: string): void => {
    useInspector().open.value = false
    open(entry)
  }
  show.value = closeAndOpen
  onScopeDispose(() => {
    if (show.value === closeAndOpen) show.value = undefined
  })
}
