/**
 * What a run prints, on its way out. Nobody waits for it: blocks are put into words, and written, in turns between those of the
 * conversations, many at a time. What nobody reads is not kept without end: past a bound blocks are left out, and counted.
 */
import type { Writable } from 'node:stream'
import { jsonLine, type JsonReplacer } from '#shared/visible'
import { linesText } from '../log/stdio'

/** Lines, or what makes them once it is their turn. What is in one stays in it, made visible. */
export type Lines = readonly string[] | (() => readonly string[])

/** Where the run writes to: lines, in each of which may stand what peers have sent. */
export interface Output {
  /** `weight`: about what the lines keep in memory until they are made, in bytes. */
  readonly print: (lines: Lines, weight?: number) => void
  /** A value as one line of JSON. */
  readonly json: (make: () => object, replacer?: JsonReplacer, weight?: number) => void
  /** For people, when what is printed is read by a program. */
  readonly note: (lines: readonly string[]) => void
}

export interface OutputBounds {
  /** Blocks that wait, and what they weigh: bytes of text, or about as many. */
  readonly blocks: number
  readonly weight: number
}

/** For what has an end by itself: everything of it counts. */
export const UNBOUNDED: OutputBounds = { blocks: Number.POSITIVE_INFINITY, weight: Number.POSITIVE_INFINITY }
/** For what goes on until it is told to end. */
export const SERVING: OutputBounds = { blocks: 2_000, weight: 4 * 1024 * 1024 }

/** Blocks wait so long for others, in milliseconds: then they are written together. */
const GATHER_MS = 20
/** So much text is made and written in a turn, in characters. */
const TURN_CHARACTERS = 64 * 1024

interface Waiting {
  /** The text, with its last line feed. */
  readonly make: () => string
  readonly weight: number
}

export class RunOutput {
  #waiting: Waiting[] = []
  #weight = 0
  /** Blocks left out since one was taken. */
  #leftOut = 0
  #timer: NodeJS.Timeout | undefined
  /** What was written last is not taken yet: nothing more is. */
  #isFull = false
  #onEmpty: (() => void) | undefined

  /** @param sayLeftOut the text, with its line feed, that is printed where so many blocks are missing */
  constructor(
    private readonly stream: Pick<Writable, 'write' | 'once' | 'writable'>,
    private readonly bounds: OutputBounds,
    private readonly sayLeftOut: (count: number) => string,
  ) {}

  /** Prints a block of lines. `weight`: about as much as it keeps in memory until then, in bytes; its length unless given. */
  readonly print = (lines: Lines, weight = typeof lines === 'function' ? 0 : lengthOf(lines)): void => {
    this.#add(() => linesText(typeof lines === 'function' ? lines() : lines), weight)
  }

  /** Prints a value as one line of JSON, whole; `replacer` is that of `JSON.stringify`. */
  readonly json = (make: () => object, replacer?: JsonReplacer, weight = 0): void => {
    this.#add(() => jsonLine(make(), replacer), weight)
  }

  #add(make: () => string, weight: number): void {
    const isOver = this.#waiting.length >= this.bounds.blocks || this.#weight + weight > this.bounds.weight
    // The first is taken however long it is: it may be the only one.
    if (isOver && this.#waiting.length > 0) {
      this.#leftOut++
      return
    }
    this.#tellLeftOut()
    this.#waiting.push({ make, weight })
    this.#weight += weight
    this.#soon()
  }

  /**
   * Settles when all was taken by whoever reads, or nobody can read any more: true. Once the signal has aborted it waits no
   * longer than so many milliseconds: false.
   */
  async flush(signal: AbortSignal, most: number): Promise<boolean> {
    this.#tellLeftOut()
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#turn()
    return new Promise((resolve) => {
      let timer: NodeJS.Timeout | undefined
      const hurry = (): void => {
        timer ??= setTimeout(() => resolve(false), most)
      }
      if (signal.aborted) hurry()
      else signal.addEventListener('abort', hurry)
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', hurry)
        resolve(true)
      }
      this.#onEmpty = end
      this.stream.once('error', end)
      if (this.#isDone || !this.stream.writable) end()
    })
  }

  get #isDone(): boolean {
    return this.#waiting.length === 0 && !this.#isFull
  }

  #tellLeftOut(): void {
    if (this.#leftOut === 0) return
    const count = this.#leftOut
    this.#leftOut = 0
    this.#waiting.push({ make: () => this.sayLeftOut(count), weight: 0 })
  }

  #soon(): void {
    if (this.#isFull) return
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#turn()
    }, GATHER_MS)
  }

  #turn(): void {
    if (this.#isFull || !this.stream.writable) return
    let text = ''
    let count = 0
    for (const { make, weight } of this.#waiting) {
      if (text.length >= TURN_CHARACTERS) break
      text += make()
      this.#weight -= weight
      count++
    }
    this.#waiting = this.#waiting.slice(count)
    if (text !== '' && !this.stream.write(text)) {
      this.#isFull = true
      this.stream.once('drain', () => {
        this.#isFull = false
        this.#turn()
      })
      return
    }
    if (this.#isDone) this.#onEmpty?.()
    else setImmediate(() => this.#turn())
  }
}

function lengthOf(lines: readonly string[]): number {
  return lines.reduce((sum, { length }) => sum + length, 0)
}
