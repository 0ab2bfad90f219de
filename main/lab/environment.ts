/** What main computes by: AES-256-GCM by Node, on the spot, and WebCrypto for the rest (docs/decisions/0022). */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { concat } from '#shared/bytes'
import { badTag, GCM_NONCE_BYTES, GCM_TAG_BYTES } from '#shared/crypto/primitives/aead'
import { webCrypto, type CryptoProvider } from '#shared/crypto/provider'
import { systemEnvironment, type Environment } from '#shared/hl1/environment'

const ALGORITHM = 'aes-256-gcm'
const OPTIONS = { authTagLength: GCM_TAG_BYTES }

/** AES-GCM without a way to another thread. */
const nodeGcm: Pick<CryptoProvider, 'encryptGcm' | 'decryptGcm'> = {
  async encryptGcm(key, nonce, additional, plaintext) {
    requireNonce(nonce)
    const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS).setAAD(additional)
    return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
  },
  async decryptGcm(key, nonce, additional, sealed) {
    try {
      requireNonce(nonce)
      const tag = sealed.length - GCM_TAG_BYTES
      if (tag < 0) throw new RangeError('The ciphertext is shorter than its tag.')
      const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS).setAAD(additional)
      const plaintext = decipher.update(sealed.subarray(0, tag))
      // Nothing of the plaintext is handed out unless the tag fits.
      decipher.setAuthTag(sealed.subarray(tag))
      return concat(plaintext, decipher.final())
    } catch (cause) {
      throw badTag(cause)
    }
  },
}

/** The real environment of roles that main hosts. */
export const mainEnvironment: Environment = { ...systemEnvironment, crypto: { ...webCrypto, ...nodeGcm } }

function requireNonce(nonce: Uint8Array): void {
  if (nonce.length !== GCM_NONCE_BYTES) throw new RangeError('The nonce is not 12 bytes long.')
}
