/**
 * What has happened to the journal, on its way to the windows: told together, in its order. A window draws itself anew for
 * every message from main, so that hundreds of connections within a second would keep it busy for many.
 */
import type { RecordsChange } from '#shared/lab'
import { coalesce } from './coalesce'

/** How long a window has, in milliseconds, to draw one batch before it is told the next. */
export const NEWS_PAUSE_MS = 50

export class RecordNews {
  #waiting: RecordsChange[] = []
  readonly #soon = coalesce(async () => this.flush(), NEWS_PAUSE_MS)

  constructor(private readonly tell: (changes: readonly RecordsChange[]) => void) {}

  add(change: RecordsChange): void {
    this.#waiting.push(change)
    this.#soon()
  }

  /** Tells what there is now. */
  flush(): void {
    if (this.#waiting.length === 0) return
    const changes = this.#waiting
    this.#waiting = []
    this.tell(changes)
  }
}
