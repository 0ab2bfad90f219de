/**
 * The cryptography that protocols ask for, as something that is handed in: whoever starts a role says by what it computes,
 * and can look on. What is here uses keys; hashing and the reading of keys and certificates are plain functions.
 */
import type { Bytes } from '../bytes'
import * as aead from './primitives/aead'
import * as des from './primitives/des'
import { deriveKey } from './primitives/hash'
import { plainly, type Perform } from './primitives/operations'
import * as rsa from './primitives/rsa'
import type { RsaBits } from './primitives/rsa-bits'

/** Every function rejects as the one of the same name in `primitives/` does. */
export interface CryptoProvider {
  /** Makes a key pair with the exponent 65537. */
  readonly generateRsaKeyPair: (bits: RsaBits) => Promise<rsa.RsaKeyPair>
  /** RSAES-OAEP, MGF1 with the same hash, empty label (RFC 8017 section 7.1). */
  readonly encryptOaep: (key: rsa.RsaPublicKey, hash: rsa.OaepHash, plaintext: Bytes) => Promise<Bytes>
  /** Rejects with LabError `bad_ciphertext`. */
  readonly decryptOaep: (key: rsa.RsaPrivateKey, hash: rsa.OaepHash, ciphertext: Bytes) => Promise<Bytes>
  /** RSASSA-PKCS1-v1_5 with SHA-256 (RFC 8017 section 8.2). */
  readonly signPkcs1: (key: rsa.RsaPrivateKey, data: Bytes) => Promise<Bytes>
  /** Rejects with LabError `bad_key` when the key is not an RSA key. */
  readonly verifyPkcs1: (key: rsa.RsaPublicKey, signature: Bytes, data: Bytes) => Promise<boolean>
  /** RSASSA-PSS with SHA-256 and a salt of 32 bytes (RFC 8017 section 8.1). */
  readonly signPss: (key: rsa.RsaPrivateKey, data: Bytes) => Promise<Bytes>
  /** Rejects with LabError `bad_key` when the key is not an RSA key. */
  readonly verifyPss: (key: rsa.RsaPublicKey, signature: Bytes, data: Bytes) => Promise<boolean>
  /** AES-256-GCM, nonce of 12 bytes; the result is the ciphertext and its 16-byte tag. */
  readonly encryptGcm: (key: Bytes, nonce: Bytes, additional: Bytes, plaintext: Bytes) => Promise<Bytes>
  /** Rejects with LabError `bad_ciphertext`. */
  readonly decryptGcm: (key: Bytes, nonce: Bytes, additional: Bytes, sealed: Bytes) => Promise<Bytes>
  /** DES-CBC with PKCS#7 padding, IV of 8 bytes. */
  readonly encryptDes: (key: Bytes, iv: Bytes, plaintext: Bytes) => Promise<Bytes>
  /** Rejects with LabError `bad_ciphertext`. */
  readonly decryptDes: (key: Bytes, iv: Bytes, ciphertext: Bytes) => Promise<Bytes>
  /** HKDF-SHA-256 (RFC 5869); the result is 32 bytes. */
  readonly deriveKey: (input: Bytes, salt: Bytes, info: Bytes) => Promise<Bytes>
  /** An ephemeral share on P-256. */
  readonly makeKeyShare: () => Promise<aead.KeyShare>
  /** A peer's share as a handle; rejects with LabError `bad_share` when it is no uncompressed point of P-256. */
  readonly readShare: (share: Bytes) => Promise<CryptoKey>
  /** ECDH: the x-coordinate, 32 bytes, of the point that a private half and a peer's share lead to. */
  readonly agree: (privateKey: CryptoKey, peer: CryptoKey) => Promise<Bytes>
}

/** By WebCrypto, node-forge and @noble/hashes, wherever this runs. `perform` makes every operation, and may look on. */
export function makeProvider(perform: Perform = plainly): CryptoProvider {
  return {
    generateRsaKeyPair: (bits) => rsa.generateRsaKeyPair(bits, perform),
    encryptOaep: (key, hash, plaintext) => rsa.encryptOaep(key, hash, plaintext, perform),
    decryptOaep: (key, hash, ciphertext) => rsa.decryptOaep(key, hash, ciphertext, perform),
    signPkcs1: (key, data) => rsa.signPkcs1(key, data, perform),
    verifyPkcs1: (key, signature, data) => rsa.verifyPkcs1(key, signature, data, perform),
    signPss: (key, data) => rsa.signPss(key, data, perform),
    verifyPss: (key, signature, data) => rsa.verifyPss(key, signature, data, perform),
    encryptGcm: (key, nonce, additional, plaintext) =>
      aead.encryptGcm(key, nonce, additional, plaintext, perform),
    decryptGcm: (key, nonce, additional, sealed) => aead.decryptGcm(key, nonce, additional, sealed, perform),
    encryptDes: (key, iv, plaintext) => des.encryptDes(key, iv, plaintext, perform),
    decryptDes: (key, iv, ciphertext) => des.decryptDes(key, iv, ciphertext, perform),
    deriveKey: (input, salt, info) => deriveKey(input, salt, info, perform),
    makeKeyShare: () => aead.makeKeyShare(perform),
    readShare: aead.readShare,
    agree: (privateKey, peer) => aead.agree(privateKey, peer, perform),
  }
}

/** The provider of whoever has no other, and nobody looking on. */
export const webCrypto: CryptoProvider = makeProvider()

/** Proves that two keys are one pair: what the private key signs, the public key verifies. */
export async function isKeyPair(
  { publicKey, privateKey }: rsa.RsaKeyPair,
  challenge: Bytes,
  { signPkcs1, verifyPkcs1 }: Pick<CryptoProvider, 'signPkcs1' | 'verifyPkcs1'>,
): Promise<boolean> {
  return verifyPkcs1(publicKey, await signPkcs1(privateKey, challenge), challenge)
}
