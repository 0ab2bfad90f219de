/** How suite `modern` closes its bodies (protocol.md section 4): AES-256-GCM over a transcript, and RSA-OAEP with SHA-256. */
import { concat, type Bytes } from '../../bytes'
import { GCM_NONCE_BYTES, GCM_TAG_BYTES } from '../../crypto/primitives/aead'
import type { RsaPrivateKey, RsaPublicKey } from '../../crypto/primitives/rsa'
import type { FrameContext } from '../conduct'
import type { Environment } from '../environment'

const OAEP_HASH = 'SHA-256'
/** What sealing adds to a plaintext's length. */
export const SEAL_OVERHEAD = GCM_NONCE_BYTES + GCM_TAG_BYTES
export const SEQUENCE_BYTES = 8

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
