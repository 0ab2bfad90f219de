/**
 * What has happened to the journal, on its way to the windows: told together, in its order, and each window what concerns
 * it. A window draws itself anew for every message from main, and every record costs it time to take: hundreds of
 * connections within a second would keep it busy for many.
 */
import type { RecordsChange } from '#shared/lab'
import { namesOf, type WindowName, type WindowTable } from '#shared/windows'
import { recordBytes } from '#shared/record/record'
import { RECORDS_KEPT } from '#shared/record/record-list'
import { coalesce } from './coalesce'
import type { ShownBy } from './journal'

/** How long a window has, in milliseconds, to draw one message before it is told the next. */
export const NEWS_PAUSE_MS = 50
/** Changes in one message: more of them wait for the next. */
export const NEWS_AT_ONCE = 100
/** Bytes of records in one message; one record is told however large it is. */
const BYTES_AT_ONCE = 4 * 1024 * 1024
/** Changes that may wait; then what no longer matters is left out. */
export const MOST_WAITING = 10_000
/** Ends of secrets that are kept then. */
const ENDS_KEPT = MOST_WAITING / 2

export interface NewsHooks<Name extends string> {
  readonly tell: (window: Name, changes: readonly RecordsChange[]) => void
  /** Takes why changes could not be told. */
  readonly fail: (error: unknown) => void
}

export class RecordNews<Name extends string = WindowName> {
  #waiting: RecordsChange[] = []
  readonly #soon: () => void

  constructor(
    private readonly windows: WindowTable<Name>,
    private readonly hooks: NewsHooks<Name>,
  ) {
    this.#soon = coalesce(async () => this.#tellSome(), hooks.fail, NEWS_PAUSE_MS)
  }

  add(change: RecordsChange): void {
    this.#waiting.push(change)
    if (this.#waiting.length > MOST_WAITING) this.#waiting = newest(this.#waiting)
    this.#soon()
  }

  /** Tells everything that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#tellSome()
  }

  /**
   * Whether a record is one to show in a window: of its own role, or, where the window's row says so, of what this app has
   * had to do with authority and server. Other programs' visits are shown where they were received.
   */
  concerns(window: Name, { role, connection }: ShownBy): boolean {
    const row = this.windows[window]
    return row.role === role || (row.records === 'app' && connection.opener !== undefined)
  }

  /** The windows that show records of these kinds. */
  concerned(kinds: readonly ShownBy[]): readonly Name[] {
    return namesOf(this.windows).filter((window) => kinds.some((kind) => this.concerns(window, kind)))
  }

  #tellSome(): void {
    const changes = this.#waiting.splice(0, countAtOnce(this.#waiting))
    for (const window of namesOf(this.windows)) {
      const concerning = changes.filter((change) => this.#changes(window, change))
      if (concerning.length > 0) this.hooks.tell(window, concerning)
    }
    if (this.#waiting.length > 0) this.#soon()
  }

  #changes(window: Name, change: RecordsChange): boolean {
    if (change.kind === 'added') return this.concerns(window, change.entry)
    const { role, connection } = change.whose
    const row = this.windows[window]
    if (connection === undefined) return row.role === role || row.records === 'app'
    return this.concerns(window, { role, connection })
  }
}

/** How many of the changes that wait go into one message. */
function countAtOnce(waiting: readonly RecordsChange[]): number {
  let bytes = 0
  const most = Math.min(waiting.length, NEWS_AT_ONCE)
  for (let count = 0; count < most; count++) {
    bytes += bytesOf(waiting[count])
    if (bytes > BYTES_AT_ONCE) return Math.max(1, count)
  }
  return most
}

/**
 * What still matters of changes that have piled up, in their order: the newest records, as many as the journal keeps, and
 * the end of each connection's secrets once.
 */
function newest(waiting: readonly RecordsChange[]): RecordsChange[] {
  const left = { added: RECORDS_KEPT.count, forgotten: ENDS_KEPT }
  let bytes = RECORDS_KEPT.bytes
  const ended = new Set<string>()
  const kept: RecordsChange[] = []
  for (const change of waiting.toReversed()) {
    if (change.kind === 'forgotten') {
      const name = `${change.whose.role} ${change.whose.connection?.id ?? ''}`
      if (ended.has(name)) continue
      ended.add(name)
    }
    bytes -= bytesOf(change)
    if (left[change.kind]-- > 0 && (change.kind === 'forgotten' || bytes >= 0)) kept.push(change)
  }
  return kept.reverse()
}

function bytesOf(change: RecordsChange | undefined): number {
  return change?.kind === 'added' ? recordBytes(change.entry) : 0
}
