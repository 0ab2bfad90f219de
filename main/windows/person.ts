/**
 * The person at the screen, reached past the pages: what they just did in a window, and what they say to a question. Both are
 * main's own knowledge: a page can claim neither.
 */
import type { BrowserWindow } from 'electron'
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
  /** Where the question stands that is open; undefined while none is. */
  #open: { readonly over: WindowName | undefined } | undefined

  constructor(
    private readonly windows: Pick<LabWindows, 'get' | 'lastAct' | 'newestAct' | 'show'>,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether somebody has just pressed a key or a button in this window, and nothing in another one since. */
  hasActed(window: WindowName): boolean {
    const at = this.windows.lastAct(window)
    return this.now() - at <= ACT_COUNTS_MS && at >= this.windows.newestAct
  }

  /** As {@link chooses}, where there is nothing but yes and no; true only for its own yes. */
  async agrees(window: WindowName, question: Question): Promise<boolean> {
    return (await this.chooses(window, { ...question, others: [] })) === question.yes
  }

  /**
   * Asks what a page has brought up, in a dialog over its window; the button that the person chose, the one that leaves all as it is
   * among them. After anything but a yes that one is chosen without a dialog until somebody does something in the window again: a page can't
   * wear anybody out. Undefined while another question is open: this one was not asked.
   */
  async chooses(window: WindowName, choice: Choice): Promise<string | undefined> {
    if (this.#isTired(window)) return choice.no ?? CANCEL
    const chosen = await this.#ask(window, choice)
    if (chosen !== undefined && chosen !== choice.yes) this.#declined.set(window, this.now())
    return chosen
  }

  /**
   * Shows a chooser of files or folders that a page has brought up, over its window. As with questions, there is no other one while one is open,
   * and after one that was left without a choice none until somebody does something in the window again: undefined then, too.
   */
  async picks<T>(
    window: WindowName,
    chooser: (over: BrowserWindow | undefined) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (this.#open || this.#isTired(window)) return undefined
    this.#open = { over: window }
    try {
      const picked = await chooser(this.windows.get(window))
      if (picked === undefined) this.#declined.set(window, this.now())
      return picked
    } finally {
      this.#open = undefined
    }
  }

  /**
   * The same for what the person has brought up past the pages: they close a window, or quit. A question that is open comes to the front
   * instead.
   */
  async choosesByThemselves(window: WindowName | undefined, choice: Choice): Promise<string | undefined> {
    const over = this.#open?.over
    if (over) this.windows.show(over)
    return this.#ask(window, choice)
  }

  /** Whether what this window asked last was declined, and nobody has done anything in it since. */
  #isTired(window: WindowName): boolean {
    return this.windows.lastAct(window) < (this.#declined.get(window) ?? Number.NEGATIVE_INFINITY)
  }

  async #ask(
    window: WindowName | undefined,
    { message, detail, yes, no = CANCEL, others }: Choice,
  ): Promise<string | undefined> {
    if (this.#open) return undefined
    this.#open = { over: window }
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
      this.#open = undefined
    }
  }
}

const CANCEL = 'Cancel'
