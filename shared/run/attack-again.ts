/**
 * A run of an attack looked at again: the environment that its lab had, to make checks in, and its oracle, which judges once more. Nobody
 * connects to anything here; no lab ever gets this environment.
 */
import { attackById } from '../adversary/attacks'
import { isCell } from '../adversary/matrix'
import { judge } from '../adversary/outcome'
import { runOf, type AttackRun } from '../adversary/run'
import { environmentWithout } from '../adversary/without'
import { equalBytes, type Bytes } from '../bytes'
import { heldAt } from '../held'
import type { Environment } from '../hl1/environment'
import { HEADER_BYTES } from '../hl1/frame'
import type { Role } from '../hl1/roles'
import type { Hl1Entry } from '../hl1/types'
import { SameBytes } from '../same-bytes'
import { badRun } from './decode'
import { memberText } from './members'
import type { KeptAttack, Run } from './run'

/** The environment of a run's checks: that of its lab, where it is a run of an attack; else as it is. */
export function environmentOf({ attack }: Run, environment: Environment): Environment {
  return attack ? environmentWithout(environment, new Set(attack.without)) : environment
}

/**
 * What of an attack's run does not fit its records, a sentence each: its oracle judges again.
 * @throws LabError `bad_run` for an attack that there is none of, or a lab that it never runs in
 */
export function attackAgain(run: Run): readonly string[] {
  const { attack } = run
  if (!attack) return []
  const { outcome, why } = judgedAgain(run, attack)
  const isSame =
    JSON.stringify(plain(outcome)) === JSON.stringify(plain(attack.outcome)) && why === attack.why
  return [
    ...(isSame
      ? []
      : [`What the attack has come to is otherwise than its oracle says now: ${outcome.is}. ${why}`]),
    ...(attack.outcome.is === 'succeeded' || run.records.some(({ suite }) => suite === attack.suite)
      ? []
      : ['Nothing of the run is of the suite that the attack was made on.']),
    ...unheardAnswers(attack, run.records),
    ...lostFrames(attack, run.records),
  ]
}

/**
 * The run as the window *Attacks* shows one.
 * @throws LabError `bad_run` as {@link attackAgain}
 */
export function attackRunOf(run: Run, attack: KeptAttack): AttackRun {
  const { attack: id, suite, without, outcome, why, frames } = attack
  const cell = { attack: id, suite, without, outcome, took: 0 }
  return runOf(known(attack), cell, { records: run.records, frames }, why)
}

function judgedAgain(run: Run, attack: KeptAttack): ReturnType<typeof judge> {
  const { word, claim, operations, frames } = attack
  const settings = heldAt(run.settings, run.savedAt)
  if (!settings) throw badRun('settings', 'There are none.')
  return judge(known(attack), { records: run.records, frames, operations, stage: { word, settings } }, claim)
}

function known({ attack: id, suite, without }: KeptAttack): NonNullable<ReturnType<typeof attackById>> {
  const found = attackById(id)
  if (!found || !isCell({ attack: id, suite, without }))
    throw badRun('attack', 'There is no such attack, or it is never run without that.')
  return found
}

/** An outcome without members that are not there, in one order. */
function plain(outcome: KeptAttack['outcome']): unknown {
  if (outcome.is !== 'stopped') return outcome
  const { by, missing } = outcome
  return [outcome.is, by && [by.role, by.step, by.check, by.code, by.reason], missing]
}

/** Answers that clients are said to have got, and that no message has brought. */
function unheardAnswers({ operations }: KeptAttack, records: readonly Hl1Entry[]): readonly string[] {
  const heard = new Set(
    records
      .filter(({ role, step, outcome: { ok } }) => role === 'client' && step === 8 && ok)
      .map((entry) => memberText(entry, 'data')),
  )
  return operations.flatMap(({ what, answer }) =>
    what === 'request' && answer !== undefined && !heard.has(answer)
      ? ['A client is said to have got an answer that no message has brought.']
      : [],
  )
}

/** Frames on the wires beside what honest roles have recorded: each was sent so by whom it is from, and each that was read came by. */
function lostFrames({ frames }: KeptAttack, records: readonly Hl1Entry[]): readonly string[] {
  const same = new SameBytes()
  const [sent, got] = [new Counts(same), new Counts(same)]
  const recorded = { sent: new Counts(same), received: new Counts(same) }
  for (const { from, to, frame } of frames) {
    if (from !== 'adversary') sent.add(from, frame)
    if (to !== 'adversary') got.add(to, frame)
  }
  for (const { role, direction, frame } of records) recorded[direction].add(role, frame)
  // Connections that cross no wire are none that the adversary had anything of.
  const crossing = new Set(
    records
      .filter(({ role, frame }) => sent.has(role, frame) || got.has(role, frame))
      .map(({ connection }) => connection.id),
  )
  const unsent = frames.filter(
    ({ from, frame }) => from !== 'adversary' && !sent.isWithin(recorded.sent, from, frame),
  )
  // What was said last may be on its way still when a connection ends.
  const uncrossed = records.filter(
    ({ role, direction, frame, connection }) =>
      direction === 'received' &&
      crossing.has(connection.id) &&
      !recorded.received.isWithin(got, role, frame) &&
      // Of a frame that is refused for its header no more is read.
      !frames.some(({ to, frame: whole }) => to === role && isBeginning(frame, whole)),
  )
  return [
    ...unsent.map(({ from, step }) => `A step ${step} on the wire is none that the ${from} has sent.`),
    ...uncrossed.map(
      ({ id, role, step }) => `A step ${step} that the ${role} got (${id}) has never crossed the wire.`,
    ),
  ]
}

/** How often each role has had each frame. */
class Counts {
  readonly #counts = new Map<string, number>()

  constructor(private readonly same: SameBytes) {}

  add(role: Role, frame: Uint8Array): void {
    const key = this.#keyOf(role, frame)
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  has(role: Role, frame: Uint8Array): boolean {
    return this.#counts.has(this.#keyOf(role, frame))
  }

  /** Whether a role has had a frame no more often here than there. */
  isWithin(others: Counts, role: Role, frame: Uint8Array): boolean {
    const key = this.#keyOf(role, frame)
    return (this.#counts.get(key) ?? 0) <= (others.#counts.get(key) ?? 0)
  }

  #keyOf(role: Role, frame: Uint8Array): string {
    return `${role} ${this.same.numberOf(frame)}`
  }
}

function isBeginning(frame: Bytes, whole: Bytes): boolean {
  return frame.length === HEADER_BYTES && equalBytes(frame, whole.subarray(0, HEADER_BYTES))
}
