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
  /** The one that leaves all as it is; `Cancel` unless given. */
  readonly no?: string
}

/** A question that has more to offer than yes and no. */
export interface Choice extends Question {
  /** Buttons for what can be done instead; the first of them is what Enter presses. */
  readonly others: readonly string[]
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
  async agrees(window: WindowName, question: Question): Promise<boolean> {
    if (this.windows.lastAct(window) < (this.#declined.get(window) ?? Number.NEGATIVE_INFINITY)) return false
    const chosen = await this.chooses(window, { ...question, others: [] })
    // Another question is open: this one was not asked.
    if (chosen !== undefined && chosen !== question.yes) this.#declined.set(window, this.now())
    return chosen === question.yes
  }

  /**
   * Asks what the person themselves has brought up, over a window where there is one; the button that they chose, the one that
   * leaves all as it is among them. Undefined while another question is open.
   */
  async chooses(
    window: WindowName | undefined,
    { message, detail, yes, no = CANCEL, others }: Choice,
  ): Promise<string | undefined> {
    if (this.#isAsked) return undefined
    this.#isAsked = true
    const buttons = [no, yes, ...others]
    try {
      const asked = {
        type: 'warning',
        message,
        detail,
        buttons,
        usual: others.length > 0 ? 2 : 0,
        cancel: 0,
      } as const
      return buttons[await showMessage(asked, window && this.windows.get(window))] ?? no
    } finally {
      this.#isAsked = false
    }
  }
}

const CANCEL = 'Cancel'
