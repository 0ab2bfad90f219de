/**
 * The primitives that protocol.md names, by Node's own cryptography: nothing of the program's is used, so that neither can be
 * wrong for the other. What can't be opened is undefined.
 */
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
  type ECDH,
} from 'node:crypto'
import { recently } from '#shared/remember'

/** Bytes that own their buffer. */
export type Bytes = Uint8Array<ArrayBuffer>

export type OaepHash = 'sha1' | 'sha256'

/** DES has no provider of its own in OpenSSL 3; three times the same key is DES. */
const DES = 'des-ede3-cbc'
const GCM = 'aes-256-gcm'
const TAG_BYTES = 16
const CURVE = 'prime256v1'
const P = 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

export const bytesOf = (data: Uint8Array): Bytes => new Uint8Array(data)
export const join = (...parts: readonly Uint8Array[]): Bytes => bytesOf(Buffer.concat(parts))
export const text = (value: string): Bytes => bytesOf(Buffer.from(value, 'utf8'))
export const base64 = (data: Uint8Array): string => Buffer.from(data).toString('base64')
export const sha256 = (...parts: readonly Uint8Array[]): Bytes =>
  bytesOf(createHash('sha256').update(Buffer.concat(parts)).digest())

const privateKey = recently((pem: string) => createPrivateKey(pem))
const publicKey = recently((pem: string) => createPublicKey(pem))

/** RSAES-OAEP, MGF1 with the same hash. Throws when the plaintext is too long for the key. */
export function oaepSeal(pem: string, hash: OaepHash, plaintext: Uint8Array, label?: Uint8Array): Bytes {
  const options = { key: publicKey(pem), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }
  return bytesOf(publicEncrypt({ ...options, ...(label ? { oaepLabel: label } : {}) }, plaintext))
}

/** RFC 8017 section 7.1.2: a ciphertext is as long as the modulus. */
export function oaepOpen(pem: string, hash: OaepHash, ciphertext: Uint8Array): Bytes | undefined {
  const key = privateKey(pem)
  if (ciphertext.length * 8 !== key.asymmetricKeyDetails?.modulusLength) return undefined
  return attempt(() =>
    privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, ciphertext),
  )
}

/** RSAES-PKCS1-v1_5, which no suite has. */
export function oldRsaSeal(pem: string, plaintext: Uint8Array): Bytes {
  return bytesOf(publicEncrypt({ key: publicKey(pem), padding: constants.RSA_PKCS1_PADDING }, plaintext))
}

export function pkcs7(plaintext: Uint8Array): Bytes {
  const count = 8 - (plaintext.length % 8)
  return join(plaintext, new Uint8Array(count).fill(count))
}

/** DES-CBC over whole blocks, padded or not by whoever calls. */
export function desSeal(key: Uint8Array, iv: Uint8Array, padded: Uint8Array): Bytes {
  const cipher = createCipheriv(DES, join(key, key, key), iv).setAutoPadding(false)
  return join(cipher.update(padded), cipher.final())
}

/** A body of section 3: IV, then whole blocks that end in PKCS#7 padding. */
export function desOpen(key: Uint8Array, body: Uint8Array): Bytes | undefined {
  if (body.length < 16 || body.length % 8 !== 0) return undefined
  const cipher = createDecipheriv(DES, join(key, key, key), body.subarray(0, 8)).setAutoPadding(false)
  const padded = join(cipher.update(body.subarray(8)), cipher.final())
  const count = padded.at(-1) ?? 0
  const isPadded = count >= 1 && count <= 8 && padded.subarray(-count).every((byte) => byte === count)
  return isPadded ? padded.slice(0, -count) : undefined
}

/** AES-256-GCM: the ciphertext, then its tag of 16 bytes. */
export function gcmSeal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Bytes {
  const cipher = createCipheriv(GCM, key, nonce).setAAD(aad)
  return join(cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
}

export function gcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Bytes | undefined {
  if (nonce.length !== 12 || sealed.length < TAG_BYTES) return undefined
  return attempt(() => {
    const cipher = createDecipheriv(GCM, key, nonce, { authTagLength: TAG_BYTES }).setAAD(aad)
    cipher.setAuthTag(sealed.subarray(-TAG_BYTES))
    return join(cipher.update(sealed.subarray(0, -TAG_BYTES)), cipher.final())
  })
}

/** HKDF-SHA-256 with 32 bytes out. */
export function hkdf(input: Uint8Array, salt: Uint8Array, info: string): Bytes {
  return new Uint8Array(hkdfSync('sha256', input, salt, info, 32))
}

export function makeShare(): ECDH {
  const share = createECDH(CURVE)
  share.generateKeys()
  return share
}

export const shareOf = (share: ECDH): Bytes => bytesOf(share.getPublicKey())

/** The x-coordinate of the point that both lead to. */
export function agree(share: ECDH, peer: Uint8Array): Bytes | undefined {
  return isPoint(peer) ? attempt(() => share.computeSecret(peer)) : undefined
}

/** An uncompressed point of P-256, in 65 bytes (SEC 1 section 2.3.3). */
export function isPoint(share: Uint8Array): boolean {
  if (share.length !== 65 || share[0] !== 4) return false
  const [x, y] = [share.subarray(1, 33), share.subarray(33)].map((part) =>
    BigInt(`0x${Buffer.from(part).toString('hex')}`),
  )
  return x! < P && y! < P && (y! * y! - (x! * x! * x! - 3n * x! + B)) % P === 0n
}

/** RSASSA-PKCS1-v1_5 with SHA-256. */
export const pkcs1Sign = (pem: string, data: Uint8Array): Bytes => bytesOf(sign('sha256', data, pem))
export const pkcs1Verify = (pem: string, data: Uint8Array, signature: Uint8Array): boolean =>
  isAsLong(pem, signature) && holds(() => verify('sha256', data, publicKey(pem), signature))

const PSS = constants.RSA_PKCS1_PSS_PADDING
/** RSASSA-PSS with SHA-256. */
export const pssSign = (pem: string, data: Uint8Array, saltLength = 32): Bytes =>
  bytesOf(sign('sha256', data, { key: pem, padding: PSS, saltLength }))
export const pssVerify = (pem: string, data: Uint8Array, signature: Uint8Array): boolean => {
  const key = { key: publicKey(pem), padding: PSS, saltLength: 32 }
  return isAsLong(pem, signature) && holds(() => verify('sha256', data, key, signature))
}

/** RFC 8017 sections 8.1.2 and 8.2.2: a signature is as long as the modulus. */
function isAsLong(pem: string, signature: Uint8Array): boolean {
  return signature.length * 8 === publicKey(pem).asymmetricKeyDetails?.modulusLength
}

function holds(check: () => boolean): boolean {
  return attempt(() => (check() ? new Uint8Array() : undefined)) !== undefined
}

function attempt(action: () => Uint8Array | undefined): Bytes | undefined {
  try {
    const made = action()
    return made && bytesOf(made)
  } catch {
    return undefined
  }
}
