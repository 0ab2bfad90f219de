/** What the person has the adversary do and a script can say: each is done, recorded as a rule, and told as a deed. */
import type { Bytes } from '#shared/bytes'
import type { FrameDetail, Target } from '#shared/adversary/live'
import { scriptValue } from '#shared/adversary/script'
import type { End } from '#shared/adversary/wire'
import type { Environment } from '#shared/hl1/environment'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { MemberValue } from '#shared/record/member'
import { roleAt } from '#shared/run/kept-adversary'
import type { Deeds } from './deeds'
import type { FrameChanges } from './frame-changes'
import { reachedEnd, type Injection } from './injection'
import type { Insight } from './insight'
import type { Line } from './line'
import type { Lines } from './lines'
import type { Passage } from './passage'
import type { Playbook } from './playbook'
import { nameOf, type SeenFrame, type SeenFrames } from './seen-frame'

export interface ActsOptions {
  readonly environment: Environment
  readonly frames: SeenFrames
  readonly lines: Lines
  readonly insight: Insight
  readonly passage: Passage
  readonly changes: FrameChanges
  readonly injection: Injection
  readonly playbook: Playbook
  readonly deeds: Deeds
  readonly onChange: () => void
}

/** The frame after which something was sent, and where, as a script says it. */
interface After {
  readonly last: SeenFrame
  readonly ways: { readonly on: 'same' | 'new'; readonly to: End }
}

export class Acts {
  constructor(private readonly options: ActsOptions) {}

  /** Lets a held frame go on as it is now, or all of them. @throws LabError `not_held` */
  pass(id?: number): void {
    const { frames, environment, playbook, deeds } = this.options
    for (const frame of id === undefined ? frames.held : [frames.waiting(id)]) {
      const actions = frame.asActions(environment.now())
      const isRecorded = playbook.record(frame, actions)
      const changes = frame.moves.map(({ text }) => text).join(' ')
      deeds.tell(`Let ${nameOf(frame)} pass${changes ? `. ${changes}` : '.'}`, frame, isRecorded)
      frame.release?.(true)
    }
  }

  /** Drops a held frame. @throws LabError `not_held` */
  drop(id: number): void {
    const { frames, deeds, playbook, passage } = this.options
    const frame = frames.waiting(id)
    deeds.tell(`Dropped ${nameOf(frame)}.`, frame, playbook.record(frame, [{ does: 'drop' }]))
    passage.drop(frame)
  }

  /** Takes back what was done to a held frame. @throws LabError `not_held` */
  revert(id: number): void {
    const { frames, onChange } = this.options
    frames.waiting(id).revert()
    onChange()
  }

  /** Gives a held frame other bytes; resolves with how it reads now. @throws LabError `not_held`, `cannot_change` */
  edit(id: number, bytes: Bytes, length: 'kept' | 'recomputed'): Promise<FrameDetail> {
    return this.#change(id, async (frame) => this.options.changes.edit(frame, bytes, length))
  }

  /** Turns one bit of a held frame over. @throws LabError `not_held`, `cannot_change` */
  flip(id: number, byte: number, bit: number): Promise<FrameDetail> {
    return this.#change(id, async (frame) => this.options.changes.flip(frame, byte, bit))
  }

  /** Gives a member of a held frame another value, and seals it again. @throws LabError `not_held`, `cannot_change`, `no_key` */
  setMember(id: number, member: string, value: MemberValue): Promise<FrameDetail> {
    const { changes, frames } = this.options
    return this.#change(id, (frame) => changes.setMember(frame, member, value, () => void frames.waiting(id)))
  }

  /** Puts another frame in the place of a held one. @throws LabError `not_held`, `unknown_frame` */
  replace(id: number, by: number): Promise<FrameDetail> {
    const { changes, frames } = this.options
    return this.#change(id, async (frame) => changes.replace(frame, frames.present(by)))
  }

  /** Sends a frame again. @throws LabError `unknown_frame`, `unknown_connection`, `connection_refused`, `not_running` */
  async send(id: number, on: Target): Promise<{ readonly connection: number }> {
    const { frames, playbook, injection, deeds } = this.options
    const frame = frames.present(id)
    const place = playbook.placeOf(frame)
    const after = this.#after(on)
    const { line, frame: sent } = await injection.send(frame.came, on, frame)
    const isRecorded =
      place !== undefined &&
      after !== undefined &&
      playbook.record(after.last, [{ does: 'send', frame: place, ...after.ways }])
    deeds.tell(`Sent ${nameOf(frame)} again, to ${receiverOf(line, on)}.`, sent, isRecorded)
    return { connection: line.number }
  }

  /** Makes a step and sends it. @throws LabError `no_key`, and as {@link send} */
  async forge(
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ): Promise<{ readonly connection: number }> {
    const { injection, playbook, deeds } = this.options
    const after = this.#after(on)
    const known = new Set<string>(SUITES[suite].sheets[step].members.map(({ name }) => name))
    const given = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)))
    const asInScript = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, scriptValue(value)] as const),
    )
    const { line, frame } = await injection.forge(suite, step, given, on)
    const isRecorded =
      after !== undefined &&
      playbook.record(after.last, [{ does: 'forge', suite, step, values: asInScript, ...after.ways }])
    const text = `Made a step ${step} (${STEPS[step].title}) and sent it to ${receiverOf(line, on)}.`
    deeds.tell(text, frame, isRecorded)
    return { connection: line.number }
  }

  /** Ends a connection. @throws LabError `unknown_connection` */
  cut(connection: number): void {
    const { lines, deeds, playbook, passage } = this.options
    const line = lines.open(connection)
    const { last } = playbook
    deeds.keep({ does: 'cut', line: connection })
    deeds.tell(
      `Cut connection ${connection}.`,
      undefined,
      last?.line === line && playbook.record(last, [{ does: 'cut' }]),
    )
    passage.cut(line)
  }

  async #change(id: number, does: (frame: SeenFrame) => Promise<void>): Promise<FrameDetail> {
    const { frames, onChange, insight } = this.options
    const frame = frames.waiting(id)
    await does(frame)
    onChange()
    return insight.detail(frames.present(id))
  }

  /**
   * After which frame a script has something sent, and how it says where: asked before it is sent, as others may come meanwhile.
   * Undefined where it has no words for it.
   */
  #after(on: Target): After | undefined {
    const { last } = this.options.playbook
    const isSame = 'connection' in on && on.connection === last?.line.number
    const isNew = 'wire' in on && on.wire === last?.line.wire
    if (!last || !(isSame || isNew)) return undefined
    return { last, ways: { on: isSame ? 'same' : 'new', to: reachedEnd(on) } }
  }
}

function receiverOf(line: Line, on: Target): string {
  return `the ${roleAt(line.wire, reachedEnd(on))} on ${'wire' in on ? 'a new connection' : `connection ${line.number}`}`
}
