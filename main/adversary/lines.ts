/** The connections that the adversary has, and the last ones that it had, each by its number. */
import { LabError } from '#shared/errors'
import type { Connection } from '#shared/record/connection'
import { Line, type LineOptions } from './line'

/** Connections that are remembered when they are closed. */
const CLOSED_KEPT = 100

export class Lines {
  #lines: readonly Line[] = []
  #count = 0

  constructor(private readonly options: { readonly onChange: () => void }) {}

  /** Oldest first. */
  get all(): readonly Line[] {
    return this.#lines
  }

  /** Open or closed; undefined where it was forgotten, or never was. */
  get(number: number | undefined): Line | undefined {
    return this.#lines.find((line) => line.number === number)
  }

  /** @throws LabError `unknown_connection` where it is closed, or there is none of this number */
  open(number: number): Line {
    const line = this.get(number)
    if (!line?.isOpen) throw new LabError('unknown_connection', 'This connection is closed.')
    return line
  }

  /** The one that a connection of the lab is; undefined where it crosses no wire. */
  of(connection: Connection): Line | undefined {
    return this.#lines.findLast((line) => line.isOf(connection))
  }

  /** Takes up another one, under the next number. */
  add(options: Omit<LineOptions, 'number'>): Line {
    const line = new Line({ ...options, number: ++this.#count })
    const all = [...this.#lines, line]
    const closed = all.filter(({ isOpen }) => !isOpen)
    const gone = new Set(closed.slice(0, Math.max(0, closed.length - CLOSED_KEPT)))
    this.#lines = all.filter((each) => !gone.has(each))
    this.options.onChange()
    return line
  }

  /** Both ends of one have left. */
  close(line: Line): void {
    line.close()
    this.options.onChange()
  }

  /** Forgets those that are closed, and of all of them the keys that were leaked. */
  forget(): void {
    // Of one that is closed a frame may still be held.
    for (const line of this.#lines) line.forget()
    this.#lines = this.#lines.filter(({ isOpen }) => isOpen)
  }
}
