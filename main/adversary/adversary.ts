/**
 * The adversary on the wire: while it is on, the lab's connections cross its relays. It has what it sees, `K_boot`, public keys,
 * and what was leaked to it on purpose; what became of its frames it is told by both ends' records, and nothing else of them.
 */
import type { Bytes } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import {
  LEAKS,
  type AdversaryView,
  type ForgeForm,
  type FrameDetail,
  type HoldRule,
  type LeakId,
  type PoseId,
  type Target,
  type WireName,
} from '#shared/adversary/live'
import type { PublicKeys } from '#shared/adversary/moves'
import type { Rule } from '#shared/adversary/script'
import { LabError } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { Role } from '#shared/hl1/roles'
import type { StepNumber } from '#shared/hl1/steps'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Connection, Endpoint } from '#shared/record/connection'
import type { MemberValue } from '#shared/record/member'
import type { AdversarySide } from '#shared/run/run'
import type { Settings } from '#shared/settings'
import type { Routes } from '../lab/roles'
import type { Connections } from '../net/connections'
import { Acts } from './acts'
import { Deeds } from './deeds'
import { verdictOf, type Verdict } from './fates'
import { FrameChanges } from './frame-changes'
import { Injection } from './injection'
import { Insight } from './insight'
import { keepSide } from './kept-side'
import { Leaks } from './leaks'
import type { Leaked } from './line'
import { Lines } from './lines'
import { OwnEnds } from './own-ends'
import { Passage } from './passage'
import { Playbook } from './playbook'
import { Pose } from './poses'
import { ScriptFollower } from './script-follower'
import { SeenFrames, type SeenFrame } from './seen-frame'
import { Wires } from './wires'

export interface AdversaryOptions {
  readonly settings: () => Settings
  /** Where the lab's roles listen; undefined while they don't. */
  readonly listeners: () => Readonly<Record<WireName, Endpoint | undefined>>
  readonly trustAnchor: () => Certificate | undefined
  readonly publicKeys: () => PublicKeys
  /** The lab's, whose connections cross the relays. */
  readonly connections: Pick<Connections, 'relay' | 'hasOpened'>
  readonly environment: Environment
  /** A key that its owner has now, and loses where the person leaks it; undefined where there is none. */
  readonly keyToLose: (id: LeakId) => Leaked | undefined
  readonly onChange: () => void
  /** It was switched on or off, or is on the way to that. */
  readonly onSwitched: () => void
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

export class Adversary {
  #version = 0
  readonly #deeds: Deeds
  readonly #lines: Lines
  readonly #frames = new SeenFrames()
  readonly #playbook = new Playbook(this.#frames)
  readonly #wires: Wires
  readonly #insight: Insight
  readonly #leaks: Leaks
  readonly #passage: Passage
  readonly #pose: Pose
  readonly #injection: Injection
  readonly #acts: Acts

  constructor(private readonly options: AdversaryOptions) {
    const frames = this.#frames
    const playbook = this.#playbook
    const deeds = (this.#deeds = new Deeds(options))
    const lines = (this.#lines = new Lines(options))
    const insight = (this.#insight = new Insight({ ...options, frames, lines }))
    this.#leaks = new Leaks({ ...options, lines, insight })
    const wires = (this.#wires = new Wires({
      ...options,
      lines,
      onFrame: (passing, line) => this.#passage.take(passing, line),
      onLost: (line) => this.#passage.cut(line),
      serve: (socket, onFrame) => this.#pose.serve(socket, onFrame),
      onStop: () => this.#stop(),
    }))
    const follow = (rule: Rule, frame: SeenFrame): Promise<readonly Bytes[]> => follower.follow(rule, frame)
    const passage = new Passage({ ...options, wires, frames, insight, playbook, follow })
    const ends = new OwnEnds({ ...options, lines, wires, passage })
    const injection = new Injection({ lines, ends, insight, passage })
    const changes = new FrameChanges({ insight, playbook })
    const parts = { ...options, frames, lines, insight, passage, changes, injection, playbook, deeds }
    const follower = new ScriptFollower(parts)
    this.#passage = passage
    this.#injection = injection
    this.#acts = new Acts(parts)
    this.#pose = new Pose({ ...options, ends, onRecord: (entry) => insight.readOwn(entry) })
  }

  /** Where roles reach each other while it is on; nothing while it is off. */
  get routes(): Routes {
    return this.#wires.routes
  }

  /** Whether receivers on a connection wait as long as it takes; undefined where it does not cross the wires. */
  patienceOf(connection: Pick<Connection, 'from' | 'to'>): boolean | undefined {
    return this.#wires.isCrossedBy(connection) ? this.#passage.rule.patient : undefined
  }

  get isOn(): boolean {
    return this.#wires.isOn
  }

  /**
   * Switches it on; port 0 takes any free one. On already, it stays as it is.
   * @throws LabError `port_in_use`, `listen_failed`: then it is off
   */
  switchOn(ports: Partial<Readonly<Record<WireName, number>>> = {}): Promise<void> {
    return this.#wires.switchOn(ports, () => {
      this.#deeds.keep({ does: 'switch_on' })
      this.#deeds.tell('Switched on: connections cross its relays from now on.')
    })
  }

  /** Switches it off: connections that cross it end, and from then on nothing of it stands in the way. Off already, it stays so. */
  switchOff(): Promise<void> {
    return this.#wires.switchOff(() => {
      this.#deeds.keep({ does: 'switch_off' })
      this.#deeds.tell('Switched off: connections that crossed its relays have ended.')
    })
  }

  /** What is held from now on. Frames that wait already, wait on. */
  setRule(rule: HoldRule): void {
    this.#passage.setRule(rule)
  }

  /** @throws LabError `unknown_frame` */
  async frame(id: number): Promise<FrameDetail> {
    return this.#insight.detail(this.#frames.present(id))
  }

  /** Lets a held frame go on as it is now, or all of them. @throws LabError `not_held` */
  pass(id?: number): void {
    this.#acts.pass(id)
  }

  /** @throws LabError `not_held` */
  drop(id: number): void {
    this.#acts.drop(id)
  }

  /** @throws LabError `not_held` */
  revert(id: number): void {
    this.#acts.revert(id)
  }

  /** @throws LabError `not_held` */
  edit(id: number, bytes: Bytes, length: 'kept' | 'recomputed'): Promise<FrameDetail> {
    return this.#acts.edit(id, bytes, length)
  }

  /** @throws LabError `not_held`, `cannot_change` */
  flip(id: number, byte: number, bit: number): Promise<FrameDetail> {
    return this.#acts.flip(id, byte, bit)
  }

  /** @throws LabError `not_held`, `cannot_change`, `no_key` */
  setMember(id: number, member: string, value: MemberValue): Promise<FrameDetail> {
    return this.#acts.setMember(id, member, value)
  }

  /** @throws LabError `not_held`, `unknown_frame` */
  replace(id: number, by: number): Promise<FrameDetail> {
    return this.#acts.replace(id, by)
  }

  /** Sends a frame again. @throws LabError `unknown_frame`, `unknown_connection`, `connection_refused`, `not_running` */
  send(id: number, on: Target): Promise<{ readonly connection: number }> {
    return this.#acts.send(id, on)
  }

  /** What it takes to make a step; what fits a member now is proposed, by a connection where one is named. */
  form(suite: SuiteName, step: StepNumber, connection?: number): ForgeForm {
    return this.#injection.form(suite, step, connection)
  }

  /** Makes a step and sends it. @throws LabError `no_key`, and as {@link send} */
  forge(
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ): Promise<{ readonly connection: number }> {
    return this.#acts.forge(suite, step, values, on)
  }

  /** @throws LabError `unknown_connection` */
  cut(connection: number): void {
    this.#acts.cut(connection)
  }

  /** Takes one of the ready moves. @throws as {@link Pose.take}; LabError `not_running` while it is off */
  async pose(as: PoseId): Promise<void> {
    if (!this.isOn && as !== 'none')
      throw new LabError('not_running', 'The adversary is off: nobody comes by where it stands.')
    // Another one may have been taken meanwhile: what became of this one is nobody's matter then.
    if (!(await this.#pose.take(as))) return
    const { name } = this.#pose.view
    this.#deeds.keep({ does: 'pose', as, ...(name === undefined ? {} : { name }) })
    this.#deeds.tell(
      as === 'none'
        ? 'Stands in nobody’s place any more.'
        : `Stands in the server’s place, registered as ${name ?? ''}.`,
    )
  }

  /** Gets a key that the person leaks. @throws LabError `no_key` */
  leak(id: LeakId): void {
    this.#leaks.take(id)
    this.#deeds.keep({ does: 'leak', key: id })
    this.#deeds.tell(`${id} was leaked to it. ${LEAKS[id].models}`)
    this.#insight.readAgain()
  }

  /** Forgets frames, deeds, leaked keys and requests, leaves its pose and the script; what is held is held on. */
  forget(): void {
    this.#frames.clear()
    this.#deeds.forget()
    this.#leaks.forget()
    this.#insight.forget()
    this.#playbook.forget()
    this.#pose.forget()
    this.#lines.forget()
    this.#insight.readAgain()
  }

  /** What it did, as a file. */
  script(title: string): Bytes {
    return this.#playbook.file(title)
  }

  /** @throws LabError `bad_script` */
  openScript(bytes: Bytes): void {
    this.#playbook.open(bytes)
    this.#changed()
  }

  /** Follows the script from now on, or no longer. */
  runScript(run: boolean): void {
    if (run) this.#playbook.run()
    else this.#playbook.stop()
    this.#deeds.keep({ does: run ? 'run_script' : 'stop_script' })
    this.#deeds.tell(run ? 'Follows a script from now on.' : 'Follows no script any more.')
  }

  /** What is kept of it in a run file; undefined where it was never there, or everything was forgotten. */
  keep(): AdversarySide | undefined {
    const frames = this.#frames.all
    if (frames.length + this.#deeds.kept.length === 0) return undefined
    return keepSide({
      lines: this.#lines.all,
      frames,
      deeds: this.#deeds.kept,
      leaked: this.#leaks.got,
      own: this.#pose.key,
    })
  }

  /** A role of the lab has recorded a message. Nothing of it is kept but what became of the frame. */
  observe(entry: Hl1Entry): void {
    if (entry.direction === 'received') this.judge(entry.connection, entry.role, verdictOf(entry))
  }

  /** A role of the lab says what it makes of the frame that it got next on a connection. */
  judge(connection: Connection, role: Role, verdict: Verdict): void {
    const line = this.#lines.of(connection)
    if (!line) return
    line.judge(connection, role, verdict)
    this.#changed()
  }

  get view(): AdversaryView {
    return {
      version: ++this.#version,
      ...this.#wires.view,
      connections: this.#lines.all.map((line) => line.view),
      frames: this.#frames.all.map((frame) => frame.row),
      forgotten: this.#frames.forgotten,
      held: this.#frames.held.map(({ id }) => id),
      ageLimit: this.options.settings().maxAge,
      rule: this.#passage.rule,
      keys: this.#insight.keyRows(),
      leaks: this.#leaks.view,
      deeds: this.#deeds.told,
      pose: this.#pose.view,
      recorded: this.#playbook.recorded,
      script: this.#playbook.script,
    }
  }

  /** Before its relays end: it follows no script, stands in nobody's place and holds nothing. */
  #stop(): void {
    this.#playbook.stop()
    this.#pose.forget()
    this.#passage.stop()
  }

  #changed(): void {
    this.options.onChange()
  }
}
