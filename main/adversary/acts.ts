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
import type { Injection } from './injection'
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
    const ways = this.#waysOf(on)
    const line = await injection.send(frame.came, on, frame)
    const isRecorded =
      place !== undefined &&
      ways !== undefined &&
      playbook.record('last', [{ does: 'send', frame: place, ...ways }])
    deeds.tell(`Sent ${nameOf(frame)} again, to ${receiverOf(line, on)}.`, frames.all.at(-1), isRecorded)
    return { connection: line.number }
  }

  /** Makes a step and sends it. @throws LabError `no_key`, and as {@link send} */
  async forge(
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ): Promise<{ readonly connection: number }> {
    const { injection, playbook, deeds, frames } = this.options
    const ways = this.#waysOf(on)
    const known = new Set<string>(SUITES[suite].sheets[step].members.map(({ name }) => name))
    const given = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)))
    const asInScript = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, scriptValue(value)] as const),
    )
    const line = await injection.forge(suite, step, given, on)
    const isRecorded =
      ways !== undefined &&
      playbook.record('last', [{ does: 'forge', suite, step, values: asInScript, ...ways }])
    const text = `Made a step ${step} (${STEPS[step].title}) and sent it to ${receiverOf(line, on)}.`
    deeds.tell(text, frames.all.at(-1), isRecorded)
    return { connection: line.number }
  }

  /** Ends a connection. @throws LabError `unknown_connection` */
  cut(connection: number): void {
    const { lines, deeds, playbook, passage } = this.options
    const line = lines.open(connection)
    const isLast = this.#lastLine === line
    deeds.keep({ does: 'cut', line: connection })
    deeds.tell(
      `Cut connection ${connection}.`,
      undefined,
      isLast && playbook.record('last', [{ does: 'cut' }]),
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

  /** How a script says where something was sent; undefined where it has no words for it. */
  #waysOf(on: Target): { readonly on: 'same' | 'new'; readonly to: End } | undefined {
    const last = this.#lastLine
    if ('wire' in on) return on.wire === last?.wire ? { on: 'new', to: 'acceptor' } : undefined
    return on.connection === last?.number ? { on: 'same', to: on.to } : undefined
  }

  /** The connection on which somebody else has sent a frame last. */
  get #lastLine(): Line | undefined {
    return this.options.frames.all.findLast(({ isOwn }) => !isOwn)?.line
  }
}

function receiverOf(line: Line, on: Target): string {
  const to = 'wire' in on ? 'acceptor' : on.to
  return `the ${roleAt(line.wire, to)} on ${'wire' in on ? 'a new connection' : `connection ${line.number}`}`
}
