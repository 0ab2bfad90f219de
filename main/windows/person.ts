/**
 * The person at the screen, reached past the pages: what they just did in a window, and what they say to a question. Both are
 * main's own knowledge: a page can claim neither.
 */
import type { WindowName } from '#shared/windows'
import { showMessage } from './dialogs'
import type { LabWindows } from './windows'

/** A key or button pressed in a window counts for so long, in milliseconds, as the person's wish for what its page asks. */
export const ACT_COUNTS_MS = 1_000

export interface Question {
  /** What would be done. */
  readonly message: string
  /** What that means, and to which things it would happen, each a paragraph. */
  readonly detail: readonly string[]
  /** The button that agrees. */
  readonly yes: string
}

export class Person {
  /** When each window's question was last declined. */
  readonly #declined = new Map<WindowName, number>()
  #isAsked = false

  constructor(
    private readonly windows: Pick<LabWindows, 'get' | 'lastAct'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether somebody has just pressed a key or a button in this window. */
  hasActed(window: WindowName): boolean {
    return this.now() - this.windows.lastAct(window) <= ACT_COUNTS_MS
  }

  /**
   * Asks in a dialog over the window; true only for its own yes. While one is open no other is shown, and after a no none
   * until somebody does something in the window again: a page can't wear anybody out.
   */
  async agrees(window: WindowName, { message, detail, yes }: Question): Promise<boolean> {
    const declined = this.#declined.get(window) ?? Number.NEGATIVE_INFINITY
    if (this.#isAsked || this.windows.lastAct(window) < declined) return false
    this.#isAsked = true
    try {
      const asked = {
        type: 'warning',
        message,
        detail,
        buttons: ['Cancel', yes],
        usual: 0,
        cancel: 0,
      } as const
      const response = await showMessage(asked, this.windows.get(window))
      if (response !== 1) this.#declined.set(window, this.now())
      return response === 1
    } finally {
      this.#isAsked = false
    }
  }
}
