/** Ciphers with a tag, as files have them: AES-GCM with any of its keys and tags, ChaCha20-Poly1305. */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, type Bytes } from '../../bytes'

/** The nonce of ChaCha20-Poly1305 (RFC 8439). */
const CHACHA_NONCE_BYTES = 12

/**
 * Decrypts AES-GCM (SP 800-38D); the tag is at the end.
 * @returns undefined when the tag does not fit
 * @throws SyntaxError when there is no room for a tag, or no nonce
 */
export async function openGcm(
  key: Bytes,
  nonce: Bytes,
  sealed: Bytes,
  tagBytes: number,
): Promise<Bytes | undefined> {
  if (sealed.length < tagBytes || nonce.length === 0)
    throw new SyntaxError('The ciphertext has no nonce, or no tag at its end.')
  // Chromium's WebCrypto has no AES with 192 bits.
  if (key.length === 24) return openGcmInForge(key, nonce, sealed, tagBytes)
  const native = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
  const algorithm = { name: 'AES-GCM', iv: nonce, tagLength: tagBytes * 8 }
  return crypto.subtle.decrypt(algorithm, native, sealed).then(
    (plaintext) => new Uint8Array(plaintext),
    () => undefined,
  )
}

function openGcmInForge(key: Bytes, nonce: Bytes, sealed: Bytes, tagBytes: number): Bytes | undefined {
  const decipher = forge.cipher.createDecipher('AES-GCM', toBinaryString(key))
  const tag = forge.util.createBuffer(toBinaryString(sealed.subarray(-tagBytes)))
  decipher.start({ iv: toBinaryString(nonce), tagLength: tagBytes * 8, tag })
  decipher.update(forge.util.createBuffer(toBinaryString(sealed.subarray(0, -tagBytes))))
  return decipher.finish() ? fromBinaryString(decipher.output.getBytes()) : undefined
}

/**
 * Decrypts ChaCha20-Poly1305 (RFC 8439); the tag is at the end.
 * @returns undefined when the tag does not fit
 * @throws SyntaxError when the nonce has another length
 */
export async function openChaCha20Poly1305(
  key: Bytes,
  nonce: Bytes,
  sealed: Bytes,
): Promise<Bytes | undefined> {
  if (nonce.length !== CHACHA_NONCE_BYTES)
    throw new SyntaxError(`The nonce has ${nonce.length} bytes; ChaCha20-Poly1305 has ${CHACHA_NONCE_BYTES}.`)
  const cipher = chacha20poly1305(key, nonce)
  try {
    return cipher.decrypt(sealed) as Bytes
  } catch {
    return undefined
  }
}
