/**
 * Somebody who listens: opens what passes with the keys that they have, learns the keys that are carried in it, derives what
 * follows, and goes on until nothing more opens. Everything is really decrypted.
 */
import { concat, toUtf8, type Bytes } from '../bytes'
import { privateKeyFromPem } from '../crypto/primitives/rsa'
import type { CryptoProvider } from '../crypto/provider'
import { otherwise } from '../errors'
import type { Derivation } from '../record/derivation'
import type { MemberSpec, MemberValue } from '../record/member'
import type { Without } from '../hl1/defences'
import { isKeySymbol, type KeySymbol } from '../hl1/keys'
import { readMembers } from '../hl1/members'
import { EMPTY_TRANSCRIPT, extendTranscript } from '../hl1/message'
import { clearMembers, openFrame, type HeldKey } from '../hl1/open-frame'
import { parseObject } from '../hl1/read-object'
import { isStepNumber } from '../hl1/steps'
import { headerField } from '../hl1/frame'
import { suiteOfByte, SUITES, type SuiteName } from '../hl1/suites'
import { stepOf } from './wire'

/** Keys, and the shared secret `Z`. */
export type SecretName = KeySymbol | 'Z'

/** The frames of one connection, in the order in which they passed. */
export type Conversation = readonly Bytes[]

/** What was read in one frame. */
export interface ReadFrame {
  readonly frame: Bytes
  readonly step: number
  readonly members: Readonly<Record<string, MemberValue>>
  /** Keys that it would take to read on. */
  readonly missing: readonly KeySymbol[]
  /** Keys that were there and did not fit. */
  readonly unfit: readonly KeySymbol[]
  /** What was opened, one for each JSON object of the step. */
  readonly plaintexts: readonly (Bytes | undefined)[]
}

/** What came of listening. */
export interface Heard {
  readonly frames: readonly ReadFrame[]
  /** Keys that were there, or were learnt on the way. */
  readonly keys: ReadonlyMap<SecretName, HeldKey>
}

export interface ListenerOptions {
  readonly suite: SuiteName
  /** What is there from the start. */
  readonly keys: Iterable<readonly [SecretName, HeldKey]>
  /** Secret halves of shares, by the share's symbol: with the other share each leads to the shared secret. */
  readonly halves?: ReadonlyMap<string, CryptoKey>
  readonly crypto: CryptoProvider
  /** What both ends do without, which everybody knows. */
  readonly without: Without
}

/** Listens to a registration and a session, or to one of them. */
export async function listen(
  conversations: readonly Conversation[],
  { suite, keys: given, halves = new Map(), crypto, without }: ListenerOptions,
): Promise<Heard> {
  const keys = new Map(given)
  const shares = new Map<string, Bytes>()
  let frames: readonly ReadFrame[] = []
  for (let known = -1; known < keys.size;) {
    known = keys.size
    const read: ReadFrame[] = []
    for (const conversation of conversations) {
      const transcripts = transcriptsOf(conversation, suite, without)
      await derive(keys, suite, transcripts, crypto)
      for (const frame of conversation) {
        const one = await readFrame(frame, keys, transcripts, crypto)
        read.push(one)
        noteShares(one, suite, shares)
        await agree(keys, suite, { halves, shares }, crypto)
        await derive(keys, suite, transcripts, crypto)
      }
    }
    frames = read
  }
  return { frames, keys }
}

/** Reads one frame with these keys, and keeps those that it carries. */
export async function readFrame(
  frame: Bytes,
  keys: Map<SecretName, HeldKey>,
  transcripts: ReadonlyMap<number, Bytes>,
  crypto: CryptoProvider,
): Promise<ReadFrame> {
  const step = stepOf(frame)
  const suite = suiteOfByte(headerField(frame, 'suite'))?.name
  if (!suite || !isStepNumber(step)) return { frame, step, members: {}, ...NOTHING_OPENED }
  const { objects } = SUITES[suite].sheets[step]
  // What one part brings may open the next.
  for (;;) {
    const known = keys.size
    const opened = await openFrame(frame, {
      key: (symbol) => keys.get(symbol),
      transcript: (at) => transcripts.get(at) ?? EMPTY_TRANSCRIPT,
      crypto,
    })
    const members = { ...clearMembers(SUITES[suite].sheets[step].members, opened.clear) }
    for (const [index, plaintext] of opened.plaintexts.entries()) {
      const specs = objects[index]
      if (!plaintext || !specs) continue
      const values = await readObject(plaintext, specs)
      Object.assign(members, values)
      learn(specs, values, keys)
    }
    if (known === keys.size) return { frame, step, members, ...opened }
  }
}

const NOTHING_OPENED = { plaintexts: [], missing: [], unfit: [] }

async function readObject(
  plaintext: Bytes,
  specs: readonly MemberSpec[],
): Promise<Readonly<Record<string, MemberValue>>> {
  const parsed = await parseObject(plaintext, specs).catch(otherwise(undefined))
  const read = parsed && readMembers(specs, parsed.object)
  return read && 'values' in read ? read.values : {}
}

/** Keeps the keys that came in members. */
function learn(
  specs: readonly MemberSpec<string>[],
  values: Readonly<Record<string, MemberValue>>,
  keys: Map<SecretName, HeldKey>,
): void {
  for (const { name, nature } of specs) {
    const value = values[name]
    if (nature.is === 'key' && value instanceof Uint8Array && isKeySymbol(nature.key))
      keys.set(nature.key, value)
    if (nature.is === 'private-key' && typeof value === 'string' && isKeySymbol(nature.key))
      keys.set(nature.key, privateKeyFromPem(value))
  }
}

/** Keeps the shares that were read, by their symbols. */
function noteShares({ step, members }: ReadFrame, suite: SuiteName, shares: Map<string, Bytes>): void {
  if (!isStepNumber(step)) return
  for (const { name, symbol, nature } of SUITES[suite].sheets[step].members) {
    const value = members[name]
    if (nature.is === 'share' && value instanceof Uint8Array) shares.set(symbol, value)
  }
}

/** Works out the shared secret, where the secret half of a share is there and the other share was read. */
async function agree(
  keys: Map<SecretName, HeldKey>,
  suite: SuiteName,
  {
    halves,
    shares,
  }: { readonly halves: ReadonlyMap<string, CryptoKey>; readonly shares: ReadonlyMap<string, Bytes> },
  crypto: CryptoProvider,
): Promise<void> {
  for (const { derivations } of Object.values(SUITES[suite].sheets)) {
    for (const [symbol, derivation] of Object.entries(derivations)) {
      if (derivation.is !== 'agreement' || keys.has(symbol as SecretName)) continue
      const symbols = derivation.shares.flatMap((share) => (share.is === 'symbol' ? [share.symbol] : []))
      for (const own of symbols) {
        const half = halves.get(own)
        const other = shares.get(symbols.find((each) => each !== own) ?? '')
        if (half && other)
          keys.set(symbol as SecretName, await crypto.agree(half, await crypto.readShare(other)))
      }
    }
  }
}

/** Works out every key that follows from those that are there, as the sheets say. */
async function derive(
  keys: Map<SecretName, HeldKey>,
  suite: SuiteName,
  transcripts: ReadonlyMap<number, Bytes>,
  crypto: CryptoProvider,
): Promise<void> {
  for (const { derivations } of Object.values(SUITES[suite].sheets)) {
    for (const [symbol, derivation] of Object.entries(derivations)) {
      if (derivation.is !== 'derived' || !isKeySymbol(symbol) || keys.has(symbol)) continue
      const input = valueOf(derivation.input, keys)
      const salt = derivation.salt.is === 'transcript' ? transcripts.get(derivation.salt.step) : undefined
      if (input && salt) keys.set(symbol, await crypto.deriveKey(input, salt, toUtf8(derivation.label)))
    }
  }
}

type Input = Extract<Derivation, { readonly is: 'derived' }>['input']

function valueOf(input: Input, keys: ReadonlyMap<SecretName, HeldKey>): Bytes | undefined {
  if (input.is === 'symbol') {
    const value = keys.get(input.symbol as SecretName)
    return value instanceof Uint8Array ? value : undefined
  }
  if (input.is !== 'concatenation') return undefined
  const parts = input.parts.map((part) => valueOf(part, keys))
  return parts.every((part) => part !== undefined) ? concat(...parts) : undefined
}

/** `th` before each step of a conversation (protocol.md section 4). */
export function transcriptsOf(
  conversation: Conversation,
  suite: SuiteName,
  without: Without,
): ReadonlyMap<number, Bytes> {
  const transcripts = new Map<number, Bytes>()
  let transcript = EMPTY_TRANSCRIPT
  for (const frame of conversation) {
    const step = stepOf(frame)
    if (!isStepNumber(step)) continue
    if (!transcripts.has(step)) transcripts.set(step, transcript)
    const isBound = SUITES[suite].transcript.includes(step) && !without.has('transcript')
    if (isBound) transcript = extendTranscript(transcript, frame)
    // What comes next is bound to this one, whether it has come or not.
    if (!transcripts.has(step + 1)) transcripts.set(step + 1, transcript)
  }
  return transcripts
}
