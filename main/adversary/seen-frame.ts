/** Frames as the adversary has seen or made them, as many as it keeps. */
import { equalBytes, type Bytes } from '#shared/bytes'
import { SCRIPT_BOUNDS, wayText, type Action } from '#shared/adversary/script'
import type { Direction, Fate, FrameRow, ReadBytes } from '#shared/adversary/live'
import { kindOf, titleOf } from '#shared/adversary/reading'
import { otherEnd, stepOf, type End } from '#shared/adversary/wire'
import { LabError } from '#shared/errors'
import { roleAt } from '#shared/run/kept-adversary'
import type { Line } from './line'

/** What is kept at most. */
export const FRAMES_KEPT = { count: 500, bytes: 16 * 1024 * 1024 } as const

/** One frame, and what was done to it. */
export class SeenFrame {
  /** Ends that it is held, while it is: it goes on as it is now, or not at all. */
  release: ((goesOn: boolean) => void) | undefined
  /** What goes on in its place; undefined while that is what came. */
  changed: Bytes | undefined
  /** What was done to it while it was held, and how that is said. */
  moves: readonly { readonly action: Action; readonly text: string }[] = []
  /** It is the adversary's own end that has it: nothing has to be opened. */
  isKnown = false
  fate: Fate = { is: 'sent' }
  /** It was held for so many milliseconds; undefined where it was not, or is still. */
  heldFor: number | undefined
  readonly #title: string
  /** How the bytes that came read, once somebody has tried. */
  read: ReadBytes | undefined

  constructor(
    readonly id: number,
    readonly at: number,
    readonly line: Line,
    /** The end that has sent it, or in whose place the adversary did. */
    readonly from: End,
    readonly came: Bytes,
    readonly isOwn: boolean,
    readonly of?: number,
  ) {
    this.#title = titleOf(came)
  }

  get to(): End {
    return otherEnd(this.from)
  }

  /** What goes on, or went on. */
  get bytes(): Bytes {
    return this.changed ?? this.came
  }

  get step(): number {
    return this.came.length < HEADER ? 0 : stepOf(this.came)
  }

  get direction(): Direction {
    const { wire } = this.line
    // Of all pairs of roles these are the two ways along a wire.
    return `${roleAt(wire, this.from)}_to_${roleAt(wire, this.to)}` as Direction
  }

  get isHeld(): boolean {
    return this.release !== undefined
  }

  /** It reaches its receiver as its sender has not sent it. */
  get isForged(): boolean {
    return this.isOwn || this.changed !== undefined
  }

  /**
   * Something is done to it while it is held. Other bytes for all of it take the place of what was done before.
   * @throws LabError `cannot_change` where too much was done to it already
   */
  change(bytes: Bytes, action: Action, text: string): void {
    const isAsItCame = equalBytes(bytes, this.came)
    const before = action.does === 'bytes' || isAsItCame ? [] : this.moves
    if (before.length >= SCRIPT_BOUNDS.actions)
      throw new LabError('cannot_change', `No more than ${SCRIPT_BOUNDS.actions} changes of one message.`)
    this.changed = isAsItCame ? undefined : bytes
    this.moves = isAsItCame ? [] : [...before, { action, text }]
  }

  /** What a script has to do to have it as it goes on at this time: what was done to it, and the wait where that was long. */
  asActions(now: number): readonly Action[] {
    const waited = now - this.at
    const wait: readonly Action[] =
      waited >= WORTH_A_WAIT_MS
        ? [{ does: 'wait', seconds: Math.min(3_600, Math.round(waited / 100) / 10) }]
        : []
    return [...this.moves.map(({ action }) => action), ...wait]
  }

  /** Takes back what was done to it. */
  revert(): void {
    this.changed = undefined
    this.moves = []
  }

  get row(): FrameRow {
    const { line, id, at, came, isOwn, of, moves, fate, read, step, direction } = this
    const missing = read?.missing ?? []
    const isClosed = read === undefined || missing.length > 0 || read.unfit.length > 0
    const isPart = read !== undefined && (read.members.length > 0 || read.plaintexts.length > 0)
    return {
      id,
      at,
      connection: line.number,
      wire: line.wire,
      direction,
      isOwn,
      of,
      step,
      title: this.#title,
      suite: kindOf(came).suite,
      length: came.length,
      readable: isClosed ? (isPart ? 'part' : 'none') : 'all',
      missing,
      changes: moves.map(({ text }) => text),
      fate,
    }
  }
}

const HEADER = 8
/** Longer than that a frame was held on purpose: a script waits as well. */
const WORTH_A_WAIT_MS = 1_000

/** The newest frames, within bounds; what is held is not forgotten. */
export class SeenFrames {
  readonly #frames = new Map<number, SeenFrame>()
  #bytes = 0
  #forgotten = 0

  get all(): readonly SeenFrame[] {
    return [...this.#frames.values()]
  }

  /** Those that wait, in the order in which they came. */
  get held(): readonly SeenFrame[] {
    return this.all.filter(({ isHeld }) => isHeld)
  }

  /** How many of the oldest are gone. */
  get forgotten(): number {
    return this.#forgotten
  }

  get(id: number): SeenFrame | undefined {
    return this.#frames.get(id)
  }

  /** @throws LabError `unknown_frame` */
  present(id: number): SeenFrame {
    return presentFrame(this.get(id))
  }

  /** One that waits. @throws LabError `unknown_frame`, `not_held` */
  waiting(id: number): SeenFrame {
    const frame = this.present(id)
    if (!frame.isHeld) throw new LabError('not_held', 'This frame does not wait any more.')
    return frame
  }

  add(frame: SeenFrame): void {
    this.#frames.set(frame.id, frame)
    this.#bytes += frame.came.length
    for (const oldest of this.#frames.values()) {
      if (this.#frames.size <= FRAMES_KEPT.count && this.#bytes <= FRAMES_KEPT.bytes) return
      if (oldest.isHeld || oldest === frame) continue
      this.#forget(oldest)
      this.#forgotten++
    }
  }

  /** Forgets all that are not held, and of the others how they read. */
  clear(): void {
    for (const frame of this.all) {
      if (frame.isHeld) frame.read = undefined
      else this.#forget(frame)
    }
    this.#forgotten = 0
  }

  #forget(frame: SeenFrame): void {
    this.#frames.delete(frame.id)
    this.#bytes -= frame.came.length
  }
}

/** @throws LabError `unknown_frame` */
export function presentFrame(frame: SeenFrame | undefined): SeenFrame {
  if (frame) return frame
  throw new LabError('unknown_frame', 'This frame was forgotten, or has not come yet.')
}

/** “step 4 from server to client”. */
export function nameOf({ step, direction }: SeenFrame): string {
  return `${step === 0 ? 'an alert' : `step ${step}`} ${wayText(direction)}`
}
