/** AES-256-GCM (SP 800-38D) and ECDH on P-256 (SP 800-56A), by WebCrypto. */
import { concat, type Bytes } from '../../bytes'
import { LabError, passOwnFault } from '../../errors'
import { perObject } from '../../remember'
import { plainly } from './operations'

export const AES_KEY_BYTES = 32
export const GCM_NONCE_BYTES = 12
export const GCM_TAG_BYTES = 16
/** An uncompressed point of P-256 (SEC 1 section 2.3.3). */
export const SHARE_BYTES = 65
const UNCOMPRESSED = 4

const CURVE = { name: 'ECDH', namedCurve: 'P-256' } as const
const SHARED_SECRET_BITS = 256

/** One side of a key agreement: the share to send, and a handle to its private half, which never leaves WebCrypto. */
export interface KeyShare {
  readonly share: Bytes
  readonly privateKey: CryptoKey
}

/** Encrypts; the result is the ciphertext and its 16-byte tag. */
export async function encryptGcm(
  key: Bytes,
  nonce: Bytes,
  additional: Bytes,
  plaintext: Bytes,
  perform = plainly,
): Promise<Bytes> {
  const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: additional }
  const native = await importAes(key)
  const encrypt = () => crypto.subtle.encrypt(algorithm, native, plaintext)
  return new Uint8Array(await perform('aes_encrypt', encrypt))
}

/** Decrypts what {@link encryptGcm} made; rejects with LabError `bad_ciphertext` when tag, key or additional data don't fit. */
export async function decryptGcm(
  key: Bytes,
  nonce: Bytes,
  additional: Bytes,
  sealed: Bytes,
  perform = plainly,
): Promise<Bytes> {
  try {
    const algorithm = { name: 'AES-GCM', iv: nonce, additionalData: additional }
    const native = await importAes(key)
    const decrypt = () => crypto.subtle.decrypt(algorithm, native, sealed)
    return new Uint8Array(await perform('aes_decrypt', decrypt))
  } catch (cause) {
    passOwnFault(cause)
    throw badTag(cause)
  }
}

/** The refusal of a sealed text whose tag does not fit. */
export function badTag(cause: unknown): LabError {
  return new LabError('bad_ciphertext', 'The authentication tag does not fit.', { cause })
}

/** Makes an ephemeral share; its private half never leaves WebCrypto. */
export async function makeKeyShare(perform = plainly): Promise<KeyShare> {
  const pair = await perform('ecdh_generate', () => crypto.subtle.generateKey(CURVE, false, ['deriveBits']))
  const share = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  return { share, privateKey: pair.privateKey }
}

/** Works out the x-coordinate, 32 bytes, of the point that a private key and a peer's share lead to. */
export async function agree(privateKey: CryptoKey, peer: CryptoKey, perform = plainly): Promise<Bytes> {
  const derive = () =>
    crypto.subtle.deriveBits({ name: 'ECDH', public: peer }, privateKey, SHARED_SECRET_BITS)
  return new Uint8Array(await perform('ecdh_agree', derive))
}

/**
 * Reads a peer's uncompressed share.
 * @throws LabError `bad_share` when it is no such point of the curve
 */
export async function readShare(share: Bytes): Promise<CryptoKey> {
  try {
    // Other encodings of the same point are refused: what is signed and hashed is the uncompressed one.
    if (share[0] !== UNCOMPRESSED) throw new SyntaxError('The share is not an uncompressed point.')
    return await crypto.subtle.importKey('raw', share, CURVE, false, [])
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_share', 'The share is not a point of the curve P-256.', { cause })
  }
}

/**
 * Reads the private half of a share that somebody has kept, PKCS#8.
 * @throws LabError `bad_private_key` when it is no private key on P-256
 */
export async function readShareHalf(pkcs8: Bytes): Promise<CryptoKey> {
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, CURVE, false, ['deriveBits'])
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_private_key', 'The bytes are no private key on the curve P-256.', { cause })
  }
}

/** Imported once: a session's key is used for every message. */
const importAes = perObject((key: Bytes): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']),
)

/**
 * AES-256-GCM without a look at the tag, for who wants to see what the tag is worth: AES in counter mode, from the second block
 * on (NIST SP 800-38D section 7.2).
 */
export async function decryptGcmUnchecked(key: Bytes, nonce: Bytes, sealed: Bytes): Promise<Bytes> {
  const aes = await crypto.subtle.importKey('raw', key, 'AES-CTR', false, ['decrypt'])
  const counter = concat(nonce, new Uint8Array([0, 0, 0, 2]))
  const text = sealed.slice(0, Math.max(0, sealed.length - GCM_TAG_BYTES))
  return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-CTR', counter, length: 32 }, aes, text))
}
