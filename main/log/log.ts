/** The app's log: what went wrong that nobody has foreseen, for whoever has to find out why. */
import { reportFailure, type FailureReport } from '#shared/failure'
import { visibleLines } from '#shared/visible'
import { logLines, type Level } from './lines'
import type { LogFile } from './log-file'
import { printLines } from './stdio'

/** What is handed to those who may have something to log. */
export interface Log {
  /** Something worth knowing later. No value of a message, no key. */
  note(text: string): void
  /** An error that nobody has foreseen; `where` says what was being done. */
  failed(where: string, error: unknown): void
  /** As {@link failed}, of an error that has come from another process as data. */
  reported(where: string, failure: FailureReport): void
}

/** So many entries a minute are written, whatever happens: a flood costs neither time nor what was there before. */
const MOST_A_MINUTE = 120
const MINUTE_MS = 60_000

/** The longest that a line gets, in characters of what is said. */
const LINE_LIMIT = 1_000

/** A log in a file, and on the terminal. `now`: milliseconds since the epoch. */
export class FileLog implements Log {
  #minute = 0
  #inMinute = 0
  #leftOut = 0

  constructor(
    private readonly file: Pick<LogFile, 'append'>,
    private readonly now: () => number = Date.now,
    private readonly print: (lines: readonly string[]) => void = (lines) =>
      printLines('stderr', lines, LINE_LIMIT),
  ) {}

  note(text: string): void {
    this.#add('note', text)
  }

  failed(where: string, error: unknown): void {
    this.#add('error', where, reportFailure(error))
  }

  reported(where: string, failure: FailureReport): void {
    this.#add('error', where, failure)
  }

  #add(level: Level, text: string, failure?: FailureReport): void {
    const now = this.now()
    const minute = Math.floor(now / MINUTE_MS)
    if (minute !== this.#minute) {
      if (this.#leftOut > 0) this.#write(logLines(now, 'note', `${this.#leftOut} entries were left out.`))
      this.#minute = minute
      this.#inMinute = 0
      this.#leftOut = 0
    }
    if (this.#inMinute >= MOST_A_MINUTE) {
      this.#leftOut++
      return
    }
    this.#inMinute++
    const lines = logLines(now, level, text, failure)
    this.#write(lines)
    if (level === 'error') this.print(lines)
  }

  /** Nothing from outside makes a line of its own. */
  #write(lines: readonly string[]): void {
    this.file.append(visibleLines(lines, LINE_LIMIT))
  }
}

/** On the terminal alone: for runs without an app around them. */
export const TERMINAL_LOG: Log = new FileLog({ append: () => true })
