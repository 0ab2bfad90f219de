/**
 * Makes every check of a run again: each frame that was received is accepted once more by the protocol's own steps, at its time, with
 * the keys that are there. What comes out differently is said, and what can't be made again, and for want of what.
 */
import { equalBytes, type Bytes } from '../bytes'
import { makeProvider, type CryptoProvider } from '../crypto/provider'
import { LabError } from '../errors'
import { heldAt } from '../held'
import { decodeAlert, ProtocolError } from '../hl1/alerts'
import type { CheckId } from '../hl1/check-table'
import type { OpenedBody } from '../hl1/conduct'
import type { RoleState } from '../hl1/drivers/conversation'
import type { Environment } from '../hl1/environment'
import { encodeHeader, HEADER_BYTES, headerField, TYPE_ALERT } from '../hl1/frame'
import type { KeySymbol } from '../hl1/keys'
import { accept, refuseUnasked } from '../hl1/message'
import { clearMembers, openFrame, type OpenedFrame } from '../hl1/open-frame'
import { ReplayMemory } from '../hl1/replay-memory'
import { isStepNumber } from '../hl1/steps'
import { SUITES } from '../hl1/suites'
import type { Hl1Entry, Hl1Record } from '../hl1/types'
import type { Check } from '../record/checks'
import type { MemberValue } from '../record/member'
import { nextTurn } from '../turn'
import { listed } from '../words'
import { adversaryAgain } from './adversary-again'
import { attackAgain, environmentOf } from './attack-again'
import { auditRun } from './audit'
import { keysOfRun, type RunKeys } from './key-ring'
import { memberValue, misplaced, misquoted, sameValue } from './members'
import type { Run } from './run'
import { afterAccepted, afterSent, opened, stateBefore } from './sides'

/** A check made again. */
export type CheckAgain =
  | { readonly id: CheckId; readonly is: 'same' }
  /** It ends otherwise now. */
  | { readonly id: CheckId; readonly is: 'differs'; readonly now: string }
  /** It could not be made again, for want of keys or of what else is named. */
  | { readonly id: CheckId; readonly is: 'not_made'; readonly want: string }

/** What came of a record that was looked at again. */
export interface RecordAgain {
  readonly checks: readonly CheckAgain[]
  /** What else is otherwise than the record says, a sentence each. */
  readonly differences: readonly string[]
  /** What could not be looked at again, a sentence each. */
  readonly missing: readonly string[]
}

/** A run looked at again. */
export interface RunAgain {
  /** By the records’ identifiers. */
  readonly records: ReadonlyMap<string, RecordAgain>
  /** What does not fit together beside the records, a sentence each. */
  readonly differences: readonly string[]
}

const NOTHING: RecordAgain = { checks: [], differences: [], missing: [] }
const BEFORE_IT = 'what came before on this connection'

/**
 * Makes the checks of all records again, in their order and in turns with other work.
 * @param onProgress records that are done
 */
export async function remakeRun(
  run: Run,
  {
    crypto = makeProvider(),
    onProgress = () => undefined,
    signal,
  }: { crypto?: CryptoProvider; onProgress?: (done: number) => void; signal?: AbortSignal } = {},
): Promise<RunAgain> {
  const remaking = new Remaking(run, crypto)
  const records = new Map<string, RecordAgain>()
  for (const entry of run.records) {
    signal?.throwIfAborted()
    records.set(entry.id, await remaking.take(entry))
    onProgress(records.size)
    await nextTurn()
  }
  return {
    records,
    differences: [...(await auditRun(run, crypto)), ...adversaryAgain(run), ...attackAgain(run)],
  }
}

class Remaking {
  readonly #keys: RunKeys
  /** As at the run’s roles, but for its clocks. */
  readonly #environment: Environment
  /** By connection and role; undefined once nothing can be known of it any more. */
  readonly #states = new Map<string, RoleState | undefined>()
  /** What an authority with a key has seen, by its certificate. */
  readonly #seen = new Map<string, ReplayMemory>()

  constructor(
    private readonly run: Run,
    crypto: CryptoProvider,
  ) {
    this.#keys = keysOfRun(run)
    this.#environment = environmentOf(run, {
      now: () => 0,
      monotonic: () => 0,
      after: () => () => undefined,
      random: (length) => globalThis.crypto.getRandomValues(new Uint8Array(length)),
      crypto,
    })
  }

  async take(entry: Hl1Entry): Promise<RecordAgain> {
    if (entry.kind === 'alert') return alertAgain(entry)
    const end = `${entry.connection.id} ${entry.role}`
    if (!this.#states.has(end)) this.#states.set(end, stateBefore(entry, this.run, this.#keys))
    const state = this.#states.get(end)
    const environment = this.#environmentAt(entry)
    const { next, again } = state
      ? await this.#takeIn(state, entry, environment)
      : { next: undefined, again: await this.#takeOut(entry) }
    this.#states.set(end, next)
    return { ...again, differences: [...again.differences, ...(await quotesAgain(entry))] }
  }

  async #takeIn(
    state: RoleState,
    entry: Hl1Entry,
    environment: Environment,
  ): Promise<{ readonly next: RoleState | undefined; readonly again: RecordAgain }> {
    const { transcript } = state
    if (entry.direction === 'sent') {
      const again = await this.#sentAgain(entry, transcript)
      return { next: await afterSent(state, entry, environment), again }
    }
    const { act } = state.next
    if (act !== 'accept') {
      const again = compareRecords(entry, unaskedAgain(state, entry, environment), {})
      return { next: state, again }
    }
    return this.#receivedAgain(state, entry, environment)
  }

  /** A record of a connection whose beginning is not kept: its frame can still be opened, where nothing binds it to that. */
  async #takeOut(entry: Hl1Entry): Promise<RecordAgain> {
    const checks = entry.checks.map(({ id }): CheckAgain => ({ id, is: 'not_made', want: BEFORE_IT }))
    return {
      ...NOTHING,
      checks,
      missing: [`It could not be checked again, for want of ${BEFORE_IT}: that is no longer kept.`],
    }
  }

  async #sentAgain(entry: Hl1Entry, transcript: Bytes): Promise<RecordAgain> {
    const found = await this.#open(entry, transcript)
    if (!found || !hasOwnHeader(entry))
      return { ...NOTHING, differences: ['The frame is none of the step that the record says.'] }
    const differences: string[] = []
    for (const [name, value] of Object.entries(clearValues(entry, found)))
      if (!sameValue(value, memberValue(entry, name)))
        differences.push(`The member ${name} is another in the frame than in the record.`)
    if (found.missing.length > 0)
      return { ...NOTHING, differences, missing: [closedFor(wantOf(found.missing))] }
    if (found.unfit.length > 0) differences.push(`The frame does not open with ${listed(found.unfit)}.`)
    else if (!isAsRecorded(entry, joined(found)))
      differences.push('What is in the frame is not what the record says was sent in it.')
    return { ...NOTHING, differences }
  }

  async #receivedAgain(
    state: RoleState,
    entry: Hl1Entry,
    environment: Environment,
  ): Promise<{ readonly next: RoleState | undefined; readonly again: RecordAgain }> {
    const found = await this.#open(entry, state.transcript)
    const missing = found?.missing ?? []
    const fromRecord = missing.length > 0 ? recordedParts(entry) : undefined
    const isClosed = missing.length > 0 && !fromRecord && wasOpened(entry)
    const want = missing.length > 0 ? wantOf(missing) : undefined
    const open = async (): Promise<OpenedBody<RoleState>> => {
      const parts = fromRecord ?? (missing.length > 0 || !found ? undefined : partsFound(found))
      if (!parts) throw new LabError('bad_ciphertext', 'It does not open with the keys that are there.')
      const outside = found ? clearValues(entry, found) : {}
      return { parts, outside, state: opened(state, entry) }
    }
    const made = await acceptAgain(state, entry, environment, open)
    const again = compareRecords(entry, made.record, {
      ...(want === undefined
        ? {}
        : { want, from: isClosed ? ('decryption' as const) : ('only_decryption' as const) }),
      taken: this.#takenAsRecorded(entry),
    })
    const next = entry.outcome.ok ? (made.state ?? (await afterAccepted(state, entry, environment))) : state
    return { next, again: want === undefined ? again : { ...again, missing: [closedFor(want)] } }
  }

  #open(entry: Hl1Entry, transcript: Bytes): Promise<OpenedFrame | undefined> {
    const { frame, suite, step } = entry
    if (!suite || !isStepNumber(step)) return Promise.resolve(undefined)
    return openFrame(frame, {
      key: (symbol) => this.#keys.keyFor(entry, symbol),
      // Steps 7 and 8 are all bound to the transcript after step 6, which is the last that was added to it.
      transcript: () => transcript,
      crypto: this.#environment.crypto,
    })
  }

  /** Checks whose outcome depends on what no run file holds. */
  #takenAsRecorded({ at, connection, role }: Hl1Entry): ReadonlyMap<CheckId, string> {
    const taken = new Map<CheckId, string>()
    if (role === 'authority' && heldAt(this.run.settings, at)?.names !== 'anyone')
      taken.set('name', 'the names that were given until then')
    const { address } = this.run.server
    if (
      role === 'server' &&
      (address?.port !== connection.to.port || address.address !== connection.to.address)
    )
      taken.set('address', 'the address that the server saw behind a relay')
    return taken
  }

  #environmentAt({ at, monotonic = 0, role }: Hl1Entry): Environment {
    const environment: Environment = { ...this.#environment, now: () => at, monotonic: () => monotonic }
    return role === 'authority' ? { ...environment, seen: this.#seenAt(at) } : environment
  }

  #seenAt(at: number): ReplayMemory {
    const key = heldAt(this.run.anchors, at)?.pem ?? ''
    const seen = this.#seen.get(key) ?? new ReplayMemory()
    this.#seen.set(key, seen)
    return seen
  }
}

/** Whether a frame that was sent has the header of its step and suite (protocol.md section 1). */
function hasOwnHeader({ frame, suite, step }: Hl1Entry): boolean {
  if (!suite) return false
  const header = encodeHeader(step, SUITES[suite].byte, frame.length - HEADER_BYTES)
  return equalBytes(header, frame.subarray(0, HEADER_BYTES))
}

/** How the comparison goes where keys are missing. */
interface Doubts {
  /** What is wanted. */
  readonly want?: string
  /** `decryption`: neither that check nor any after it could be made; else only that one. */
  readonly from?: 'decryption' | 'only_decryption'
  readonly taken?: ReadonlyMap<CheckId, string>
}

function compareRecords(entry: Hl1Entry, made: Hl1Record | undefined, doubts: Doubts): RecordAgain {
  const { want, from, taken } = doubts
  let isOver = false
  const refusedBy = entry.checks.find(({ result }) => result === 'failed')?.id
  const refusedFor = refusedBy && taken?.get(refusedBy)
  const checks = entry.checks.map((check): CheckAgain => {
    const { id } = check
    // What came after a refusal that can't be made again was not made for its sake.
    const unknown = taken?.get(id) ?? (check.result === 'not_made' ? refusedFor : undefined)
    if (unknown !== undefined) return { id, is: 'not_made', want: unknown }
    if (id === 'decryption' && from !== undefined) isOver = from === 'decryption'
    if (want !== undefined && (isOver || id === 'decryption')) return { id, is: 'not_made', want }
    const now = made?.checks.find((each) => each.id === id)
    return now && isSame(check, now) ? { id, is: 'same' } : { id, is: 'differs', now: checkText(now) }
  })
  if (from === 'decryption') return { ...NOTHING, checks }
  const differences = [...unlistedChecks(entry, made), ...otherwise(entry, made, taken)]
  return { ...NOTHING, checks, differences }
}

/** Checks that are made now, and that the record does not have. */
function unlistedChecks(entry: Hl1Entry, made: Hl1Record | undefined): readonly string[] {
  const extra = made?.checks.filter(({ id }) => !entry.checks.some((check) => check.id === id)) ?? []
  return extra.map(({ id }) => `The record does not have the check “${id}”.`)
}

function otherwise(
  entry: Hl1Entry,
  made: Hl1Record | undefined,
  taken: ReadonlyMap<CheckId, string> = new Map(),
): readonly string[] {
  if (!made) return ['It could not be accepted again.']
  const differences: string[] = []
  const refusal = entry.checks.find(({ result }) => result === 'failed')?.id
  const dependsOnTaken = refusal !== undefined && taken.has(refusal)
  if (!dependsOnTaken && outcomeText(entry) !== outcomeText(made))
    differences.push(`It is ${outcomeText(made)} now, and the record says that it was ${outcomeText(entry)}.`)
  for (const { name, value } of made.members)
    if (!isHidden(entry, name) && !sameValue(value, memberValue(entry, name)))
      differences.push(`The member ${name} is another in the frame than in the record.`)
  if (!isAsRecorded(entry, made.plaintext?.bytes))
    differences.push('What is in the frame is not what the record says was in it.')
  return differences
}

/** A secret that the record does not have: it was forgotten, or left out. */
function isHidden({ members }: Hl1Entry, name: string): boolean {
  return members.some((member) => member.name === name && member.secret && member.value === undefined)
}

/** Whether a plaintext is the recorded one, as far as that is not hidden. */
function isAsRecorded({ plaintext }: Hl1Entry, bytes: Bytes | undefined): boolean {
  if (!plaintext || !bytes) return !plaintext === !bytes
  if (bytes.length !== plaintext.bytes.length) return false
  const shown = bytes.slice()
  for (const { start, end, masked } of plaintext.ranges)
    if (masked) shown.set(plaintext.bytes.subarray(start, end), start)
  return equalBytes(shown, plaintext.bytes)
}

function isSame(was: Check, is: Check): boolean {
  if (was.result !== is.result) return false
  // Why a ciphertext does not open says the program that opens it.
  if (was.id === 'decryption' && was.result === 'failed') return true
  return was.reason === is.reason && was.found === is.found && was.expected === is.expected
}

function checkText(check: Check | undefined): string {
  if (!check) return 'It is not made now.'
  const found = check.found === undefined ? '' : ` Found: ${check.found}.`
  return `${check.result.replace('_', ' ')}: ${check.reason}${found}`
}

function outcomeText({ outcome }: Pick<Hl1Record, 'outcome'>): string {
  return outcome.ok ? 'accepted' : `refused with ${outcome.code} (${outcome.message})`
}

/** Keys that are not there: they were forgotten by then, or left out. */
function wantOf(symbols: readonly KeySymbol[]): string {
  return listed([...new Set(symbols)])
}

/** For a message that stays closed. */
function closedFor(want: string): string {
  return `It could not be opened again, for want of ${want}.`
}

/** Accepts a frame again; what it refuses with has the record of it. */
async function acceptAgain(
  state: RoleState,
  { step, frame }: Hl1Entry,
  environment: Environment,
  open: () => Promise<OpenedBody<RoleState>>,
): Promise<{ readonly record: Hl1Record | undefined; readonly state?: RoleState }> {
  const { next } = state
  if (next.act !== 'accept') throw new LabError('internal_error', `Step ${step} is not to be accepted here.`)
  try {
    // Which state goes with which step follows from the step that comes next.
    return await accept(next.step, state as never, frame, environment, open as never)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    return { record: error.record }
  }
}

function unaskedAgain(
  state: RoleState,
  { frame }: Hl1Entry,
  environment: Environment,
): Hl1Record | undefined {
  return refuseUnasked(state, frame, environment).record
}

function alertAgain({ frame, step, outcome, suite, direction }: Hl1Entry): RecordAgain {
  const alert = decodeAlert(frame.subarray(HEADER_BYTES), step)
  // An alert may come in any suite; who sends one says the suite that it speaks.
  const byte = direction === 'sent' && suite ? SUITES[suite].byte : headerField(frame, 'suite')
  const header = encodeHeader(TYPE_ALERT, byte, frame.length - HEADER_BYTES)
  const isSaid =
    equalBytes(header, frame.subarray(0, HEADER_BYTES)) &&
    !outcome.ok &&
    outcome.code === alert.code &&
    outcome.message === alert.message &&
    alert.step === step
  return isSaid
    ? NOTHING
    : { ...NOTHING, differences: ['The alert in the frame is another than the record says.'] }
}

/** What stands in the record's own text otherwise than in its members. */
async function quotesAgain(entry: Hl1Entry): Promise<readonly string[]> {
  const { suite, step } = entry
  const specs = suite && isStepNumber(step) ? SUITES[suite].sheets[step].members : []
  return [
    ...misquoted(entry).map((name) => `The member ${name} is another in the plaintext than in the record.`),
    ...(await misplaced(entry, specs)).map((name) => `The member ${name} stands elsewhere in the plaintext.`),
  ]
}

function wasOpened({ checks }: Hl1Entry): boolean {
  return checks.some(({ id, result }) => id === 'decryption' && result !== 'not_made')
}

/** The plaintext's objects where the record has all of them: nothing of it is hidden. */
function recordedParts({ plaintext }: Hl1Entry): readonly Bytes[] | undefined {
  if (!plaintext || plaintext.ranges.some(({ masked }) => masked)) return undefined
  let start = 0
  return plaintext.parts.map((length) => plaintext.bytes.slice(start, (start += length)))
}

function partsFound({ plaintexts, unfit }: OpenedFrame): readonly Bytes[] | undefined {
  const parts = plaintexts.flatMap((part) => (part ? [part] : []))
  return unfit.length > 0 || parts.length < plaintexts.length ? undefined : parts
}

function joined({ plaintexts }: OpenedFrame): Bytes {
  const parts = plaintexts.flatMap((part) => (part ? [...part] : []))
  return new Uint8Array(parts)
}

/** Members that stand in the frame by themselves, with their values. */
function clearValues(
  { suite, step }: Hl1Entry,
  { clear }: OpenedFrame,
): Readonly<Record<string, MemberValue>> {
  return suite && isStepNumber(step) ? clearMembers(SUITES[suite].sheets[step].members, clear) : {}
}
