/**
 * Opens a frame from outside: with whatever keys somebody has, by the step's sheet, and without a state. What stays shut says
 * which key it would take. For whoever stands between, and for whoever looks at a run afterwards.
 */
import { concat, type Bytes } from '../bytes'
import { LabError, passOwnFault } from '../errors'
import type { CryptoProvider } from '../crypto/provider'
import type { RsaPrivateKey } from '../crypto/primitives/rsa'
import { sizeOf } from '../record/layout'
import type { MemberSpec, MemberValue } from '../record/member'
import { partsOf, type Cipher, type Term } from '../record/term'
import * as classic from './classic/ciphers'
import { HEADER_BYTES, headerField } from './frame'
import type { KeySymbol } from './keys'
import { sequenceNonce } from './modern/bodies'
import * as modern from './modern/ciphers'
import { isStepNumber } from './steps'
import { suiteOfByte, SUITES } from './suites'

/** A key that somebody has. */
export type HeldKey = Bytes | RsaPrivateKey

/** What somebody has to open frames with. */
export interface KeyRing {
  readonly key: (symbol: KeySymbol) => HeldKey | undefined
  /** `th` of a step: the transcript before its frame (protocol.md section 4). */
  readonly transcript: (step: number) => Bytes
  readonly crypto: CryptoProvider
  /** What a protected part of a body holds, where somebody has opened it before and kept that. */
  readonly opened?: (part: Bytes) => Bytes | undefined
}

/** What came of opening a frame. */
export interface OpenedFrame {
  /** One for each JSON object of the step, in the sheet's order; undefined where it stays shut. */
  readonly plaintexts: readonly (Bytes | undefined)[]
  /** Members that stand in the body by themselves, by name: nobody needs a key for them. */
  readonly clear: ReadonlyMap<string, Bytes>
  /** Keys that were not there, outermost first: nothing is known of what is below. */
  readonly missing: readonly KeySymbol[]
  /** Keys that were there and did not fit. */
  readonly unfit: readonly KeySymbol[]
}

type Ciphertext = Extract<Term<KeySymbol>, { readonly is: 'asym' | 'sym' | 'seal' }>

/** The values of members that stand in the body by themselves. */
export function clearMembers(
  specs: readonly Pick<MemberSpec, 'name' | 'kind'>[],
  clear: ReadonlyMap<string, Bytes>,
): Readonly<Record<string, MemberValue>> {
  return Object.fromEntries(
    specs.flatMap(({ name, kind }) => {
      const bytes = clear.get(name)
      if (!bytes) return []
      return [
        [name, kind === 'integer' ? bytes.reduce((value, byte) => value * 256 + byte, 0) : bytes] as const,
      ]
    }),
  )
}

interface Opening {
  readonly plaintexts: (Bytes | undefined)[]
  readonly clear: Map<string, Bytes>
  readonly missing: KeySymbol[]
  readonly unfit: KeySymbol[]
}

/**
 * Opens the body of steps 1 to 8 as far as the keys reach. An alert, and what is no frame of a step, has nothing to open.
 * Never rejects for what a peer has sent.
 */
export async function openFrame(frame: Bytes, ring: KeyRing): Promise<OpenedFrame> {
  const clear = new Map<string, Bytes>()
  const opening: Opening = { plaintexts: [], clear, missing: [], unfit: [] }
  const suite = suiteOfByte(headerField(frame, 'suite'))
  const step = headerField(frame, 'type')
  if (!suite || !isStepNumber(step)) return opening
  const term: Term<KeySymbol> = SUITES[suite.name].sheets[step].term
  const parts = partsOf(term) as readonly Term<KeySymbol>[]
  let start = HEADER_BYTES
  for (const [index, part] of parts.entries()) {
    const end = index === parts.length - 1 ? frame.length : start + sizeOf(part, frame, start)
    const bytes = frame.slice(start, end)
    if (part.is === 'raw') clear.set(part.member.name, bytes)
    else await openPart(part, bytes, { frame, ring }, opening)
    start = end
  }
  return opening
}

interface Context {
  readonly frame: Bytes
  readonly ring: KeyRing
}

async function openPart(
  part: Term<KeySymbol>,
  bytes: Bytes,
  context: Context,
  opening: Opening,
): Promise<void> {
  switch (part.is) {
    case 'object':
      opening.plaintexts.push(bytes)
      return
    case 'prefixed':
      return openPart(part.body, bytes.slice(part.field.size), context, opening)
    case 'raw':
    case 'join':
      // Only a body's own parts stand behind one another.
      return
    default: {
      const known = context.ring.opened?.(bytes)
      if (known) {
        opening.plaintexts.push(known)
        return
      }
      const inner = await decrypt(part, bytes, context, opening)
      if (inner) await openPart(part.body, inner, context, opening)
      else opening.plaintexts.push(undefined)
    }
  }
}

async function decrypt(
  part: Ciphertext,
  bytes: Bytes,
  { frame, ring }: Context,
  { clear, missing, unfit }: Opening,
): Promise<Bytes | undefined> {
  const symbol = part.is === 'asym' ? part.opensWith : part.key
  const key = ring.key(symbol)
  if (key === undefined) {
    missing.push(symbol)
    return undefined
  }
  const open = CIPHERS.get(part.cipher)
  if (!open) throw new LabError('internal_error', `Nobody has said how ${part.cipher.name} is opened.`)
  const sealed =
    part.is === 'seal'
      ? {
          additional: concat(ring.transcript(part.transcript), frame.slice(0, HEADER_BYTES)),
          number: part.nonce === undefined ? undefined : clear.get(part.nonce),
        }
      : NOT_SEALED
  try {
    return await open(key, bytes, sealed, ring.crypto)
  } catch (error) {
    passOwnFault(error)
    unfit.push(symbol)
    return undefined
  }
}

interface Sealed {
  readonly additional: Bytes
  /** The member that the nonce is made of, where it is not random. */
  readonly number: Bytes | undefined
}

const NOT_SEALED: Sealed = { additional: new Uint8Array(), number: undefined }

type Open = (key: HeldKey, bytes: Bytes, sealed: Sealed, crypto: CryptoProvider) => Promise<Bytes>

const openRsa =
  (hash: 'SHA-1' | 'SHA-256'): Open =>
  (key, bytes, _sealed, crypto) =>
    crypto.decryptOaep(key as RsaPrivateKey, hash, bytes)

/** How each cipher of both suites is opened; its fields before the ciphertext are its nonce or IV. */
const CIPHERS: ReadonlyMap<Cipher, Open> = new Map<Cipher, Open>([
  [classic.RSA, openRsa('SHA-1')],
  [modern.RSA, openRsa('SHA-256')],
  [
    classic.DES,
    (key, bytes, _sealed, crypto) => {
      const { before } = classic.DES
      const iv = before.reduce((sum, { size }) => sum + size, 0)
      return crypto.decryptDes(key as Bytes, bytes.slice(0, iv), bytes.slice(iv))
    },
  ],
  [
    modern.SEAL,
    (key, bytes, { additional }, crypto) => {
      const nonce = modern.SEAL.before.reduce((sum, { size }) => sum + size, 0)
      return crypto.decryptGcm(key as Bytes, bytes.slice(0, nonce), additional, bytes.slice(nonce))
    },
  ],
  [
    modern.SEQUENCED,
    (key, bytes, { additional, number = new Uint8Array(8) }, crypto) =>
      crypto.decryptGcm(key as Bytes, sequenceNonce(number), additional, bytes),
  ],
])
