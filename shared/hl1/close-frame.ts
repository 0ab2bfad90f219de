/**
 * Makes a frame from outside: any step, of any values, with whatever keys somebody has, by the step's sheet and without a state.
 * For whoever stands between. Nothing is judged: what a receiver makes of it is the receiver's to say.
 */
import { concat, type Bytes } from '../bytes'
import { LabError } from '../errors'
import type { RsaPublicKey } from '../crypto/primitives/rsa'
import type { CryptoProvider } from '../crypto/provider'
import type { MemberValue } from '../record/member'
import { partsOf, type BodyField, type Term } from '../record/term'
import * as classic from './classic/ciphers'
import { encodeFrame, encodeHeader } from './frame'
import type { KeySymbol } from './keys'
import { encodeMembers } from './members'
import { encodeSequence, sequenceNonce } from './modern/bodies'
import type { StepNumber } from './steps'
import { SUITES, type SuiteName } from './suites'

/** What somebody has to close frames with. */
export interface ClosingKeys {
  readonly key: (symbol: KeySymbol) => Bytes | RsaPublicKey | undefined
  /** `th` of a step: the transcript before its frame (protocol.md section 4). */
  readonly transcript: (step: number) => Bytes
  readonly random: (length: number) => Bytes
  readonly crypto: CryptoProvider
}

/**
 * Makes a frame of a step.
 * @throws LabError `no_key` when a key that the step takes is not there
 */
export async function closeFrame(
  suite: SuiteName,
  step: StepNumber,
  values: Readonly<Record<string, MemberValue>>,
  keys: ClosingKeys,
): Promise<Bytes> {
  const { byte, sheets } = SUITES[suite]
  const term: Term<KeySymbol> = sheets[step].term
  const parts = await Promise.all(
    (partsOf(term) as readonly Term<KeySymbol>[]).map((part) => prepare(part, values, keys)),
  )
  const header = encodeHeader(
    step,
    byte,
    parts.reduce((sum, { length }) => sum + length, 0),
  )
  const body = await Promise.all(parts.map(({ finish }) => finish(header)))
  return encodeFrame(step, byte, concat(...body))
}

/** A part of a body whose length is known before the header that a seal covers. */
interface Prepared {
  readonly length: number
  readonly finish: (header: Bytes) => Promise<Bytes>
}

async function prepare(
  part: Term<KeySymbol>,
  values: Readonly<Record<string, MemberValue>>,
  keys: ClosingKeys,
): Promise<Prepared> {
  const { random, crypto, transcript } = keys
  switch (part.is) {
    case 'raw':
      return ready(rawBytes(values[part.member.name]))
    case 'object':
      return ready(encodeMembers(part.members, values).bytes)
    case 'join':
      throw new LabError('internal_error', 'Only a body’s own parts stand behind one another.')
    case 'prefixed': {
      const { length, finish } = await prepare(part.body, values, keys)
      const prefix = bigEndian(length, part.field.size)
      return {
        length: prefix.length + length,
        finish: async (header) => concat(prefix, await finish(header)),
      }
    }
    case 'asym': {
      const plaintext = await plaintextOf(part.body, values, keys)
      const hash = part.cipher === classic.RSA ? 'SHA-1' : 'SHA-256'
      return ready(await crypto.encryptOaep(needed(part.key, keys) as RsaPublicKey, hash, plaintext))
    }
    case 'sym': {
      const iv = random(sizes(part.cipher.before))
      const plaintext = await plaintextOf(part.body, values, keys)
      return ready(concat(iv, await crypto.encryptDes(needed(part.key, keys) as Bytes, iv, plaintext)))
    }
    case 'seal': {
      const { before, after } = part.cipher
      const plaintext = await plaintextOf(part.body, values, keys)
      const drawn = random(sizes(before))
      const nonce = part.nonce === undefined ? drawn : sequenceNonce(rawBytes(values[part.nonce]))
      const key = needed(part.key, keys) as Bytes
      return {
        length: drawn.length + plaintext.length + sizes(after),
        finish: async (header) => {
          const additional = concat(transcript(part.transcript), header)
          return concat(drawn, await crypto.encryptGcm(key, nonce, additional, plaintext))
        },
      }
    }
  }
}

function ready(bytes: Bytes): Prepared {
  return { length: bytes.length, finish: async () => bytes }
}

/** What is inside of a layer, which no header covers. */
async function plaintextOf(
  part: Term<KeySymbol>,
  values: Readonly<Record<string, MemberValue>>,
  keys: ClosingKeys,
): Promise<Bytes> {
  const { finish } = await prepare(part, values, keys)
  return finish(new Uint8Array())
}

function needed(symbol: KeySymbol, { key }: ClosingKeys): Bytes | RsaPublicKey {
  const found = key(symbol)
  if (found === undefined)
    throw new LabError('no_key', `${symbol} is needed for this step, and is not there.`)
  return found
}

/** A member that stands in the body by itself: a number counts as the 8 bytes of a sequence number. */
function rawBytes(value: MemberValue | undefined): Bytes {
  if (value instanceof Uint8Array) return value
  return typeof value === 'number' ? encodeSequence(value) : new Uint8Array()
}

function sizes(fields: readonly BodyField[]): number {
  return fields.reduce((sum, { size }) => sum + size, 0)
}

function bigEndian(value: number, size: number): Bytes {
  return Uint8Array.from({ length: size }, (_, index) => (value / 256 ** (size - 1 - index)) & 0xff)
}
