/** Frames as they come by: seen, held by rule, and let go or dropped. */
import type { Bytes } from '#shared/bytes'
import type { Fate, HoldRule } from '#shared/adversary/live'
import type { Rule } from '#shared/adversary/script'
import { otherEnd, type End, type Passing } from '#shared/adversary/wire'
import type { Environment } from '#shared/hl1/environment'
import type { Insight } from './insight'
import type { Line } from './line'
import type { Playbook } from './playbook'
import { SeenFrame, type SeenFrames } from './seen-frame'
import type { Wires } from './wires'

export interface PassageOptions {
  readonly environment: Environment
  readonly wires: Wires
  readonly frames: SeenFrames
  readonly insight: Insight
  readonly playbook: Playbook
  /** What goes on of a frame that a rule of a script is about. */
  readonly follow: (rule: Rule, frame: SeenFrame) => Promise<readonly Bytes[]>
  readonly onChange: () => void
}

export class Passage {
  #rule: HoldRule = { hold: 'none', patient: true }
  #frameCount = 0

  constructor(private readonly options: PassageOptions) {}

  /** What is held. */
  get rule(): HoldRule {
    return this.#rule
  }

  /** What is held from now on. Frames that wait already, wait on. */
  setRule(rule: HoldRule): void {
    this.#rule = rule
    this.options.onChange()
  }

  /** Decides of a frame that crosses the wire what goes on in its place. */
  async take({ from, frame: bytes }: Passing, line: Line): Promise<readonly Bytes[]> {
    const frame = this.#see(line, from, bytes, { is: 'sent' })
    const rule = this.options.playbook.meet(frame)
    if (rule) return this.options.follow(rule, frame)
    if (!this.#isToBeHeld(frame)) return this.go(frame)
    if (this.#rule.hold === 'next') this.#rule = { ...this.#rule, hold: 'none' }
    return (await this.hold(frame)) ? this.go(frame) : []
  }

  /** A frame has come for the adversary itself. */
  takeOwn(line: Line, from: End, bytes: Bytes): void {
    this.options.playbook.meet(this.#see(line, from, bytes, { is: 'taken' }))
  }

  /** The adversary sends a frame, in the place of one end: the frame as it is seen. */
  sendOwn(line: Line, from: End, bytes: Bytes, of?: SeenFrame): SeenFrame {
    const to = otherEnd(from)
    line.note(to, bytes)
    const frame = this.#add(line, from, bytes, { isOwn: true, of: of?.id })
    line.expect(to, frame)
    return frame
  }

  /** Holds a frame until somebody releases it; resolves with whether it goes on. Off, it holds none, and none goes on. */
  hold(frame: SeenFrame): Promise<boolean> {
    const { environment, wires, onChange } = this.options
    if (!wires.isOn) return Promise.resolve(false)
    const since = environment.now()
    frame.fate = { is: 'held' }
    onChange()
    return new Promise((resolve) => {
      frame.release = (goesOn) => {
        frame.release = undefined
        frame.heldFor = environment.now() - since
        resolve(goesOn)
      }
    })
  }

  /** What goes on of a frame that is let go. */
  go(frame: SeenFrame): readonly Bytes[] {
    const { line, to, bytes } = frame
    frame.fate = { is: 'sent' }
    line.note(to, bytes)
    line.expect(to, frame)
    this.options.onChange()
    return [bytes]
  }

  /** It does not go on. */
  drop(frame: SeenFrame): void {
    frame.fate = { is: 'dropped' }
    frame.release?.(false)
    this.options.onChange()
  }

  /** Ends a connection; what is held of it is dropped. */
  cut(line: Line): void {
    for (const frame of this.options.frames.held) if (frame.line === line) this.drop(frame)
    line.options.cut()
  }

  /** Nothing is held any more, and what was does not go on. */
  stop(): void {
    for (const frame of this.options.frames.held) {
      frame.fate = { is: 'unread' }
      frame.release?.(false)
    }
    this.#rule = { ...this.#rule, hold: 'none' }
  }

  /** A frame has come that somebody else has sent. */
  #see(line: Line, from: End, bytes: Bytes, fate: Fate): SeenFrame {
    line.note(from, bytes)
    line.hearSay(from, bytes)
    const frame = this.#add(line, from, bytes, { isOwn: false })
    frame.fate = fate
    return frame
  }

  #add(
    line: Line,
    from: End,
    bytes: Bytes,
    { isOwn, of }: { readonly isOwn: boolean; readonly of?: number | undefined },
  ): SeenFrame {
    const { environment, frames, insight, onChange } = this.options
    const frame = new SeenFrame(++this.#frameCount, environment.now(), line, from, bytes, isOwn, of)
    frames.add(frame)
    insight.read(frame)
    onChange()
    return frame
  }

  #isToBeHeld({ step, direction }: SeenFrame): boolean {
    const { hold, step: wanted = step, direction: way = direction } = this.#rule
    return hold !== 'none' && wanted === step && way === direction
  }
}
