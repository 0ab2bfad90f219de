/** Follows a script: does to a frame that has come what its rule says, and once it has gone on, what comes afterwards. */
import { fromHex, type Bytes } from '#shared/bytes'
import type { Target } from '#shared/adversary/live'
import { memberValue, type Action, type Rule } from '#shared/adversary/script'
import type { End } from '#shared/adversary/wire'
import { isForeseen, toFault } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { Deeds } from './deeds'
import type { FrameChanges } from './frame-changes'
import type { Injection } from './injection'
import type { Line } from './line'
import type { Passage } from './passage'
import type { Playbook } from './playbook'
import { nameOf, presentFrame, type SeenFrame } from './seen-frame'

export interface ScriptFollowerOptions {
  readonly playbook: Playbook
  readonly passage: Passage
  readonly changes: FrameChanges
  readonly injection: Injection
  readonly deeds: Deeds
  readonly environment: Environment
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

/** What is done once the frame of a rule has gone on. */
const AFTERWARDS: ReadonlySet<Action['does']> = new Set<Action['does']>(['send', 'forge', 'cut'])

export class ScriptFollower {
  constructor(private readonly options: ScriptFollowerOptions) {}

  /** Does to a frame what a rule says; what goes on of it, and nothing where it does not. */
  async follow({ do: actions }: Rule, frame: SeenFrame): Promise<readonly Bytes[]> {
    const after: Action[] = []
    for (const action of actions) {
      if (AFTERWARDS.has(action.does)) after.push(action)
      else if (!(await this.#act(action, frame))) return []
    }
    const changes = frame.moves.map(({ text }) => text).join(' ')
    if (changes) this.options.deeds.tell(`The script has changed ${nameOf(frame)}. ${changes}`, frame)
    // What follows on it comes once it has gone on.
    if (after.length > 0) setImmediate(() => void this.#actAfter(after, frame))
    return this.options.passage.go(frame)
  }

  /** Does one thing to a frame; false where it does not go on. */
  async #act(action: Action, frame: SeenFrame): Promise<boolean> {
    try {
      switch (action.does) {
        case 'hold':
          return await this.options.passage.hold(frame)
        case 'wait':
          return await this.#wait(frame, action.seconds)
        case 'drop':
          this.options.deeds.tell(`The script has dropped ${nameOf(frame)}.`, frame)
          this.options.passage.drop(frame)
          return false
        case 'flip':
          this.options.changes.flip(frame, action.byte, action.bit)
          return true
        case 'bytes':
          this.options.changes.edit(frame, fromHex(action.hex) ?? new Uint8Array(), action.length)
          return true
        case 'member':
          await this.options.changes.setMember(frame, action.member, memberValue(action.value))
          return true
        case 'replace':
          this.options.changes.replace(frame, presentFrame(this.options.playbook.at(action.by)))
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
    const held = this.options.passage.hold(frame)
    const callOff = this.options.environment.after(seconds * 1000, () => frame.release?.(true))
    const goesOn = await held
    callOff()
    return goesOn
  }

  async #actAfter(actions: readonly Action[], frame: SeenFrame): Promise<void> {
    for (const action of actions) {
      try {
        const on = (where: { readonly on: 'same' | 'new'; readonly to: End }): Target =>
          where.on === 'new' ? { wire: frame.line.wire } : { connection: frame.line.number, to: where.to }
        if (action.does === 'cut') this.#cut(frame.line)
        if (action.does === 'send') {
          const seen = presentFrame(this.options.playbook.at(action.frame))
          const { frame: sent } = await this.options.injection.send(seen.came, on(action), seen)
          this.options.deeds.tell(`The script has sent ${nameOf(seen)} again.`, sent)
        }
        if (action.does === 'forge') {
          const values = Object.fromEntries(
            Object.entries(action.values).map(([name, value]) => [name, memberValue(value)] as const),
          )
          const { suite, step } = action
          const { frame: sent } = await this.options.injection.forge(suite, step, values, on(action))
          this.options.deeds.tell(`The script has made a step ${step}.`, sent)
        }
      } catch (error) {
        this.#failed(error, frame)
      }
    }
  }

  /** Ends a connection; one that has ended already is not cut. */
  #cut(line: Line): void {
    if (!line.isOpen) return
    const { deeds, passage } = this.options
    deeds.keep({ does: 'cut', line: line.number })
    deeds.tell(`The script has cut connection ${line.number}.`)
    passage.cut(line)
  }

  #failed(error: unknown, frame: SeenFrame): void {
    if (!isForeseen(error)) this.options.onFailure(error)
    this.options.deeds.tell(
      `The script could not go on at ${nameOf(frame)}: ${toFault(error).message}`,
      frame,
    )
  }
}
