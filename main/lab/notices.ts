/** What every window, or the one that it concerns, says once, until a person has dismissed it in one of them. */
import type { Notice } from '#shared/lab'
import type { WindowName } from '#shared/windows'

export class Notices {
  #notices: readonly Notice[] = []
  #count = 0

  constructor(private readonly onChange: () => void) {}

  get all(): readonly Notice[] {
    return this.#notices
  }

  /** Of what concerns one window alone, the newest takes the place of what was said before: it tells how things are now. */
  add(text: string, options: { readonly kind?: Notice['kind']; readonly window?: WindowName } = {}): void {
    const { kind = 'warning', window } = options
    const others = window ? this.#notices.filter((notice) => notice.window !== window) : this.#notices
    this.#notices = [...others, { id: ++this.#count, text, kind, ...(window ? { window } : {}) }]
    this.onChange()
  }

  /** One that is gone already is nobody's fault: another window was quicker. */
  dismiss(id: number): void {
    this.#notices = this.#notices.filter((notice) => notice.id !== id)
    this.onChange()
  }
}
