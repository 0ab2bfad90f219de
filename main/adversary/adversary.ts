/**
 * The adversary on the wire: while it is on, the lab's connections cross its relays. It has what it sees, `K_boot`, public keys,
 * and what was leaked to it on purpose; what became of its frames it is told by both ends' records, and nothing else of them.
 */
import { setMaxListeners } from 'node:events'
import { equalBytes, toHex, type Bytes } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { FrameCutter } from '#shared/hl1/frame-cutter'
import {
  LEAKS,
  WIRE_NAMES,
  type AdversaryView,
  type Fate,
  type ForgeForm,
  type FrameDetail,
  type HoldRule,
  type LeakId,
  type PoseId,
  type Target,
  type WireName,
} from '#shared/adversary/live'
import {
  changeText,
  flipBit,
  forgeForm,
  makeFrame,
  withLength,
  withMember,
  type PublicKeys,
} from '#shared/adversary/moves'
import { unread } from '#shared/adversary/reading'
import { scriptValue, type Action } from '#shared/adversary/script'
import { otherEnd, type End, type Passing, type RelayedConnection } from '#shared/adversary/wire'
import { LabError, passOwnFault, toFault, type Fault } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { KeySymbol } from '#shared/hl1/keys'
import type { Role } from '#shared/hl1/roles'
import { STEPS, type StepNumber } from '#shared/hl1/steps'
import { SUITES, type SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Connection, Endpoint } from '#shared/record/connection'
import type { MemberSpec, MemberValue } from '#shared/record/member'
import { roleAt } from '#shared/run/kept-adversary'
import type { AdversarySide } from '#shared/run/run'
import type { Settings } from '#shared/settings'
import type { Routes } from '../lab/roles'
import type { Connections } from '../net/connections'
import { connect, type OpenSocket } from '../net/socket-pipe'
import { Deeds } from './deeds'
import type { Verdict } from './fates'
import { Insight } from './insight'
import { keepSide } from './kept-side'
import { Leaks } from './leaks'
import { isSame, type Leaked, type Line } from './line'
import { Lines } from './lines'
import { Playbook } from './playbook'
import { Pose } from './poses'
import { Relay } from './relay'
import { ScriptFollower } from './script-follower'
import { nameOf, presentFrame, SeenFrame, SeenFrames } from './seen-frame'

export interface AdversaryOptions {
  readonly settings: () => Settings
  /** Where the lab's roles listen; undefined while they don't. */
  readonly listeners: () => Readonly<Record<WireName, Endpoint | undefined>>
  readonly trustAnchor: () => Certificate | undefined
  readonly publicKeys: () => PublicKeys
  /** The lab's, whose connections cross the relays. */
  readonly connections: Pick<Connections, 'relay' | 'hasOpened'>
  readonly environment: Environment
  /** What the person leaks; undefined where there is no such key now. */
  readonly leak: (id: LeakId) => Leaked | undefined
  readonly onChange: () => void
  /** It was switched on or off, or is on the way to that. */
  readonly onSwitched: () => void
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

const NO_RULE: HoldRule = { hold: 'none', patient: true }
const MOST_OWN_CONNECTIONS = 32
/** Longer than that a frame was held on purpose: a script waits as well. */
const WORTH_A_WAIT_MS = 1_000

export class Adversary {
  #status: AdversaryView['status'] = 'off'
  #switching: Promise<void> = Promise.resolve()
  #fault: Fault | undefined
  #version = 0
  #frameCount = 0
  #rule: HoldRule = NO_RULE
  /** Connections of its own that are on their way. */
  #opening = 0
  readonly #deeds: Deeds
  readonly #lines: Lines
  readonly #frames = new SeenFrames()
  readonly #playbook = new Playbook(this.#frames)
  readonly #insight: Insight
  readonly #leaks: Leaks
  readonly #pose: Pose
  readonly #follower: ScriptFollower
  readonly #relays = new Map<WireName, Relay>()
  readonly #at = new Map<WireName, Endpoint>()
  readonly #lineOf = new WeakMap<RelayedConnection, Line>()
  /** Connections are read, and scripts wait, until it is off. */
  #off = new AbortController()

  constructor(private readonly options: AdversaryOptions) {
    const { settings, environment, trustAnchor } = options
    this.#deeds = new Deeds(options)
    this.#lines = new Lines(options)
    this.#insight = new Insight({ ...options, frames: this.#frames, lines: this.#lines })
    this.#leaks = new Leaks({ ...options, lines: this.#lines, insight: this.#insight })
    this.#pose = new Pose({
      settings,
      environment,
      trustAnchor,
      connect: async () => {
        const { line, socket, pipe } = await this.#connectOwn('authority')
        line.tells.add('acceptor')
        return { pipe, local: socket.local }
      },
      onRecord: (entry) => this.#insight.readOwn(entry),
      onChange: options.onChange,
    })
    this.#follower = new ScriptFollower({
      hold: (frame) => this.#hold(frame),
      go: (frame) => this.#go(frame),
      drop: (frame) => this.#drop(frame),
      flip: (frame, byte, bit) => this.#flip(frame, byte, bit),
      edit: (frame, bytes, length) => this.#edit(frame, bytes, length),
      setMember: (frame, member, value) => this.#setMember(frame, member, value),
      replace: (frame, by) => this.#replace(frame, by),
      send: (bytes, on, seen) => this.#send(bytes, on, seen),
      forge: (suite, step, values, on) => this.#forge(suite, step, values, on),
      cut: (line) => this.#cut(line),
      deed: (text, frame) => this.#deeds.tell(text, frame),
      at: (place) => this.#playbook.at(place),
      after: (milliseconds, action) => environment.after(milliseconds, action),
      onFailure: options.onFailure,
    })
  }

  /** Where roles reach each other while it is on; nothing while it is off. */
  get routes(): Routes {
    if (this.#status !== 'on') return {}
    const [authority, server] = [this.#at.get('authority'), this.#at.get('server')]
    return {
      ...(authority && { serverToAuthority: authority }),
      ...(server && { clientToServer: server }),
    }
  }

  /** Whether receivers on a connection wait as long as it takes; undefined where it does not cross the wires. */
  patienceOf({ from, to }: Pick<Connection, 'from' | 'to'>): boolean | undefined {
    const crosses =
      [...this.#at.values()].some((at) => isSame(at, to)) ||
      this.#lines.all.some(({ isOpen, options }) => isOpen && options.onward && isSame(options.onward, from))
    return crosses ? this.#rule.patient : undefined
  }

  get isOn(): boolean {
    return this.#status === 'on'
  }

  /**
   * Switches it on; port 0 takes any free one. On already, it stays as it is.
   * @throws LabError `port_in_use`, `listen_failed`: then it is off
   */
  switchOn(ports: Partial<Readonly<Record<WireName, number>>> = {}): Promise<void> {
    return this.#next(async () => {
      if (this.#status === 'on') return
      this.#become('starting')
      this.#off = new AbortController()
      // Every connection of its own listens to it.
      setMaxListeners(0, this.#off.signal)
      this.#fault = undefined
      try {
        for (const wire of WIRE_NAMES) {
          const relay = this.#relay(wire)
          this.#at.set(wire, await relay.start(ports[wire]))
          this.#relays.set(wire, relay)
        }
        this.#become('on')
        this.#deeds.keep({ does: 'switch_on' })
        this.#deeds.tell('Switched on: connections cross its relays from now on.')
      } catch (error) {
        this.#fault = toFault(error)
        await this.#stop()
        throw error
      }
    })
  }

  /** Switches it off: connections that cross it end, and from then on nothing of it stands in the way. Off already, it stays so. */
  switchOff(): Promise<void> {
    return this.#next(async () => {
      if (this.#status === 'off') return
      this.#become('stopping')
      await this.#stop()
      this.#deeds.keep({ does: 'switch_off' })
      this.#deeds.tell('Switched off: connections that crossed its relays have ended.')
    })
  }

  /** What is held from now on. Frames that wait already, wait on. */
  setRule(rule: HoldRule): void {
    this.#rule = rule
    this.#changed()
  }

  /** @throws LabError `unknown_frame` */
  async frame(id: number): Promise<FrameDetail> {
    const frame = this.#frame(id)
    await this.#insight.settled
    return {
      id,
      came: frame.read.came ?? unread(frame.came),
      goesOn: frame.changed && (frame.read.goesOn ?? (await this.#insight.readChanged(frame))),
    }
  }

  /** Lets a held frame go on as it is now, or all of them. @throws LabError `not_held` */
  pass(id?: number): void {
    const frames = id === undefined ? this.#frames.held : [this.#held(id)]
    for (const frame of frames) {
      const waited = this.options.environment.now() - frame.at
      const wait: readonly Action[] =
        waited >= WORTH_A_WAIT_MS
          ? [{ does: 'wait', seconds: Math.min(3_600, Math.round(waited / 100) / 10) }]
          : []
      const actions = [...frame.moves.map(({ action }) => action), ...wait]
      const isRecorded = this.#playbook.record(frame, actions)
      const changes = frame.moves.map(({ text }) => text).join(' ')
      this.#deeds.tell(`Let ${nameOf(frame)} pass${changes ? `. ${changes}` : '.'}`, frame, isRecorded)
      frame.release?.(true)
    }
  }

  /** @throws LabError `not_held` */
  drop(id: number): void {
    const frame = this.#held(id)
    this.#deeds.tell(`Dropped ${nameOf(frame)}.`, frame, this.#playbook.record(frame, [{ does: 'drop' }]))
    this.#drop(frame)
  }

  /** @throws LabError `not_held` */
  revert(id: number): void {
    this.#held(id).revert()
    this.#changed()
  }

  /** @throws LabError `not_held` */
  edit(id: number, bytes: Bytes, length: 'kept' | 'recomputed'): Promise<FrameDetail> {
    return this.#change(id, async (frame) => this.#edit(frame, bytes, length))
  }

  /** @throws LabError `not_held`, `cannot_change` */
  flip(id: number, byte: number, bit: number): Promise<FrameDetail> {
    return this.#change(id, async (frame) => this.#flip(frame, byte, bit))
  }

  /** @throws LabError `not_held`, `cannot_change`, `no_key` */
  setMember(id: number, member: string, value: MemberValue): Promise<FrameDetail> {
    return this.#change(id, (frame) => this.#setMember(frame, member, value, () => void this.#held(id)))
  }

  /** @throws LabError `not_held`, `unknown_frame` */
  replace(id: number, by: number): Promise<FrameDetail> {
    return this.#change(id, async (frame) => this.#replace(frame, this.#frame(by)))
  }

  /** Sends a frame again. @throws LabError `unknown_frame`, `unknown_connection`, `connection_refused`, `not_running` */
  async send(id: number, on: Target): Promise<{ readonly connection: number }> {
    const frame = this.#frame(id)
    const place = this.#playbook.placeOf(frame)
    const ways = this.#waysOf(on)
    const isRecorded =
      place !== undefined &&
      ways !== undefined &&
      this.#playbook.record('last', [{ does: 'send', frame: place, ...ways }])
    const line = await this.#send(frame.came, on, frame)
    this.#deeds.tell(
      `Sent ${nameOf(frame)} again, to ${receiverOf(line, on)}.`,
      this.#frames.all.at(-1),
      isRecorded,
    )
    return { connection: line.number }
  }

  /** What it takes to make a step; what fits a member now is proposed, by a connection where one is named. */
  form(suite: SuiteName, step: StepNumber, connection?: number): ForgeForm {
    const line = this.#lines.get(connection)
    const hands = this.#insight.hands(line)
    return forgeForm(suite, step, hands, (spec) => this.#insight.suggest(spec, line))
  }

  /** Makes a step and sends it. @throws LabError `no_key`, and as {@link send} */
  async forge(
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ): Promise<{ readonly connection: number }> {
    const ways = this.#waysOf(on)
    const known = new Set<string>(SUITES[suite].sheets[step].members.map(({ name }) => name))
    const given = Object.fromEntries(Object.entries(values).filter(([name]) => known.has(name)))
    const asInScript = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, scriptValue(value)] as const),
    )
    const line = await this.#forge(suite, step, given, on)
    const isRecorded =
      ways !== undefined &&
      this.#playbook.record('last', [{ does: 'forge', suite, step, values: asInScript, ...ways }])
    const text = `Made a step ${step} (${STEPS[step].title}) and sent it to ${receiverOf(line, on)}.`
    this.#deeds.tell(text, this.#frames.all.at(-1), isRecorded)
    return { connection: line.number }
  }

  /** @throws LabError `unknown_connection` */
  cut(connection: number): void {
    const line = this.#lines.open(connection)
    const isLast = this.#isOfLast(line)
    this.#deeds.keep({ does: 'cut', line: connection })
    this.#deeds.tell(
      `Cut connection ${connection}.`,
      undefined,
      isLast && this.#playbook.record('last', [{ does: 'cut' }]),
    )
    this.#cut(line)
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

  /**
   * Gets a key that the person leaks.
   * @throws LabError `no_key`
   */
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
    this.#changed()
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
  observe({ direction, role, connection, outcome, step, checks }: Hl1Entry): void {
    if (direction !== 'received') return
    const check = checks.find(({ result }) => result === 'failed')?.id
    const refused = outcome.ok ? {} : { code: outcome.code, message: outcome.message, check }
    this.judge(connection, role, { ok: outcome.ok, step, ...refused })
  }

  /** A role of the lab says what it makes of the frame that it got next on a connection. */
  judge(connection: Connection, role: Role, verdict: Verdict): void {
    const line = this.#lines.of(connection)
    if (!line) return
    line.judge(connection, role, verdict)
    this.#changed()
  }

  get view(): AdversaryView {
    const { listeners, settings } = this.options
    const to = listeners()
    return {
      version: ++this.#version,
      status: this.#status,
      fault: this.#fault,
      wires: WIRE_NAMES.map((wire) => ({ wire, at: this.#at.get(wire), to: to[wire] })),
      connections: this.#lines.all.map((line) => line.view),
      frames: this.#frames.all.map((frame) => frame.row),
      forgotten: this.#frames.forgotten,
      held: this.#frames.held.map(({ id }) => id),
      ageLimit: settings().maxAge,
      rule: this.#rule,
      keys: this.#insight.keyRows(),
      leaks: this.#leaks.view,
      deeds: this.#deeds.told,
      pose: this.#pose.view,
      recorded: this.#playbook.recorded,
      script: this.#playbook.script,
    }
  }

  // Connections

  #relay(wire: WireName): Relay {
    const { environment, connections, onFailure, listeners } = this.options
    return new Relay({
      to: () => present(listeners()[wire], wire),
      timers: environment,
      connections,
      onOpen: (connection) => void this.#lineFor(connection, wire),
      onClose: (connection) => this.#lines.close(this.#lineFor(connection, wire)),
      onFrame: (passing) => this.#take(passing, this.#lineFor(passing.connection, wire)),
      onLost: (connection) => this.#cut(this.#lineFor(connection, wire)),
      serve: (socket) => (wire === 'server' ? this.#serve(socket) : undefined),
      onFailure,
    })
  }

  #lineFor(connection: RelayedConnection, wire: WireName): Line {
    const known = this.#lineOf.get(connection)
    if (known) return known
    const { opener, onward, send, cut } = connection
    const line = this.#lines.add({
      wire,
      kind: 'crossing',
      opener,
      onward,
      ends: ['opener', 'acceptor'],
      send,
      cut,
    })
    this.#lineOf.set(connection, line)
    return line
  }

  #cut(line: Line): void {
    for (const frame of this.#frames.held) if (frame.line === line) this.#drop(frame)
    line.options.cut()
  }

  /** Connects to a listener itself; what comes back is for the adversary alone. */
  async #connectOwn(wire: WireName): Promise<{ line: Line; socket: OpenSocket; pipe: OpenSocket['pipe'] }> {
    if (!this.isOn)
      throw new LabError('not_running', 'The adversary is off: it sends nothing before it is switched on.')
    const own = this.#lines.all.filter(({ isOpen, options }) => isOpen && options.kind === 'own')
    if (own.length + this.#opening >= MOST_OWN_CONNECTIONS)
      throw new LabError(
        'too_many_links',
        'The adversary has as many connections of its own as it may have: cut one.',
      )
    const { environment, listeners } = this.options
    const { signal } = this.#off
    this.#opening++
    const socket = await connect(present(listeners()[wire], wire), environment, signal).finally(
      () => void this.#opening--,
    )
    const line = this.#lines.add({
      wire,
      kind: 'own',
      opener: socket.local,
      ends: ['acceptor'],
      send: (_, bytes) => socket.pipe.write(bytes, signal),
      cut: () => socket.pipe.close(),
    })
    socket.onClose(() => this.#lines.close(line))
    return { line, socket, pipe: this.#watched(socket.pipe, line, 'opener') }
  }

  /** A pipe that is the adversary's own end of a connection: all that it says and hears is seen. */
  #watched(pipe: OpenSocket['pipe'], line: Line, own: End): OpenSocket['pipe'] {
    const other = otherEnd(own)
    const [heard, said] = [new FrameCutter(), new FrameCutter()]
    return {
      ...pipe,
      read: async (signal) => {
        const bytes = await pipe.read(signal)
        for (const piece of bytes ? heard.add(bytes) : [])
          if (piece.isFrame) this.#see(line, other, piece.bytes, { is: 'taken' })
        return bytes
      },
      write: async (bytes, signal) => {
        for (const piece of said.add(bytes)) if (piece.isFrame) this.#seeOwn(line, own, piece.bytes)
        await pipe.write(bytes, signal)
      },
    }
  }

  /** Takes what comes on a connection of its own, until that ends. */
  async #pump(pipe: OpenSocket['pipe']): Promise<void> {
    try {
      while (await pipe.read(this.#off.signal));
    } catch (error) {
      passOwnFault(error)
    }
    pipe.close()
  }

  /** Serves a client in the place of the server, while it poses as that. */
  #serve(socket: OpenSocket): Promise<void> | undefined {
    if (this.#pose.view.name === undefined) return undefined
    const line = this.#lines.add({
      wire: 'server',
      kind: 'posed',
      opener: socket.peer,
      ends: ['opener'],
      send: (_, bytes) => socket.pipe.write(bytes, this.#off.signal),
      cut: () => socket.pipe.close(),
    })
    socket.onClose(() => this.#lines.close(line))
    return this.#pose.serve(this.#watched(socket.pipe, line, 'acceptor'), socket.peer, () => line.number)
  }

  // Frames

  async #take({ from, frame: bytes }: Passing, line: Line): Promise<readonly Bytes[]> {
    const frame = this.#see(line, from, bytes, { is: 'sent' })
    const rule = this.#playbook.meet(frame)
    if (rule) return this.#follower.follow(rule, frame)
    if (!this.#isToBeHeld(frame)) return this.#go(frame)
    if (this.#rule.hold === 'next') this.#rule = { ...this.#rule, hold: 'none' }
    return (await this.#hold(frame)) ? this.#go(frame) : []
  }

  /** A frame has come that somebody else has sent. */
  #see(line: Line, from: End, bytes: Bytes, fate: Fate): SeenFrame {
    line.note(from, bytes)
    line.hearSay(from, bytes)
    const frame = this.#add(line, from, bytes, { isOwn: false })
    frame.fate = fate
    if (fate.is === 'taken') this.#playbook.meet(frame)
    return frame
  }

  /** The adversary sends a frame, in the place of one end. */
  #seeOwn(line: Line, from: End, bytes: Bytes, of?: SeenFrame): SeenFrame {
    const to = otherEnd(from)
    line.note(to, bytes)
    const frame = this.#add(line, from, bytes, { isOwn: true, of: of?.id })
    line.expect(to, frame)
    return frame
  }

  #add(
    line: Line,
    from: End,
    bytes: Bytes,
    { isOwn, of }: { readonly isOwn: boolean; readonly of?: number | undefined },
  ): SeenFrame {
    const frame = new SeenFrame(
      ++this.#frameCount,
      this.options.environment.now(),
      line,
      from,
      bytes,
      isOwn,
      of,
    )
    this.#frames.add(frame)
    this.#insight.read(frame)
    this.#changed()
    return frame
  }

  #isToBeHeld({ step, direction }: SeenFrame): boolean {
    const { hold, step: wanted = step, direction: way = direction } = this.#rule
    return hold !== 'none' && wanted === step && way === direction
  }

  /** Resolves with whether it goes on. */
  #hold(frame: SeenFrame): Promise<boolean> {
    if (!this.isOn) return Promise.resolve(false)
    const since = this.options.environment.now()
    frame.fate = { is: 'held' }
    this.#changed()
    return new Promise((resolve) => {
      frame.release = (goesOn) => {
        frame.release = undefined
        frame.heldFor = this.options.environment.now() - since
        resolve(goesOn)
      }
    })
  }

  /** What goes on of a frame that is let go. */
  #go(frame: SeenFrame): readonly Bytes[] {
    const { line, to, bytes } = frame
    frame.fate = { is: 'sent' }
    line.note(to, bytes)
    line.expect(to, frame)
    this.#changed()
    return [bytes]
  }

  #drop(frame: SeenFrame): void {
    frame.fate = { is: 'dropped' }
    frame.release?.(false)
    this.#changed()
  }

  #edit(frame: SeenFrame, bytes: Bytes, length: 'kept' | 'recomputed'): void {
    const changed = withLength(bytes, length)
    // It is in the script as it is now, whatever was done to it before.
    const hex = toHex(changed)
    const text = changeText(frame.bytes, changed)
    if (!equalBytes(frame.bytes, changed)) frame.change(changed, { does: 'bytes', hex, length: 'kept' }, text)
  }

  #flip(frame: SeenFrame, byte: number, bit: number): void {
    const text = `Flipped bit ${bit} of byte ${byte}.`
    frame.change(flipBit(frame.bytes, byte, bit), { does: 'flip', byte, bit: bit as 0 }, text)
  }

  /** `stillHeld` throws where the frame must not be changed any more. */
  async #setMember(
    frame: SeenFrame,
    member: string,
    value: MemberValue,
    stillHeld: () => void = () => undefined,
  ): Promise<void> {
    await this.#insight.settled
    const read =
      (frame.changed ? await this.#insight.readChanged(frame) : frame.read.came) ?? unread(frame.bytes)
    // What it takes to read it, it takes to seal it; the transcript is the receiver's.
    const hands = {
      ...this.#insight.hands(frame.line, frame.from),
      transcripts: frame.line.transcripts(frame.to),
    }
    const bytes = await withMember(read, member, value, hands)
    stillHeld()
    const action: Action = { does: 'member', member, value: scriptValue(value) }
    frame.change(bytes, action, `Gave ${member} another value, and sealed the message again.`)
  }

  #replace(frame: SeenFrame, by: SeenFrame): void {
    const place = this.#playbook.placeOf(by)
    const hex = toHex(by.came)
    const action: Action = place ? { does: 'replace', by: place } : { does: 'bytes', hex, length: 'kept' }
    frame.change(by.came, action, `Put ${nameOf(by)} in its place.`)
  }

  async #change(id: number, does: (frame: SeenFrame) => Promise<void>): Promise<FrameDetail> {
    const frame = this.#held(id)
    await does(frame)
    this.#changed()
    return this.frame(id)
  }

  /** Sends bytes, in the place of the other end, on a connection that is there or a new one. */
  async #send(bytes: Bytes, on: Target, of?: SeenFrame): Promise<Line> {
    const line = 'wire' in on ? await this.#newLine(on.wire) : this.#lines.open(on.connection)
    const to = 'wire' in on ? 'acceptor' : on.to
    if (!line.options.ends.includes(to))
      throw new LabError('unknown_connection', 'At that end of the connection is the adversary itself.')
    this.#seeOwn(line, otherEnd(to), bytes, of)
    await line.options.send(to, bytes)
    return line
  }

  async #newLine(wire: WireName): Promise<Line> {
    const { line, pipe } = await this.#connectOwn(wire)
    void this.#pump(pipe)
    return line
  }

  async #forge(
    suite: SuiteName,
    step: StepNumber,
    values: Readonly<Record<string, MemberValue>>,
    on: Target,
  ): Promise<Line> {
    const there = 'wire' in on ? undefined : this.#lines.open(on.connection)
    const to = 'wire' in on ? 'acceptor' : on.to
    const hands = this.#insight.hands(there, to)
    // A frame brings keys that it is closed with itself.
    const own = carriedIn(suite, step, values)
    const bytes = await makeFrame(suite, step, values, { ...hands, keys: new Map([...hands.keys, ...own]) })
    const line = await this.#send(bytes, on)
    for (const [name, key] of own) line.given.set(name, { key, from: 'own' })
    this.#insight.readAgain(line)
    return line
  }

  // Bookkeeping

  #frame(id: number): SeenFrame {
    return presentFrame(this.#frames.get(id))
  }

  #held(id: number): SeenFrame {
    const frame = this.#frame(id)
    if (!frame.isHeld) throw new LabError('not_held', 'This frame does not wait any more.')
    return frame
  }

  /** How a script says where something was sent; undefined where it has no words for it. */
  #waysOf(on: Target): { readonly on: 'same' | 'new'; readonly to: End } | undefined {
    const last = this.#frames.all.findLast(({ isOwn }) => !isOwn)?.line
    if ('wire' in on) return on.wire === last?.wire ? { on: 'new', to: 'acceptor' } : undefined
    return on.connection === last?.number ? { on: 'same', to: on.to } : undefined
  }

  #isOfLast(line: Line): boolean {
    return this.#frames.all.findLast(({ isOwn }) => !isOwn)?.line === line
  }

  async #stop(): Promise<void> {
    this.#playbook.stop()
    this.#pose.forget()
    for (const frame of this.#frames.held) {
      frame.fate = { is: 'unread' }
      frame.release?.(false)
    }
    const ended = new LabError('connection_closed', 'The adversary was switched off.')
    this.#off.abort(ended)
    for (const line of this.#lines.all) if (line.isOpen) line.options.cut()
    const relays = [...this.#relays.values()]
    this.#relays.clear()
    this.#at.clear()
    this.#rule = { ...this.#rule, hold: 'none' }
    await Promise.all(relays.map((relay) => relay.stop()))
    this.#become('off')
  }

  /** Switches one after another. */
  #next(action: () => Promise<void>): Promise<void> {
    const done = this.#switching.then(action, action)
    this.#switching = done.catch(() => undefined)
    return done
  }

  #become(status: AdversaryView['status']): void {
    this.#status = status
    this.options.onSwitched()
    this.#changed()
  }

  #changed(): void {
    this.options.onChange()
  }
}

function present(listener: Endpoint | undefined, wire: WireName): Endpoint {
  if (listener) return listener
  throw new LabError('not_running', `The ${wire} is not running: start it first.`)
}

function receiverOf(line: Line, on: Target): string {
  const to = 'wire' in on ? 'acceptor' : on.to
  return `the ${roleAt(line.wire, to)} on ${'wire' in on ? 'a new connection' : `connection ${line.number}`}`
}

/** Symmetric keys among the values of a step. */
function carriedIn(
  suite: SuiteName,
  step: StepNumber,
  values: Readonly<Record<string, MemberValue>>,
): readonly (readonly [KeySymbol, Bytes])[] {
  return SUITES[suite].sheets[step].members.flatMap(({ name, nature }: MemberSpec<KeySymbol>) => {
    const value = values[name]
    return nature.is === 'key' && value instanceof Uint8Array ? [[nature.key, value] as const] : []
  })
}
