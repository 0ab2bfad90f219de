/**
 * Builds and accepts messages: the pure heart of the protocol. What differs between steps and suites is in their
 * definitions; the order of protocol.md section 7 (frame, opening, members, the step's own checks, freshness) is here.
 */
import { concat, toUtf8, type Bytes } from '../bytes'
import { assertNever, LabError, messageOf } from '../errors'
import { DECRYPT_FAILED, decodeAlert, encodeAlert, ProtocolError, type Alert } from './alerts'
import { CheckList } from './checks'
import type { Environment } from './environment'
import {
  checkHeader,
  checkLengthField,
  decodeHeader,
  encodeFrame,
  encodeHeader,
  HEADER_BYTES,
  headerRanges,
  LENGTH_BYTES,
  TYPE_ALERT,
  type ByteRange,
  type FrameExpectation,
} from './frame'
import { judgeFreshness } from './freshness'
import { KEYS } from './keys'
import {
  encodeMembers,
  parseObject,
  readMembers,
  type MemberRange,
  type MemberSpec,
  type MemberValue,
} from './members'
import { recordMembers, type Layer, type MessageRecord } from './record'
import type { Role } from './roles'
import type { Next } from './state'
import type { BodyLayout, LayerDefinition, OpenedBody, Step, StepTypes } from './step'
import { STEPS, type StepNumber } from './steps'
import { SUITE_NAMES, suiteOfByte, SUITES, type SuiteName } from './suites'

/** The parts of a state that every role's has. */
interface AnyState {
  readonly role: Role
  readonly suite: SuiteName | undefined
  readonly offered?: readonly SuiteName[]
  readonly next: Next
  readonly transcript: Bytes
  readonly maxAge: number
}

/** A message ready to be sent, its record, and the state after it. */
export interface Built<S> {
  readonly frame: Bytes
  readonly record: MessageRecord
  readonly state: S
}

/** A message accepted: its record and the state after it. */
export interface Accepted<S> {
  readonly record: MessageRecord
  readonly state: S
}

/** `hash(0)` of a connection (protocol.md section 4). */
export function emptyTranscript(): Promise<Bytes> {
  return sha256(toUtf8('HL/1'))
}

/** What the reader of a connection in this state may let pass. */
export function expectation(state: AnyState): FrameExpectation {
  const step = state.next.act === 'end' ? 0 : state.next.step
  const suites = state.suite ? [state.suite] : (state.offered ?? SUITE_NAMES)
  return { step, suites: suites.map((name) => SUITES[name].byte) }
}

/**
 * Builds step `number`.
 * @throws LabError `internal_error` when the state has another step next: a driver's mistake, never a peer's
 */
export async function build<N extends StepNumber>(
  number: N,
  state: StepTypes[N]['builder'],
  input: StepTypes[N]['input'],
  environment: Environment,
): Promise<Built<StepTypes[N]['builder']>> {
  const { suite: suiteName, next } = state
  if (suiteName === undefined || next.act !== 'build' || next.step !== number) {
    throw new LabError('internal_error', `Step ${number} is not to be built in this state.`)
  }
  const suite = SUITES[suiteName]
  const step: Step<StepTypes[N]['builder'], StepTypes[N]['acceptor'], StepTypes[N]['input']> =
    suite.steps[number]
  const at = environment.now()
  const started = environment.monotonic()
  const composed = await step.compose(state, input, environment)
  const parts = splitParts(step.members).map((specs) => encodeMembers(specs, composed.values))
  const header = (bodyLength: number): Bytes => encodeHeader(number, suite.byte, bodyLength)
  const plaintexts = parts.map((part) => part.bytes)
  const closed = await step.seal(composed.state, plaintexts, { header }, environment)
  const frame = encodeFrame(number, suite.byte, closed.body)
  const ranges = parts.map((part) => part.ranges)
  return {
    frame,
    record: {
      kind: 'message',
      suite: suiteName,
      step: number,
      role: state.role,
      direction: 'sent',
      at,
      took: environment.monotonic() - started,
      frame,
      ranges: frameRanges(frame, suiteName, STEPS[number].title, closed, ranges),
      layers: withOrigins(step.layers, state.role),
      plaintext: describePlaintext(plaintexts, ranges, step.members),
      members: recordMembers(step.members, composed.values),
      checks: [],
      outcome: { ok: true },
    },
    state: await advance(step.sent?.(composed.state) ?? composed.state, number, frame, suiteName),
  }
}

/**
 * Accepts a frame as step `number`.
 * @throws ProtocolError with the alert code and the step, and the record of what was found until then
 */
export async function accept<N extends StepNumber>(
  number: N,
  state: StepTypes[N]['acceptor'],
  frame: Bytes,
  environment: Environment,
): Promise<Accepted<StepTypes[N]['acceptor']>> {
  if (state.next.act !== 'accept' || state.next.step !== number) {
    throw new LabError('internal_error', `Step ${number} is not to be accepted in this state.`)
  }
  const at = environment.now()
  const started = environment.monotonic()
  const suiteName = state.suite ?? suiteOfByte(frame[6] ?? 0)?.name
  const step: Step<StepTypes[N]['builder'], StepTypes[N]['acceptor'], StepTypes[N]['input']> | undefined =
    suiteName && SUITES[suiteName].steps[number]
  const checks = new CheckList(number, [
    'frame',
    'decryption',
    'members',
    ...(step?.checks ?? []),
    'freshness',
  ])
  const draft: { -readonly [K in keyof MessageRecord]: MessageRecord[K] } = {
    kind: 'message',
    suite: suiteName,
    step: number,
    role: state.role,
    direction: 'received',
    at,
    took: 0,
    frame,
    ranges: frameRanges(frame, suiteName, STEPS[number].title),
    layers: withOrigins(step?.layers ?? [], state.role),
    members: recordMembers(step?.members ?? [], {}),
    checks: [],
    outcome: { ok: true },
  }
  try {
    checkFrame(frame, expectation(state), checks)
    if (!step || !suiteName) throw new LabError('internal_error', 'The suite has no such step.')
    if (frame[5] === TYPE_ALERT) throw new ProtocolError(readAlert(frame, number), { origin: 'peer' })
    step.admit?.(state, checks, environment)
    const header = (): Bytes => frame.slice(0, HEADER_BYTES)
    const isClear = step.layers.length === 0
    const opened = await openBody(
      () => step.open(state, frame.slice(HEADER_BYTES), { header }),
      number,
      isClear,
      checks,
    )
    const ranges = opened.objects.map((part) => part.ranges)
    draft.ranges = frameRanges(frame, suiteName, STEPS[number].title, opened, ranges)
    draft.plaintext = describePlaintext(opened.parts, ranges, step.members)
    const values = takeMembers(step.members, opened, checks)
    draft.members = recordMembers(step.members, values)
    const verified = await step.verify(opened.state ?? state, values, checks, environment)
    checkFreshness(step.members, values, state.maxAge, environment, checks)
    step.remember?.(verified, environment)
    draft.checks = checks.list()
    draft.took = environment.monotonic() - started
    return { record: draft, state: await advance(verified, number, frame, suiteName) }
  } catch (error) {
    const refusal = asProtocolError(error, number)
    const alerted = refusal.origin === 'peer'
    const record: MessageRecord = {
      ...draft,
      ...(alerted
        ? { kind: 'alert', step: refusal.step, members: [], layers: [], ...alertParts(frame) }
        : {}),
      checks: alerted ? [] : checks.list(),
      took: environment.monotonic() - started,
      outcome: { ok: false, code: refusal.code, message: refusal.message },
    }
    throw new ProtocolError(refusal, { origin: refusal.origin, record, cause: refusal.cause })
  }
}

/** The frame and record of an alert that this role sends. */
export function buildAlert(
  state: AnyState,
  alert: Alert,
  environment: Environment,
): { readonly frame: Bytes; readonly record: MessageRecord } {
  const suite = SUITES[state.suite ?? 'classic']
  const frame = alertFrame(alert, suite.name)
  const record: MessageRecord = {
    kind: 'alert',
    suite: suite.name,
    step: alert.step,
    role: state.role,
    direction: 'sent',
    at: environment.now(),
    took: 0,
    frame,
    layers: [],
    members: [],
    checks: [],
    outcome: { ok: false, code: alert.code, message: alert.message },
    ...alertParts(frame),
  }
  return { frame, record }
}

/** The bytes of an alert; where the connection has no suite yet, the first one's byte stands in the frame. */
export function alertFrame(alert: Alert, suite: SuiteName = 'classic'): Bytes {
  return encodeFrame(TYPE_ALERT, SUITES[suite].byte, encodeAlert(alert))
}

/** Any error as the protocol's own; what is not one is this program's fault and says no more than that. */
export function asProtocolError(error: unknown, step: number): ProtocolError {
  if (error instanceof ProtocolError) return error
  const message = 'The program failed while it worked on the message.'
  return new ProtocolError({ code: 'internal_error', step, message }, { cause: error })
}

function checkFrame(frame: Bytes, expected: FrameExpectation, checks: CheckList): void {
  try {
    if (frame.length >= LENGTH_BYTES)
      checkLengthField(new DataView(frame.buffer, frame.byteOffset).getUint32(0), expected.step)
    if (frame.length < HEADER_BYTES) throw truncated(expected.step)
    const header = decodeHeader(frame)
    checkHeader(header, expected)
    if (header.length + LENGTH_BYTES !== frame.length) throw truncated(expected.step)
    const reason = 'Version, suite, type, length and flags are those of the step that was expected.'
    checks.require('frame', 'malformed', {
      ok: true,
      reason,
      found: `type ${header.type}, ${header.length} bytes`,
    })
  } catch (error) {
    checks.fail('frame', messageOf(error))
    throw error
  }
}

function truncated(step: number): ProtocolError {
  const message = 'The frame ended before the number of bytes that its length field says.'
  return new ProtocolError({ code: 'malformed', step, message })
}

/** A body opened, its parts read as JSON objects. */
type Opened<S> = OpenedBody<S> & { readonly objects: readonly ReturnType<typeof parseObject>[] }

/** `isClear`: nothing is encrypted, so that a body that can't be read is malformed and not closed to anyone. */
async function openBody<S>(
  open: () => Promise<OpenedBody<S>>,
  step: StepNumber,
  isClear: boolean,
  checks: CheckList,
): Promise<Opened<S>> {
  try {
    const opened = await open()
    const objects = opened.parts.map(parseObject)
    const reason = isClear
      ? 'Nothing in this message is encrypted; what is inside is a JSON object.'
      : 'The body could be opened, and what is inside is a JSON object.'
    checks.require('decryption', 'decrypt_failed', { ok: true, reason })
    return { ...opened, objects }
  } catch (cause) {
    if (isClear) {
      checks.fail('members', `The body is not a JSON object. ${messageOf(cause)}`)
      throw new ProtocolError(
        { code: 'malformed', step, message: 'The body is not a JSON object.' },
        { cause },
      )
    }
    checks.fail('decryption', `${DECRYPT_FAILED} ${messageOf(cause)}`)
    throw new ProtocolError({ code: 'decrypt_failed', step, message: DECRYPT_FAILED }, { cause })
  }
}

function takeMembers(
  specs: readonly MemberSpec[],
  { objects, outside }: Pick<Opened<unknown>, 'objects' | 'outside'>,
  checks: CheckList,
): Readonly<Record<string, MemberValue>> {
  const values: Record<string, MemberValue> = { ...outside }
  for (const [index, part] of splitParts(specs).entries()) {
    const read = readMembers(part, objects[index]?.object ?? {})
    if ('problem' in read) checks.require('members', 'malformed', { ok: false, reason: read.problem })
    else Object.assign(values, read.values)
  }
  const expected = specs.map((spec) => spec.name).join(', ')
  checks.require('members', 'malformed', { ok: true, reason: `All members are there: ${expected}.` })
  return values
}

function checkFreshness(
  specs: readonly MemberSpec[],
  values: Readonly<Record<string, MemberValue>>,
  maxAge: number,
  environment: Environment,
  checks: CheckList,
): void {
  const timestamp = Number(values[specs.find((spec) => spec.kind === 'timestamp')?.name ?? ''])
  const now = environment.now()
  const seconds = (Math.abs(now - timestamp) / 1000).toFixed(3)
  const found = now >= timestamp ? `${seconds} s old` : `${seconds} s ahead`
  const freshness = judgeFreshness(timestamp, now, maxAge)
  const expected = `at most ${maxAge} s from the receiver’s clock`
  switch (freshness) {
    case 'fresh':
      return checks.require('freshness', 'stale_timestamp', {
        ok: true,
        reason: 'The timestamp is close enough to the receiver’s clock.',
        found,
        expected,
      })
    case 'stale':
      return checks.require('freshness', 'stale_timestamp', {
        ok: false,
        reason: `The timestamp is ${seconds} s old; the limit is ${maxAge} s.`,
        found,
        expected,
      })
    case 'future':
      return checks.require('freshness', 'future_timestamp', {
        ok: false,
        reason: `The timestamp lies ${seconds} s ahead; the limit is ${maxAge} s.`,
        found,
        expected,
      })
    default:
      return assertNever(freshness)
  }
}

/** The members of each part of the plaintext. */
function splitParts(specs: readonly MemberSpec[]): readonly (readonly MemberSpec[])[] {
  const count = 1 + Math.max(0, ...specs.map((spec) => spec.part ?? 0))
  const inside = specs.filter((spec) => !spec.outside)
  return Array.from({ length: count }, (_, part) => inside.filter((spec) => (spec.part ?? 0) === part))
}

function frameRanges(
  frame: Bytes,
  suiteName: string | undefined,
  title: string,
  layout?: BodyLayout,
  members: readonly (readonly MemberRange[])[] = [],
): readonly ByteRange[] {
  if (frame.length < HEADER_BYTES) return []
  const shift = <R extends { start: number; end: number }>(range: R): R => ({
    ...range,
    start: range.start + HEADER_BYTES,
    end: range.end + HEADER_BYTES,
  })
  const header = headerRanges(decodeHeader(frame), suiteName ?? 'unknown suite', title)
  if (!layout)
    return [
      ...header,
      shift({ name: 'body', start: 0, end: frame.length - HEADER_BYTES, note: 'not opened' }),
    ]
  const projected = members.flatMap((ranges, part) =>
    ranges.map((range) =>
      shift({
        name: range.name,
        member: range.name,
        note: 'made from this member',
        ...layout.project(part, range),
      }),
    ),
  )
  return [...header, ...layout.ranges.map(shift), ...projected]
}

function describePlaintext(
  parts: readonly Bytes[],
  ranges: readonly (readonly MemberRange[])[],
  specs: readonly MemberSpec[],
): NonNullable<MessageRecord['plaintext']> {
  const starts = parts.map((_, index) => parts.slice(0, index).reduce((sum, part) => sum + part.length, 0))
  return {
    bytes: concat(...parts),
    ranges: ranges.flatMap((members, part) =>
      members.map((range) => ({
        name: range.name,
        member: range.name,
        start: range.start + (starts[part] ?? 0),
        end: range.end + (starts[part] ?? 0),
        note:
          specs.find((spec) => spec.name === range.name)?.meaning ??
          'A member that this step does not know; ignored.',
      })),
    ),
  }
}

function withOrigins(layers: readonly LayerDefinition[], role: Role): readonly Layer[] {
  return layers.map(({ origins, ...layer }) => ({
    ...layer,
    origin: origins?.[role] ?? KEYS[layer.key].origin[role] ?? KEYS[layer.opensWith].origin[role] ?? '',
  }))
}

function readAlert(frame: Bytes, expectedStep: number): Alert {
  return decodeAlert(frame.subarray(HEADER_BYTES), expectedStep)
}

function alertParts(frame: Bytes): Pick<MessageRecord, 'ranges'> {
  const header = headerRanges(decodeHeader(frame), 'as the connection', 'alert')
  const note = 'JSON in clear: code, step and a text for people'
  return { ranges: [...header, { name: 'alert', start: HEADER_BYTES, end: frame.length, note }] }
}

async function advance<S extends AnyState>(
  state: S,
  number: StepNumber,
  frame: Bytes,
  suite: SuiteName,
): Promise<S> {
  const then = STEPS[number].then
  const act = then && STEPS[then].from === state.role ? 'build' : 'accept'
  const next: Next = then ? { act, step: then } : { act: 'end' }
  return { ...state, suite, next, transcript: await sha256(concat(state.transcript, frame)) }
}

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}
