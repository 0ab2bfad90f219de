/** What every window, or the one that it concerns, says once, until a person has dismissed it in one of them. */
import type { Notice } from '#shared/lab'

export class Notices {
  #notices: readonly Notice[] = []
  #count = 0

  constructor(private readonly onChange: () => void) {}

  get all(): readonly Notice[] {
    return this.#notices
  }

  /**
   * Of what concerns one window alone, the newest takes the place of what was said before: it tells how things are now. Gives its
   * identifier.
   */
  add(text: string, options: Partial<Pick<Notice, 'kind' | 'window' | 'offers'>> = {}): number {
    const { kind = 'warning', ...about } = options
    const { window } = about
    const others = window ? this.#notices.filter((notice) => notice.window !== window) : this.#notices
    this.#notices = [...others, { id: ++this.#count, text, kind, ...about }]
    this.onChange()
    return this.#count
  }

  /** One that is gone already is nobody's fault: another window was quicker. */
  dismiss(id: number): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id)
    this.onChange()
  }
}
