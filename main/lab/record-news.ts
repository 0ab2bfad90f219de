/**
 * What has happened to the journal, on its way to the windows: told together, in its order, and each window what concerns
 * it. A window draws itself anew for every message from main, and every record costs it time to take: hundreds of
 * connections within a second would keep it busy for many.
 */
import type { RecordsChange, WindowName } from '#shared/lab'
import type { JournalEntry } from '#shared/protocol/record'
import { ROLES } from '#shared/protocol/roles'
import { coalesce } from './coalesce'

/** How long a window has, in milliseconds, to draw one message before it is told the next. */
export const NEWS_PAUSE_MS = 50
/** Changes in one message: more of them wait for the next. */
export const NEWS_AT_ONCE = 100

export interface NewsHooks {
  /** Whether a connection, as records name it, is one that this app has made itself. */
  readonly isOwn: (connection: string) => boolean
  readonly tell: (window: WindowName, changes: readonly RecordsChange[]) => void
}

export class RecordNews {
  #waiting: RecordsChange[] = []
  readonly #soon = coalesce(async () => this.#tellSome(), NEWS_PAUSE_MS)

  constructor(private readonly hooks: NewsHooks) {}

  add(change: RecordsChange): void {
    this.#waiting.push(change)
    this.#soon()
  }

  /** Tells everything that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#tellSome()
  }

  /**
   * Whether a record is one to show in a window: of its own role, or, in the client's, of what this app has had to do with
   * authority and server. Other programs' visits are shown where they were received.
   */
  concerns(window: WindowName, { role, connection }: Pick<JournalEntry, 'role' | 'connection'>): boolean {
    return window === role || (window === 'client' && this.hooks.isOwn(connection))
  }

  #tellSome(): void {
    const changes = this.#waiting.splice(0, NEWS_AT_ONCE)
    for (const window of ROLES) {
      const concerning = changes.filter((change) => this.#changes(window, change))
      if (concerning.length > 0) this.hooks.tell(window, concerning)
    }
    if (this.#waiting.length > 0) this.#soon()
  }

  #changes(window: WindowName, change: RecordsChange): boolean {
    if (change.kind === 'added') return this.concerns(window, change.entry)
    const { role, connection } = change.whose
    if (connection === undefined) return window === role || window === 'client'
    return this.concerns(window, { role, connection })
  }
}
