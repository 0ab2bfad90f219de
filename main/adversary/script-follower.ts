/** Follows a script: does to a frame that has come what its rule says, and once it has gone on, what comes afterwards. */
import { fromHex, type Bytes } from '#shared/bytes'
import type { Target } from '#shared/adversary/live'
import { memberValue, type Action, type Place, type Rule } from '#shared/adversary/script'
import type { End } from '#shared/adversary/wire'
import { isForeseen, toFault } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import type { MemberValue } from '#shared/record/member'
import type { Line } from './line'
import { nameOf, presentFrame, type SeenFrame } from './seen-frame'

/** What the adversary can do, as a script has it done. */
export interface Moves {
  /** Resolves with whether it goes on. */
  readonly hold: (frame: SeenFrame) => Promise<boolean>
  readonly go: (frame: SeenFrame) => readonly Bytes[]
  readonly drop: (frame: SeenFrame) => void
  readonly flip: (frame: SeenFrame, byte: number, bit: number) => void
  readonly edit: (frame: SeenFrame, bytes: Bytes, length: 'kept' | 'recomputed') => void
  readonly setMember: (frame: SeenFrame, member: string, value: MemberValue) => Promise<void>
  readonly replace: (frame: SeenFrame, by: SeenFrame) => void
  readonly send: (bytes: Bytes, on: Target, seen: SeenFrame) => Promise<unknown>
  readonly forge: (
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ) => Promise<unknown>
  readonly cut: (line: Line) => void
  readonly deed: (text: string, frame?: SeenFrame) => void
  /** The frame that a script means. */
  readonly at: (place: Place) => SeenFrame | undefined
  readonly after: Environment['after']
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

/** What is done once the frame of a rule has gone on. */
const AFTERWARDS: ReadonlySet<Action['does']> = new Set<Action['does']>(['send', 'forge', 'cut'])

export class ScriptFollower {
  constructor(private readonly moves: Moves) {}

  async follow({ do: actions }: Rule, frame: SeenFrame): Promise<readonly Bytes[]> {
    const after: Action[] = []
    for (const action of actions) {
      if (AFTERWARDS.has(action.does)) after.push(action)
      else if (!(await this.#act(action, frame))) return []
    }
    const changes = frame.moves.map(({ text }) => text).join(' ')
    if (changes) this.moves.deed(`The script has changed ${nameOf(frame)}. ${changes}`, frame)
    // What follows on it comes once it has gone on.
    if (after.length > 0) setImmediate(() => void this.#actAfter(after, frame))
    return this.moves.go(frame)
  }

  /** Does one thing to a frame; false where it does not go on. */
  async #act(action: Action, frame: SeenFrame): Promise<boolean> {
    try {
      switch (action.does) {
        case 'hold':
          return await this.moves.hold(frame)
        case 'wait':
          return await this.#wait(frame, action.seconds)
        case 'drop':
          this.moves.deed(`The script has dropped ${nameOf(frame)}.`, frame)
          this.moves.drop(frame)
          return false
        case 'flip':
          this.moves.flip(frame, action.byte, action.bit)
          return true
        case 'bytes':
          this.moves.edit(frame, fromHex(action.hex) ?? new Uint8Array(), action.length)
          return true
        case 'member':
          await this.moves.setMember(frame, action.member, memberValue(action.value))
          return true
        case 'replace':
          this.moves.replace(frame, presentFrame(this.moves.at(action.by)))
          return true
        default:
          return true
      }
    } catch (error) {
      this.#failed(error, frame)
      return true
    }
  }

  /** Holds a frame for so many seconds, unless the person decides before; false where it was dropped. */
  async #wait(frame: SeenFrame, seconds: number): Promise<boolean> {
    const held = this.moves.hold(frame)
    const callOff = this.moves.after(seconds * 1000, () => frame.release?.(true))
    const goesOn = await held
    callOff()
    return goesOn
  }

  async #actAfter(actions: readonly Action[], frame: SeenFrame): Promise<void> {
    for (const action of actions) {
      try {
        const on = (where: { readonly on: 'same' | 'new'; readonly to: End }): Target =>
          where.on === 'new' ? { wire: frame.line.wire } : { connection: frame.line.number, to: where.to }
        if (action.does === 'cut') this.moves.cut(frame.line)
        if (action.does === 'send') {
          const seen = presentFrame(this.moves.at(action.frame))
          await this.moves.send(seen.came, on(action), seen)
          this.moves.deed(`The script has sent ${nameOf(seen)} again.`, seen)
        }
        if (action.does === 'forge') {
          const values = Object.fromEntries(
            Object.entries(action.values).map(([name, value]) => [name, memberValue(value)] as const),
          )
          await this.moves.forge(action.suite, action.step, values, on(action))
          this.moves.deed(`The script has made a step ${action.step}.`)
        }
      } catch (error) {
        this.#failed(error, frame)
      }
    }
  }

  #failed(error: unknown, frame: SeenFrame): void {
    if (!isForeseen(error)) this.moves.onFailure(error)
    this.moves.deed(`The script could not go on at ${nameOf(frame)}: ${toFault(error).message}`, frame)
  }
}
