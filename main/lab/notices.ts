/** What every window says once, until a person has dismissed it in one of them. */
import type { Notice } from '#shared/lab'

export class Notices {
  #notices: readonly Notice[] = []
  #count = 0

  constructor(private readonly onChange: () => void) {}

  get all(): readonly Notice[] {
    return this.#notices
  }

  add(text: string): void {
    this.#notices = [...this.#notices, { id: ++this.#count, text }]
    this.onChange()
  }

  /** One that is gone already is nobody's fault: another window was quicker. */
  dismiss(id: number): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id)
    this.onChange()
  }
}
