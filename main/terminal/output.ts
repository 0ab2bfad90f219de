/**
 * What a run prints, on its way out. Nobody waits for it: blocks are put into words, and written, in turns between those of the
 * conversations, many at a time. What nobody reads is not kept without end: past a bound blocks are left out, and counted.
 */
import type { Writable } from 'node:stream'

/** A block of lines without the last line feed, or what makes it, once it is its turn. */
export type Block = string | (() => string)

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
  readonly block: Block
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

  /** @param sayLeftOut what is printed where so many blocks are missing */
  constructor(
    private readonly stream: Pick<Writable, 'write' | 'once' | 'writable'>,
    private readonly bounds: OutputBounds,
    private readonly sayLeftOut: (count: number) => string,
  ) {}

  /** Prints a block. `weight`: about as much as it keeps in memory until then, in bytes; its length unless given. */
  readonly print = (block: Block, weight = typeof block === 'string' ? block.length : 0): void => {
    const isOver = this.#waiting.length >= this.bounds.blocks || this.#weight + weight > this.bounds.weight
    // The first is taken however long it is: it may be the only one.
    if (isOver && this.#waiting.length > 0) {
      this.#leftOut++
      return
    }
    this.#tellLeftOut()
    this.#waiting.push({ block, weight })
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
    this.#waiting.push({ block: this.sayLeftOut(this.#leftOut), weight: 0 })
    this.#leftOut = 0
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
    for (const { block, weight } of this.#waiting) {
      if (text.length >= TURN_CHARACTERS) break
      text += `${typeof block === 'string' ? block : block()}\n`
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
