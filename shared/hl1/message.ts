/**
 * Builds and accepts messages: the pure heart of the protocol. What differs between steps and suites is in their
 * definitions; the order of protocol.md section 7 (frame, opening, members, the step's own checks, freshness) is here.
 */
import { concat, toUtf8, type Bytes } from '../bytes'
import { sha256 } from '../crypto/primitives/hash'
import { LabError } from '../errors'
import { decodeAlert, encodeAlert, ProtocolError, type Alert } from './alerts'
import { CheckList } from './checks'
import type { Environment } from './environment'
import { encodeFrame, encodeHeader, HEADER_BYTES, TYPE_ALERT, type FrameExpectation } from './frame'
import { encodeMembers, splitParts } from './members'
import { checkFrame, checkFreshness, openBody, takeMembers } from './receiver-checks'
import { recordMembers, type MessageRecord } from '../record/record'
import { alertRanges, describePlaintext, frameRanges, limitRanges, withOrigins } from './record-parts'
import type { Role } from './roles'
import type { Next } from './state'
import type { Step, StepTypes } from './step'
import { STEPS, type StepNumber } from './steps'
import { SUITE_NAMES, suiteOfByte, SUITES, type SuiteName } from './suites'

/** A step that no frame has: only an alert passes where it is expected. */
const NO_STEP = 0
const NO_LAYERS: readonly never[] = []

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
export const EMPTY_TRANSCRIPT = sha256(toUtf8('HL/1'))

/** `hash(n)` after one more frame, whole, length field included (protocol.md section 4). */
export function extendTranscript(transcript: Bytes, frame: Bytes): Bytes {
  return sha256(concat(transcript, frame))
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
    state: await advance(
      step.sent?.(composed.state) ?? composed.state,
      number,
      frame,
      suiteName,
      step.settle,
      environment,
    ),
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
    ranges: [],
    layers: withOrigins(step?.layers ?? NO_LAYERS, state.role),
    members: [],
    checks: [],
    outcome: { ok: true },
  }
  try {
    checkFrame(frame, expectation(state), checks)
    if (!step || !suiteName) throw new LabError('internal_error', 'The suite has no such step.')
    if (frame[5] === TYPE_ALERT)
      throw new ProtocolError(decodeAlert(frame.subarray(HEADER_BYTES), number), { origin: 'peer' })
    step.admit?.(state, checks, environment)
    const header = (): Bytes => frame.slice(0, HEADER_BYTES)
    const isClear = step.layers.length === 0
    const opened = await openBody(
      () => step.open(state, frame.slice(HEADER_BYTES), { header }, environment),
      number,
      isClear,
      checks,
    )
    const ranges = opened.objects.map((part) => limitRanges(part.ranges, step.members))
    draft.ranges = frameRanges(frame, suiteName, STEPS[number].title, opened, ranges)
    draft.plaintext = describePlaintext(opened.parts, ranges, step.members)
    const values = takeMembers(step.members, opened, checks)
    draft.members = recordMembers(step.members, values)
    const verified = await step.verify(opened.state ?? state, values, checks, environment)
    checkFreshness(step.members, values, state.maxAge, environment, checks)
    step.remember?.(verified, checks, environment)
    draft.checks = checks.list()
    draft.took = environment.monotonic() - started
    return {
      record: draft,
      state: await advance(verified, number, frame, suiteName, step.settle, environment),
    }
  } catch (error) {
    const refusal = asProtocolError(error, number)
    const alerted = refusal.origin === 'peer'
    if (!draft.plaintext) draft.ranges = frameRanges(frame, suiteName, STEPS[number].title)
    if (draft.members.length === 0) draft.members = recordMembers(step?.members ?? [], {})
    const record: MessageRecord = {
      ...draft,
      ...(alerted
        ? { kind: 'alert', step: refusal.step, members: [], layers: [], ranges: alertRanges(frame) }
        : {}),
      checks: alerted ? [] : checks.list(),
      took: environment.monotonic() - started,
      outcome: { ok: false, code: refusal.code, message: refusal.message },
    }
    throw new ProtocolError(refusal, { origin: refusal.origin, record, cause: refusal.cause })
  }
}

/**
 * What comes of a frame that nobody asked for, while this role is not waiting for one: an alert is the peer's word,
 * anything else is refused as `unexpected_message`. Nothing of it is opened.
 */
export function refuseUnasked(state: AnyState, frame: Bytes, environment: Environment): ProtocolError {
  const { step, suites } = expectation(state)
  const at = environment.now()
  const checks = new CheckList(step, ['frame'])
  let refusal: ProtocolError
  try {
    checkFrame(frame, { step: NO_STEP, suites }, checks)
    refusal = new ProtocolError(decodeAlert(frame.subarray(HEADER_BYTES), step), { origin: 'peer' })
  } catch (error) {
    const { code, message, step: named } = asProtocolError(error, step)
    const unasked = 'The peer sent a message that nobody had asked for.'
    refusal = new ProtocolError({
      code,
      step: named || step,
      message: code === 'unexpected_message' ? unasked : message,
    })
  }
  const alerted = refusal.origin === 'peer'
  const record: MessageRecord = {
    kind: alerted ? 'alert' : 'message',
    suite: state.suite,
    step: refusal.step,
    role: state.role,
    direction: 'received',
    at,
    took: 0,
    frame,
    ranges: alerted ? alertRanges(frame) : frameRanges(frame, state.suite, 'not asked for'),
    layers: [],
    members: [],
    checks: alerted ? [] : checks.list(),
    outcome: { ok: false, code: refusal.code, message: refusal.message },
  }
  return new ProtocolError(refusal, { origin: refusal.origin, record })
}

/** The frame and record of an alert that this role sends. */
export function buildAlert(
  state: Pick<AnyState, 'role' | 'suite'>,
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
    ranges: alertRanges(frame),
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

async function advance<S extends AnyState>(
  state: S,
  number: StepNumber,
  frame: Bytes,
  suite: SuiteName,
  settle: ((state: S, environment: Environment) => Promise<S>) | undefined,
  environment: Environment,
): Promise<S> {
  const then = STEPS[number].then
  const act = then && STEPS[then].from === state.role ? 'build' : 'accept'
  const next: Next = then ? { act, step: then } : { act: 'end' }
  const isBound = SUITES[suite].transcript.includes(number)
  const transcript = isBound ? extendTranscript(state.transcript, frame) : state.transcript
  const after = { ...state, suite, next, transcript }
  return settle ? settle(after, environment) : after
}
