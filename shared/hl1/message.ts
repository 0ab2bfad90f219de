/**
 * Builds and accepts messages: the pure heart of the protocol. What differs between steps and suites is in their
 * sheets and conducts; the order of protocol.md section 7 (frame, opening, members, the step's own checks, freshness) is here.
 */
import { concat, toUtf8, type Bytes } from '../bytes'
import { sha256 } from '../crypto/primitives/hash'
import { LabError } from '../errors'
import { layoutOf } from '../record/layout'
import type { MemberValue } from '../record/member'
import { recordMembers } from '../record/record'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { decodeAlert, encodeAlert, ProtocolError, type Alert } from './alerts'
import { CHECKS_OF_ALL } from './check-table'
import { CheckList } from './checks'
import type { Conduct, OpenedBody, StepTypes } from './conduct'
import { CONDUCTS } from './conducts'
import { atMoment, workClock, type Environment } from './environment'
import {
  encodeFrame,
  encodeHeader,
  HEADER_BYTES,
  headerField,
  TYPE_ALERT,
  type FrameExpectation,
} from './frame'
import { encodeMembers } from './members'
import { checkFrame, checkFreshness, openBody, takeMembers } from './receiver-checks'
import { alertRanges, describePlaintext, frameRanges, layersSeenBy } from './record-parts'
import type { Role } from './roles'
import type { Next } from './state'
import { STEPS, type StepNumber } from './steps'
import { SUITE_NAMES, suiteOfByte, SUITES, type SuiteName } from './suites'
import { HL1_ID, type Hl1Record } from './types'

/** A step that no frame has: only an alert passes where it is expected. */
const NO_STEP = 0

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
  readonly record: Hl1Record
  readonly state: S
}

/** A message accepted: its record and the state after it. */
export interface Accepted<S> {
  readonly record: Hl1Record
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
  const sheet = suite.sheets[number]
  const conduct = conductOf(suiteName, number)
  const clock = workClock(environment)
  const { monotonic, then } = atMoment({ ...environment, now: clock.now })
  const composed = await conduct.compose(state, input, then)
  // What is long is made in turns with other work.
  const isLong = Object.values(composed.values).some(isLongText)
  if (isLong) await nextTurn()
  const parts = sheet.objects.map((specs) => encodeMembers(specs, composed.values))
  const header = (bodyLength: number): Bytes => encodeHeader(number, suite.byte, bodyLength)
  const plaintexts = parts.map((part) => part.bytes)
  if (isLong) await nextTurn()
  const body = await conduct.seal(composed.state, plaintexts, { header }, environment)
  if (isLong) await nextTurn()
  const frame = encodeFrame(number, suite.byte, body)
  const ranges = parts.map((part) => part.ranges)
  return {
    frame,
    record: {
      protocol: HL1_ID,
      kind: 'message',
      suite: suiteName,
      step: number,
      role: state.role,
      direction: 'sent',
      at: clock.began(),
      took: clock.took(),
      monotonic,
      frame,
      ranges: frameRanges(
        frame,
        suiteName,
        STEPS[number].title,
        layoutOf(sheet.term, frame, HEADER_BYTES),
        ranges,
      ),
      layers: layersSeenBy(suiteName, number, state.role),
      plaintext: describePlaintext(plaintexts, ranges, sheet.members),
      members: recordMembers(sheet.members, composed.values),
      checks: [],
      outcome: { ok: true },
    },
    state: await advance(
      conduct.sent?.(composed.state) ?? composed.state,
      number,
      frame,
      suiteName,
      environment,
    ),
  }
}

/**
 * Accepts a frame as step `number`, by the clocks as they are when it begins.
 * @param opened the body opened, where whoever asks has done that: who makes the checks of a recorded message again
 * @throws ProtocolError with the alert code and the step, and the record of what was found until then
 */
export async function accept<N extends StepNumber>(
  number: N,
  state: StepTypes[N]['acceptor'],
  frame: Bytes,
  environment: Environment,
  opened?: () => Promise<OpenedBody<StepTypes[N]['acceptor']>>,
): Promise<Accepted<StepTypes[N]['acceptor']>> {
  if (state.next.act !== 'accept' || state.next.step !== number) {
    throw new LabError('internal_error', `Step ${number} is not to be accepted in this state.`)
  }
  const at = environment.now()
  const started = environment.monotonic()
  const { monotonic, then } = atMoment({ ...environment, now: () => at })
  const suiteName = state.suite ?? suiteOfByte(headerField(frame, 'suite'))?.name
  const sheet = suiteName && SUITES[suiteName].sheets[number]
  const planned = [...CHECKS_OF_ALL.before, ...(sheet?.checks ?? []), ...CHECKS_OF_ALL.after]
  const checks = new CheckList(number, planned, environment.without)
  const draft: { -readonly [K in keyof Hl1Record]: Hl1Record[K] } = {
    protocol: HL1_ID,
    kind: 'message',
    suite: suiteName,
    step: number,
    role: state.role,
    direction: 'received',
    at,
    took: 0,
    monotonic,
    frame,
    ranges: [],
    layers: layersSeenBy(suiteName, number, state.role),
    members: [],
    checks: [],
    outcome: { ok: true },
  }
  try {
    checkFrame(frame, expectation(state), checks)
    // An alert may come in any suite, also in one that there is not.
    if (headerField(frame, 'type') === TYPE_ALERT)
      throw new ProtocolError(decodeAlert(frame.subarray(HEADER_BYTES), number), { origin: 'peer' })
    if (!sheet || !suiteName) throw new LabError('internal_error', 'The suite has no such step.')
    const conduct = conductOf(suiteName, number)
    conduct.admit?.(state, checks, then)
    const header = (): Bytes => frame.slice(0, HEADER_BYTES)
    const isClear = sheet.layers.length === 0
    const body = frame.slice(HEADER_BYTES)
    const inside = await openBody(
      opened ?? (() => conduct.open(state, body, { header }, then)),
      { step: number, members: sheet.members, isClear },
      checks,
    )
    const ranges = inside.objects.map((part) => part.ranges)
    draft.ranges = frameRanges(
      frame,
      suiteName,
      STEPS[number].title,
      layoutOf(sheet.term, frame, HEADER_BYTES),
      ranges,
    )
    draft.plaintext = describePlaintext(inside.parts, ranges, sheet.members)
    const values = takeMembers(sheet, inside, checks)
    draft.members = recordMembers(sheet.members, values)
    const verified = await conduct.verify(inside.state ?? state, values, checks, then)
    checkFreshness(sheet.members, values, state.maxAge, then, checks)
    await conduct.remember?.(verified, checks, then)
    draft.checks = checks.list()
    draft.took = environment.monotonic() - started
    return {
      record: draft,
      state: await advance(verified, number, frame, suiteName, environment),
    }
  } catch (error) {
    const refusal = asProtocolError(error, number)
    const alerted = refusal.origin === 'peer'
    if (!draft.plaintext) draft.ranges = frameRanges(frame, suiteName, STEPS[number].title)
    if (draft.members.length === 0) draft.members = recordMembers(sheet?.members ?? [], {})
    const record: Hl1Record = {
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
    const { code, message, step: named, cause } = asProtocolError(error, step)
    const unasked = 'The peer sent a message that nobody had asked for.'
    const text = code === 'unexpected_message' ? unasked : message
    refusal = new ProtocolError({ code, step: named || step, message: text }, { cause })
  }
  const alerted = refusal.origin === 'peer'
  const record: Hl1Record = {
    protocol: HL1_ID,
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
  return new ProtocolError(refusal, { origin: refusal.origin, record, cause: refusal.cause })
}

/** The frame and record of an alert that this role sends. */
export function buildAlert(
  state: Pick<AnyState, 'role' | 'suite'>,
  alert: Alert,
  environment: Environment,
): { readonly frame: Bytes; readonly record: Hl1Record } {
  const suite = SUITES[state.suite ?? 'classic']
  const frame = alertFrame(alert, suite.name)
  const record: Hl1Record = {
    protocol: HL1_ID,
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

function isLongText(value: MemberValue): boolean {
  return typeof value === 'string' && value.length > BYTES_PER_TURN
}

/** What both sides do at a step, with the types that go with its number. */
function conductOf<N extends StepNumber>(
  suite: SuiteName,
  number: N,
): Conduct<StepTypes[N]['builder'], StepTypes[N]['acceptor'], StepTypes[N]['input']> {
  return CONDUCTS[suite][number]
}

/** What comes next for a role once a step was sent or accepted (protocol.md section 1, order). */
export function nextAfter(number: StepNumber, role: Role): Next {
  const { then } = STEPS[number]
  if (!then) return { act: 'end' }
  return { act: STEPS[then].from === role ? 'build' : 'accept', step: then }
}

/** See {@link Conduct.settle}. */
type Settle<S> = (state: S, environment: Environment) => Promise<S>

/**
 * What a role knows once a frame of its connection is sent or accepted as step `number`: what comes next, the suite, the transcript.
 * For who follows a recorded connection; `build` and `accept` do it themselves.
 */
export async function advance<S extends AnyState>(
  state: S,
  number: StepNumber,
  frame: Bytes,
  suite: SuiteName,
  environment: Environment,
): Promise<S> {
  // Which state goes with a step follows from whose turn it is.
  const { settle } = CONDUCTS[suite][number] as { readonly settle?: Settle<S> }
  const next = nextAfter(number, state.role)
  const isBound = SUITES[suite].transcript.includes(number) && !environment.without?.has('transcript')
  const transcript = isBound ? extendTranscript(state.transcript, frame) : state.transcript
  const after = { ...state, suite, next, transcript }
  return settle ? settle(after, environment) : after
}
