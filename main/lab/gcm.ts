/** AES-256-GCM by Node, on the spot: for the roles that main hosts (docs/decisions/0022). */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { concat } from '#shared/bytes'
import { GCM_NONCE_BYTES, GCM_TAG_BYTES, type Gcm } from '#shared/crypto/primitives/aead'

const ALGORITHM = 'aes-256-gcm'
const OPTIONS = { authTagLength: GCM_TAG_BYTES }

export const nodeGcm: Gcm = {
  encrypt(key, nonce, additional, plaintext) {
    requireNonce(nonce)
    const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS).setAAD(additional)
    return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
  },
  decrypt(key, nonce, additional, sealed) {
    requireNonce(nonce)
    const tag = sealed.length - GCM_TAG_BYTES
    if (tag < 0) throw new RangeError('The ciphertext is shorter than its tag.')
    const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS).setAAD(additional)
    const plaintext = decipher.update(sealed.subarray(0, tag))
    // Nothing of the plaintext is handed out unless the tag fits.
    decipher.setAuthTag(sealed.subarray(tag))
    return concat(plaintext, decipher.final())
  },
}

function requireNonce(nonce: Uint8Array): void {
  if (nonce.length !== GCM_NONCE_BYTES) throw new RangeError('The nonce is not 12 bytes long.')
}
