/**
 * Both suites laid beside each other: for each step and in all, what runs that were just made have shown. Plain data without
 * the value of any key or member, for a view in another process.
 */
import {
  OPERATION_KINDS,
  OPERATIONS,
  type Operation,
  type OperationKind,
} from '../crypto/primitives/operations'
import { LabError } from '../errors'
import { HEADER_BYTES } from '../hl1/frame'
import type { ByteRange } from '../record/range'
import { isKeySymbol, type KeySymbol } from '../hl1/keys'
import type { Hl1Entry } from '../hl1/types'
import type { Role } from '../hl1/roles'
import { STEP_NUMBERS, STEPS, type StepNumber } from '../hl1/steps'
import { SUITE_NAMES, type SuiteName } from '../hl1/suites'
import type { MeasuredMessage, MeasuredRun } from './meter'
import { readersOf, type Reading } from './readers'
import { spreadOf, type Spread } from './spread'

/** How often an operation was made. */
export interface OperationCount {
  readonly operation: Operation
  readonly count: number
}

/** What one role did for one message, without making RSA keys. Times in milliseconds, over all runs. */
export interface Work {
  readonly role: Role
  readonly time: Spread
  readonly operations: readonly OperationCount[]
}

/** Bytes of a frame behind one another that are unreadable under one key, or cross in clear where there is none. */
export interface Segment {
  readonly bytes: number
  readonly key?: KeySymbol
}

/** One step of one suite. Bytes are of the last run. */
export interface StepSide {
  readonly step: StepNumber
  readonly bytes: {
    /** All that crosses the wire. */
    readonly frame: number
    /** Without the frame's header. */
    readonly body: number
    /** The JSON inside, before it was closed. */
    readonly plaintext: number
    /** The whole frame from its first byte to its last. */
    readonly segments: readonly Segment[]
  }
  readonly reading: readonly Reading[]
  readonly built: Work
  readonly checked: Work
}

/** Operations of one kind, of all roles together. */
export interface KindTotal {
  readonly kind: OperationKind
  readonly count: number
  /** The kind's operations by name. */
  readonly operations: readonly OperationCount[]
  /** Milliseconds that one operation takes, over all of all runs; absent where there was none. */
  readonly each?: Spread
  /** Milliseconds that those of one run take together. */
  readonly together?: Spread
}

export interface Totals {
  /** Bytes and frames by who sent them to whom. */
  readonly ways: readonly {
    readonly from: Role
    readonly to: Role
    readonly bytes: number
    readonly frames: number
    /** Added up by key, in the order of the steps. */
    readonly segments: readonly Segment[]
  }[]
  readonly bytes: number
  /** Of all ways together, added up by key. */
  readonly segments: readonly Segment[]
  readonly connections: number
  /** Times that one side sent and waited for the other. */
  readonly roundTrips: number
  /** In the order of the table of kinds. */
  readonly kinds: readonly KindTotal[]
  /** Milliseconds of building and checking by all roles, without making RSA keys. */
  readonly working: Spread
  /** Milliseconds of a whole run with connections and waits, without making RSA keys. */
  readonly elapsed: Spread
}

export interface SuiteSide {
  readonly suite: SuiteName
  readonly steps: Readonly<Record<StepNumber, StepSide>>
  readonly totals: Totals
}

/** What the runs were made with, and when: wall clock, milliseconds since the Unix epoch. */
export interface RunFacts {
  readonly at: number
  /** Of the keys of authority and server. */
  readonly rsaBits: number
  /** What step 7 asks. */
  readonly request: string
}

export interface Comparison extends RunFacts {
  /** Runs of each suite that the times are taken from. */
  readonly runs: number
  readonly suites: Readonly<Record<SuiteName, SuiteSide>>
}

/**
 * Lays runs side by side: bytes, readers and counts as in the last run of each suite, times over all of them.
 * @throws LabError `incomplete_run` when a run lacks a message, or one was refused
 */
export function compareSuites(
  runs: Readonly<Record<SuiteName, readonly MeasuredRun[]>>,
  facts: RunFacts,
): Comparison {
  const suites = Object.fromEntries(SUITE_NAMES.map((name) => [name, sideOf(name, runs[name])]))
  return { ...facts, runs: runs.classic.length, suites: suites as Record<SuiteName, SuiteSide> }
}

function sideOf(suite: SuiteName, runs: readonly MeasuredRun[]): SuiteSide {
  const last = present(runs.at(-1))
  const reading = readersOf(
    suite,
    last.messages.map(({ entry }) => entry),
  )
  const steps = Object.fromEntries(
    STEP_NUMBERS.map((step) => [step, stepSide(step, last, runs, reading[step])]),
  ) as Record<StepNumber, StepSide>
  return { suite, steps, totals: totalsOf(last, runs) }
}

function stepSide(
  step: StepNumber,
  last: MeasuredRun,
  runs: readonly MeasuredRun[],
  reading: readonly Reading[],
): StepSide {
  const { frame, ranges, plaintext } = messageOf(last, step, 'sent').entry
  const work = (direction: Hl1Entry['direction'], role: Role): Work => ({
    role,
    time: present(spreadOf(runs.map((run) => timeOf(messageOf(run, step, direction))))),
    operations: countOperations([messageOf(last, step, direction)]),
  })
  return {
    step,
    bytes: {
      frame: frame.length,
      body: frame.length - HEADER_BYTES,
      plaintext: plaintext?.bytes.length ?? 0,
      segments: segmentsOf(frame.length, ranges),
    },
    reading,
    built: work('sent', STEPS[step].from),
    checked: work('received', STEPS[step].to),
  }
}

/** Cuts a frame where one key begins or ends to cover its bytes. */
function segmentsOf(length: number, ranges: readonly ByteRange[]): readonly Segment[] {
  const keyAt = (offset: number): KeySymbol | undefined =>
    ranges
      .filter(({ start, end }) => start <= offset && offset < end)
      .flatMap(({ key }) => (key !== undefined && isKeySymbol(key) ? [key] : []))[0]
  const places = ranges.flatMap(({ start, end }) => [start, end]).filter((place) => place < length)
  const starts = [...new Set([0, ...places])].toSorted((a, b) => a - b)
  const segments: { bytes: number; key?: KeySymbol }[] = []
  for (const [index, start] of starts.entries()) {
    const bytes = (starts[index + 1] ?? length) - start
    const key = keyAt(start)
    const before = segments.at(-1)
    if (before && before.key === key) before.bytes += bytes
    else segments.push({ bytes, ...(key ? { key } : {}) })
  }
  return segments
}

/** Adds up segments of the same key. */
function byKey(segments: readonly Segment[]): readonly Segment[] {
  return [...new Set(segments.map(({ key }) => key))].map((key) => ({
    bytes: sum(segments.filter((segment) => segment.key === key).map(({ bytes }) => bytes)),
    ...(key ? { key } : {}),
  }))
}

function totalsOf(last: MeasuredRun, runs: readonly MeasuredRun[]): Totals {
  const sent = last.messages.map(({ entry }) => entry).filter(({ direction }) => direction === 'sent')
  const ways = [...new Set(STEP_NUMBERS.map((step) => `${STEPS[step].from} ${STEPS[step].to}`))].map(
    (way) => {
      const frames = sent.filter(({ step }) => wayOf(step as StepNumber) === way)
      const [from, to] = way.split(' ') as [Role, Role]
      const segments = byKey(frames.flatMap(({ frame, ranges }) => segmentsOf(frame.length, ranges)))
      return {
        from,
        to,
        frames: frames.length,
        bytes: sum(frames.map(({ frame }) => frame.length)),
        segments,
      }
    },
  )
  return {
    ways,
    bytes: sum(ways.map(({ bytes }) => bytes)),
    segments: byKey(ways.flatMap(({ segments }) => segments)),
    connections: new Set(sent.map(({ connection }) => connection.id)).size,
    roundTrips: roundTripsOf(sent),
    kinds: (Object.keys(OPERATION_KINDS) as OperationKind[]).map((kind) => kindTotal(kind, last, runs)),
    working: present(spreadOf(runs.map((run) => sum(run.messages.map(timeOf))))),
    elapsed: present(spreadOf(runs.map((run) => run.elapsed - sum(run.messages.map(keyGenerationOf))))),
  }
}

function wayOf(step: StepNumber): string {
  return `${STEPS[step].from} ${STEPS[step].to}`
}

/** Messages that whoever began the connection was sent in answer to their own. */
function roundTripsOf(sent: readonly Hl1Entry[]): number {
  const starters = new Map<string, Role>()
  for (const { connection, role } of sent) if (!starters.has(connection.id)) starters.set(connection.id, role)
  return sent.filter(({ connection, role }) => starters.get(connection.id) !== role).length
}

function kindTotal(kind: OperationKind, last: MeasuredRun, runs: readonly MeasuredRun[]): KindTotal {
  const operations = countOperations(last.messages).filter(
    ({ operation }) => OPERATIONS[operation].kind === kind,
  )
  const times = runs.map((run) =>
    run.messages
      .flatMap((message) => message.operations)
      .filter(({ operation }) => OPERATIONS[operation].kind === kind)
      .map(({ took }) => took),
  )
  const each = spreadOf(times.flat())
  const together = spreadOf(times.map(sum))
  const count = sum(operations.map((operation) => operation.count))
  return { kind, count, operations, ...(each && together ? { each, together } : {}) }
}

/** In the order of the table of operations. */
function countOperations(messages: readonly MeasuredMessage[]): readonly OperationCount[] {
  const made = messages.flatMap(({ operations }) => operations)
  return (Object.keys(OPERATIONS) as Operation[])
    .map((operation) => ({ operation, count: made.filter((each) => each.operation === operation).length }))
    .filter(({ count }) => count > 0)
}

/** The record of one step from one end; throws LabError `incomplete_run` where it isn't there or tells of a refusal. */
function messageOf(run: MeasuredRun, step: StepNumber, direction: Hl1Entry['direction']): MeasuredMessage {
  const found = run.messages.find(
    ({ entry }) => entry.kind === 'message' && entry.step === step && entry.direction === direction,
  )
  if (!found?.entry.outcome.ok)
    throw new LabError('incomplete_run', `A run in suite ${run.suite} has not come through step ${step}.`)
  return found
}

/** Milliseconds of building or checking a message, without making an RSA key for it. */
function timeOf(message: MeasuredMessage): number {
  return message.entry.took - keyGenerationOf(message)
}

function keyGenerationOf({ operations }: MeasuredMessage): number {
  return sum(operations.filter(({ operation }) => operation === 'rsa_generate').map(({ took }) => took))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new LabError('incomplete_run', 'There is no run to compare.')
  return value
}
