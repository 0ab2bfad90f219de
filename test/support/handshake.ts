/** An honest handshake in memory, kept as the states before each of its steps: what every attack starts from. */
import { fromUtf8, toUtf8, type Bytes } from '#shared/bytes'
import { ProtocolError } from '#shared/hl1/alerts'
import type { AlertCode } from '#shared/hl1/alert-codes'
import { startIssuing, startRegistration } from '#shared/hl1/drivers/registration'
import { startClient, startServing } from '#shared/hl1/drivers/session'
import type { Environment } from '#shared/hl1/environment'
import { CONDUCTS } from '#shared/hl1/conducts'
import { encodeFrame, encodeHeader, HEADER_BYTES, headerField } from '#shared/hl1/frame'
import { DEFAULT_IDENTITIES } from '#shared/hl1/identity'
import { encodeMembers } from '#shared/hl1/members'
import { accept, build } from '#shared/hl1/message'
import type { Hl1Record } from '#shared/hl1/types'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import type { StepTypes } from '#shared/hl1/conduct'
import { STEP_NUMBERS, STEPS, type StepNumber } from '#shared/hl1/steps'
import { suiteOfByte, type Suite, type SuiteName } from '#shared/hl1/suites'
import { authorityCredentials, serverCredentials } from './credentials'
import { hex } from './vectors'

export const MAX_AGE = 10
export const LIFETIME = 60
export const CLIENT = { address: '127.0.0.1', port: 40_000 } as const
export const SERVER = { address: '127.0.0.1', port: 17_402 } as const
export const K_BOOT = hex('4c41422d4b455921')

/** What each step is built with in the honest run. */
const INPUTS: { readonly [N in StepNumber]: StepTypes[N]['input'] } = {
  1: {},
  2: {},
  3: {},
  4: {},
  5: CLIENT,
  6: { lifetime: LIFETIME },
  7: { request: 'echo a request that is longer than one block' },
  8: { data: 'an answer that is longer than one block' },
}

/** A message, its receiver's state before it, and the receiver's clock. */
export interface Reception {
  readonly step: StepNumber
  readonly acceptor: StepTypes[StepNumber]['acceptor']
  readonly frame: Bytes
  readonly environment: Environment
}

/** One step of the honest run: the states of both sides before it, and the message itself. */
export interface Moment extends Reception {
  readonly builder: StepTypes[StepNumber]['builder']
  /** As its builder recorded it. */
  readonly record: Hl1Record
}

export interface HonestRun {
  readonly authority: AuthorityCredentials
  readonly server: ServerCredentials
  readonly moments: Readonly<Record<StepNumber, Moment>>
  /** Every state that anybody has had, from before step 1 until after step 8. */
  readonly states: readonly StepTypes[StepNumber]['builder' | 'acceptor'][]
}

/** Who wants to look on while a run goes. */
export interface Onlooker {
  /** Everybody has what they need; step 1 comes next. */
  readonly onStart?: () => void
  /** Each message from each end, as soon as it is recorded. */
  readonly onRecord?: (record: Hl1Record) => void
}

/** Runs steps 1 to 8 once. Changes to the starting states are for tests about settings. */
export async function runHonestly(
  bare: Environment,
  changes: { readonly enforceAddress?: boolean; readonly suite?: SuiteName } = {},
  onlooker: Onlooker = {},
): Promise<HonestRun> {
  const environment = { ...bare, seen: new ReplayMemory() }
  const authority = await authorityCredentials(environment.now())
  const server = await serverCredentials(authority, environment.now())
  const trustAnchor = authority.certificate
  const base = { suite: changes.suite ?? 'classic', maxAge: MAX_AGE } as const
  const states: Record<string, StepTypes[StepNumber]['builder' | 'acceptor']> = {
    'registration authority': startIssuing({
      credentials: authority,
      policy: { rsaBits: 2048, validityDays: 365 },
      maxAge: MAX_AGE,
    }),
    'registration server': startRegistration({
      ...base,
      idS: DEFAULT_IDENTITIES.server,
      trustAnchor,
      rsaBits: 2048,
    }),
    server: startServing({
      credentials: server,
      kBoot: K_BOOT,
      peer: CLIENT,
      enforceAddress: changes.enforceAddress ?? false,
      maxAge: MAX_AGE,
    }),
    client: startClient({
      ...base,
      idC: DEFAULT_IDENTITIES.client,
      idS: DEFAULT_IDENTITIES.server,
      trustAnchor,
      kBoot: K_BOOT,
      server: SERVER,
    }),
  }
  const moments: Partial<Record<StepNumber, Moment>> = {}
  const every = Object.values(states)
  onlooker.onStart?.()
  for (const step of STEP_NUMBERS) {
    const [from, to] = sides(step)
    const builder = states[from] as StepTypes[StepNumber]['builder']
    const acceptor = states[to] as StepTypes[StepNumber]['acceptor']
    const built = await build(step, builder, INPUTS[step], environment)
    onlooker.onRecord?.(built.record)
    const accepted = await accept(step, acceptor, built.frame, environment)
    onlooker.onRecord?.(accepted.record)
    moments[step] = { step, builder, acceptor, frame: built.frame, record: built.record, environment }
    states[from] = built.state
    states[to] = accepted.state
    every.push(built.state, accepted.state)
  }
  return { authority, server, moments: moments as Record<StepNumber, Moment>, states: every }
}

/** The parties at both ends, by the connection they speak on. */
function sides(step: StepNumber): readonly [from: string, to: string] {
  const { phase, from, to } = STEPS[step]
  const connection = phase === 'registration' ? 'registration ' : ''
  return [connection + from, connection + to]
}

/** The same message at a receiver that has seen nothing before. */
export function unreminded<R extends Reception>(reception: R): R {
  return { ...reception, environment: { ...reception.environment, seen: new ReplayMemory() } }
}

/** How a message fared with its receiver: `accepted`, or the alert. */
export interface Verdict {
  readonly code: 'accepted' | AlertCode
  readonly step: number
  readonly record: Hl1Record
  readonly refusal?: ProtocolError
  readonly state?: StepTypes[StepNumber]['acceptor']
}

/** Gives a frame to the moment's receiver. `later` moves its clock on by that many milliseconds (back when negative). */
export async function judge(
  moment: Reception,
  frame: Bytes,
  options: { readonly later?: number; readonly acceptor?: Moment['acceptor'] } = {},
): Promise<Verdict> {
  const { environment, step } = moment
  const now = (): number => environment.now() + (options.later ?? 0)
  try {
    const { record, state } = await accept(step, options.acceptor ?? moment.acceptor, frame, {
      ...environment,
      now,
    })
    return { code: 'accepted', step, record, state }
  } catch (error) {
    if (!(error instanceof ProtocolError) || !error.record) throw error
    return { code: error.code, step: error.step, record: error.record, refusal: error }
  }
}

/** The suite that the honest message is in. */
function suiteOf({ frame }: Moment): Suite {
  return suiteOfByte(headerField(frame, 'suite'))!
}

/** The members of the honest message as JSON has them, those of all its objects together. */
export function membersOf(moment: Moment): Record<string, unknown> {
  return Object.assign({}, ...objectsOf(moment)) as Record<string, unknown>
}

/** The JSON objects of the honest message: most have one. */
function objectsOf(moment: Moment): readonly Record<string, unknown>[] {
  const values = Object.fromEntries(moment.record.members.map(({ name, value }) => [name, value!]))
  const { objects } = suiteOf(moment).sheets[moment.step]
  return objects.map(
    (specs) => JSON.parse(fromUtf8(encodeMembers(specs, values).bytes)) as Record<string, unknown>,
  )
}

/**
 * A frame of the moment's step with any plaintext, closed under the key that its receiver opens it with. Of several objects the
 * first is replaced, and others as far as they are given.
 */
export async function sealed(
  moment: Moment,
  ...plaintexts: readonly [string | Bytes, ...(string | Bytes)[]]
): Promise<Bytes> {
  const { environment, step } = moment
  const suite = suiteOf(moment)
  const header = (bodyLength: number): Bytes => encodeHeader(step, suite.byte, bodyLength)
  const parts = objectsOf(moment).map((object, index) => plaintexts[index] ?? JSON.stringify(object))
  const bytes = parts.map((part) => (typeof part === 'string' ? toUtf8(part) : part))
  const { seal } = CONDUCTS[suite.name][step]
  const body = await seal(sealingState(moment) as never, bytes, { header }, environment)
  return encodeFrame(step, suite.byte, body)
}

/** The builder's state with what it makes in this step and closes the message with: `K_tmp1` seals the second object of step 1. */
function sealingState({ builder, step, record }: Moment): Moment['builder'] {
  const kTmp1 = step === 1 ? record.members.find(({ name }) => name === 'k_tmp1')?.value : undefined
  return kTmp1 instanceof Uint8Array ? ({ ...builder, kTmp1 } as Moment['builder']) : builder
}

/** A well-closed frame of the moment's step with some members changed; undefined leaves one out. */
export function withMembers(moment: Moment, changes: Readonly<Record<string, unknown>>): Promise<Bytes> {
  const [first = '{}', ...others] = objectsOf(moment).map((object, index, all) => {
    // What no object has goes into the first.
    const own = Object.entries(changes).filter(([name]) =>
      index === 0 ? !all.slice(1).some((other) => name in other) : name in object,
    )
    return JSON.stringify({ ...object, ...Object.fromEntries(own) })
  })
  return sealed(moment, first, ...others)
}

/** A frame of the moment's step around another body, its length field right. */
export function withBody(moment: Moment, change: (body: Bytes) => Bytes): Bytes {
  return encodeFrame(moment.step, suiteOf(moment).byte, change(moment.frame.slice(HEADER_BYTES)))
}

/** A copy with one byte changed by exclusive or; negative positions count from the end. */
export function flip(bytes: Bytes, position: number, mask = 0x01): Bytes {
  const changed = bytes.slice()
  const index = position < 0 ? bytes.length + position : position
  changed[index] = bytes[index]! ^ mask
  return changed
}
