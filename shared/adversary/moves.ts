/** What an adversary does to a frame's bytes, and frames of its own: every one a function of bytes, values and keys. */
import type { Bytes } from '../bytes'
import type { RsaPublicKey } from '../crypto/primitives/rsa'
import type { CryptoProvider } from '../crypto/provider'
import { isForeseen, LabError } from '../errors'
import { closeFrame } from '../hl1/close-frame'
import { HEADER_BYTES, LENGTH_BYTES } from '../hl1/frame'
import type { KeySymbol } from '../hl1/keys'
import { EMPTY_TRANSCRIPT } from '../hl1/message'
import type { HeldKey } from '../hl1/open-frame'
import type { StepNumber } from '../hl1/steps'
import { SUITES, type SuiteName } from '../hl1/suites'
import type { MemberSpec, MemberValue } from '../record/member'
import { perObject } from '../remember'
import type { SecretName } from './eavesdropper'
import type { ForgeForm, FormField, ReadBytes } from './live'
import { kindOf } from './reading'
import { flipped } from './tools'

/** What it takes to close a frame. */
export interface Hands {
  readonly keys: ReadonlyMap<SecretName, HeldKey>
  readonly publicKeys: PublicKeys
  /** `th` before each step, as whoever gets the frame counts it. */
  readonly transcripts: ReadonlyMap<number, Bytes>
  readonly random: (length: number) => Bytes
  readonly crypto: CryptoProvider
}

/** Public keys, which everybody has. */
export interface PublicKeys {
  readonly PK_CA?: RsaPublicKey | undefined
  readonly PK_S?: RsaPublicKey | undefined
}

/**
 * One bit of a frame turned over; 0 is the least significant one.
 * @throws LabError `cannot_change` where there is no such byte
 */
export function flipBit(frame: Bytes, byte: number, bit: number): Bytes {
  if (byte >= frame.length) throw new LabError('cannot_change', `The frame has no byte ${byte}.`)
  return flipped(frame, byte, 1 << bit)
}

/** Other bytes for a frame: with the length field that they have, or the one that they need. */
export function withLength(bytes: Bytes, length: 'kept' | 'recomputed'): Bytes {
  const copy = bytes.slice()
  if (length === 'kept' || copy.length < LENGTH_BYTES) return copy
  new DataView(copy.buffer).setUint32(0, copy.length - LENGTH_BYTES)
  return copy
}

/**
 * A frame with another value for one of its members, sealed again.
 * @throws LabError `cannot_change` where it was not read as a whole, `no_key`
 */
export async function withMember(
  { bytes, members }: ReadBytes,
  name: string,
  value: MemberValue,
  hands: Hands,
): Promise<Bytes> {
  const { suite, step } = kindOf(bytes)
  const known = members.find((member) => member.name === name)
  if (suite === undefined || step === undefined || !known)
    throw new LabError('cannot_change', `${name} was not read in this frame.`)
  if (!known.canChange)
    throw new LabError('no_key', 'Not every key that it takes to seal this frame again is there.')
  const values = Object.fromEntries(members.map((member) => [member.name, member.value]))
  return makeFrame(suite, step, { ...values, [name]: value }, hands)
}

/**
 * A frame of any step.
 * @throws LabError `no_key`; `cannot_change` where a value does not fit where it stands
 */
export async function makeFrame(
  suite: SuiteName,
  step: StepNumber,
  values: Readonly<Record<string, MemberValue>>,
  { keys, publicKeys, transcripts, random, crypto }: Hands,
): Promise<Bytes> {
  try {
    return await closeFrame(suite, step, values, {
      key: (symbol) => closingKey(symbol, keys, publicKeys),
      transcript: (at) => transcripts.get(at) ?? EMPTY_TRANSCRIPT,
      random,
      crypto,
    })
  } catch (cause) {
    if (isForeseen(cause)) throw cause
    throw new LabError(
      'cannot_change',
      'Step and values don’t fit: a value is longer than what it is sealed under takes, or a key has another length than a key of its kind.',
      { cause },
    )
  }
}

/** Whether a frame can be closed with a key. */
export function canClose(
  { keys, publicKeys }: Pick<Hands, 'keys' | 'publicKeys'>,
  symbol: KeySymbol,
): boolean {
  return closingKey(symbol, keys, publicKeys) !== undefined
}

function closingKey(
  symbol: KeySymbol,
  keys: ReadonlyMap<SecretName, HeldKey>,
  publicKeys: PublicKeys,
): Bytes | RsaPublicKey | undefined {
  if (symbol === 'PK_CA' || symbol === 'PK_S') return publicKeys[symbol]
  const key = keys.get(symbol)
  return key instanceof Uint8Array ? key : undefined
}

/** What it takes to make a step; `suggest` says what fits a member now. */
export function forgeForm(
  suite: SuiteName,
  step: StepNumber,
  hands: Pick<Hands, 'keys' | 'publicKeys'>,
  suggest: (spec: MemberSpec<KeySymbol>) => MemberValue | undefined,
): ForgeForm {
  const { members, layers } = SUITES[suite].sheets[step]
  // Keys that the frame carries itself need not be there.
  const carried = new Set(members.flatMap(({ nature }) => (nature.is === 'key' ? [nature.key] : [])))
  const needs = [...new Set(layers.map(({ key }) => key))]
  return {
    suite,
    step,
    fields: members.map((spec): FormField => {
      const { name, symbol, kind, meaning } = spec
      return { name, symbol, kind, meaning, suggestion: suggest(spec) }
    }),
    needs,
    missing: needs.filter((key) => !carried.has(key) && !canClose(hands, key)),
  }
}

/** What was changed in a frame, in a sentence; told once of the same two. */
export function changeText(before: Bytes, after: Bytes): string {
  const of = changesOf(before)
  const text = of.get(after) ?? changeOf(before, after)
  of.set(after, text)
  return text
}

const changesOf = perObject((_before: Bytes) => new WeakMap<Bytes, string>())

function changeOf(before: Bytes, after: Bytes): string {
  const shorter = Math.min(before.length, after.length)
  let first = 0
  while (first < shorter && before[first] === after[first]) first++
  let last = Math.max(before.length, after.length) - 1
  if (before.length === after.length) while (last > first && before[last] === after[last]) last--
  const where = first >= last ? `byte ${first}` : `bytes ${first} to ${last}`
  const size = before.length === after.length ? '' : `; ${before.length} bytes became ${after.length}`
  const header = first < HEADER_BYTES ? ', in the header' : ''
  return `Changed ${where}${header}${size}.`
}
