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
    if (nonce.length !== GCM_NONCE_BYTES) throw new RangeError('The nonce is not 12 bytes long.')
    const cipher = createCipheriv(ALGORITHM, key, nonce, OPTIONS).setAAD(additional)
    return concat(cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
  },
  async decryptGcm(key, nonce, additional, sealed) {
    const tag = sealed.length - GCM_TAG_BYTES
    if (nonce.length !== GCM_NONCE_BYTES || tag < 0)
      throw badTag(new SyntaxError('There is less than a nonce and a tag.'))
    const decipher = createDecipheriv(ALGORITHM, key, nonce, OPTIONS).setAAD(additional)
    const plaintext = decipher.update(sealed.subarray(0, tag))
    decipher.setAuthTag(sealed.subarray(tag))
    try {
      // Nothing of the plaintext is handed out unless the tag fits.
      return concat(plaintext, decipher.final())
    } catch (cause) {
      throw badTag(cause)
    }
  },
}

/** The real environment of roles that main hosts. */
export const mainEnvironment: Environment = { ...systemEnvironment, crypto: { ...webCrypto, ...nodeGcm } }
