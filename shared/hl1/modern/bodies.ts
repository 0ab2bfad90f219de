/** How suite `modern` closes its bodies (protocol.md section 4): AES-256-GCM over a transcript, and RSA-OAEP with SHA-256. */
import { concat, type Bytes } from '../../bytes'
import { GCM_NONCE_BYTES, GCM_TAG_BYTES } from '../../crypto/primitives/aead'
import type { RsaPrivateKey, RsaPublicKey } from '../../crypto/primitives/rsa'
import type { Environment } from '../environment'
import type { ByteRange } from '../frame'
import type { KeySymbol } from '../keys'
import type { MemberRange } from '../members'
import type { BodyLayout, FrameContext } from '../step'

const OAEP_HASH = 'SHA-256'
export const RSA_ALGORITHM = 'RSAES-OAEP, SHA-256, MGF1-SHA-256'
export const SEAL_ALGORITHM = 'AES-256-GCM, random nonce, transcript as additional data'
export const SEQUENCE_ALGORITHM = 'AES-256-GCM, nonce from the sequence number'
/** What sealing adds to a plaintext's length. */
export const SEAL_OVERHEAD = GCM_NONCE_BYTES + GCM_TAG_BYTES
export const SEQUENCE_BYTES = 8
/** Where the ciphertext of a seal begins, and how long its tag is. */
export const SEAL_START = GCM_NONCE_BYTES
export const TAG_BYTES = GCM_TAG_BYTES

/** What a seal is bound to: the transcript before the frame, and the frame's header. */
export interface SealContext {
  readonly transcript: Bytes
  readonly frame: FrameContext
}

/** `seal(K, P)` in a body of `bodyLength` bytes. */
export async function seal(
  key: Bytes,
  plaintext: Bytes,
  bodyLength: number,
  { transcript, frame }: SealContext,
  { random, crypto }: Environment,
): Promise<Bytes> {
  const nonce = random(GCM_NONCE_BYTES)
  const additional = concat(transcript, frame.header(bodyLength))
  return concat(nonce, await crypto.encryptGcm(key, nonce, additional, plaintext))
}

/** Opens what {@link seal} made; throws when anything about it is not as it was. */
export function unseal(
  key: Bytes,
  sealed: Bytes,
  bodyLength: number,
  { transcript, frame }: SealContext,
  { crypto }: Environment,
): Promise<Bytes> {
  const nonce = sealed.slice(0, GCM_NONCE_BYTES)
  const additional = concat(transcript, frame.header(bodyLength))
  return crypto.decryptGcm(key, nonce, additional, sealed.slice(GCM_NONCE_BYTES))
}

/** Encrypts under a public key with this suite's hash. */
export function encryptRsa(key: RsaPublicKey, plaintext: Bytes, { crypto }: Environment): Promise<Bytes> {
  return crypto.encryptOaep(key, OAEP_HASH, plaintext)
}

/** Opens what {@link encryptRsa} made. */
export function decryptRsa(key: RsaPrivateKey, ciphertext: Bytes, { crypto }: Environment): Promise<Bytes> {
  return crypto.decryptOaep(key, OAEP_HASH, ciphertext)
}

/** A sequence number as 8 bytes, big-endian. */
export function encodeSequence(sequence: number): Bytes {
  const bytes = new Uint8Array(SEQUENCE_BYTES)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(sequence))
  return bytes
}

/** The nonce of steps 7 and 8: four zero bytes, then the sequence number. */
export function sequenceNonce(sequence: Bytes): Bytes {
  return concat(new Uint8Array(GCM_NONCE_BYTES - SEQUENCE_BYTES), sequence)
}

/** Names the parts of a seal that begins at `start`. GCM is a stream: a byte of plaintext has its byte of ciphertext. */
export function sealRanges(
  key: KeySymbol,
  start: number,
  end: number,
  part = 'ciphertext',
): readonly ByteRange[] {
  return [
    { name: 'nonce', start, end: start + GCM_NONCE_BYTES, note: '12 random bytes, sent in clear' },
    ...streamRanges(key, start + GCM_NONCE_BYTES, end, part),
  ]
}

/** Names ciphertext and tag. */
export function streamRanges(
  key: KeySymbol,
  start: number,
  end: number,
  part = 'ciphertext',
): readonly ByteRange[] {
  const tag = end - GCM_TAG_BYTES
  return [
    { name: part, start, end: tag, note: `as long as the plaintext, under ${key}`, key },
    {
      name: 'tag',
      start: tag,
      end,
      note: 'proves that neither this message nor the ones before it were changed',
      key,
    },
  ]
}

/** Where plaintext bytes are in a stream that begins at `start`. */
export function alongStream(start: number): BodyLayout['project'] {
  return (_part: number, range: MemberRange) => ({ start: start + range.start, end: start + range.end })
}

/** Where plaintext bytes are in a seal that begins at `start`. */
export function alongSeal(start: number): BodyLayout['project'] {
  return alongStream(start + GCM_NONCE_BYTES)
}

/** The layout of a body that is one seal and nothing else. */
export function wholeSeal(key: KeySymbol, length: number): BodyLayout {
  return { ranges: sealRanges(key, 0, length), project: alongSeal(0) }
}
