/** AES Key Wrap (RFC 3394), by @noble/ciphers: keys under keys. */
import { aeskw } from '@noble/ciphers/aes.js'
import type { Bytes } from '../../bytes'
import { LabError } from '../../errors'

/** Wraps a key. */
export function wrapKey(wrapping: Bytes, key: Bytes): Bytes {
  return aeskw(wrapping).encrypt(key) as Bytes
}

/** @throws LabError `bad_ciphertext` where it was wrapped under another key, or changed */
export function unwrapKey(wrapping: Bytes, wrapped: Bytes): Bytes {
  try {
    return aeskw(wrapping).decrypt(wrapped) as Bytes
  } catch (cause) {
    throw new LabError('bad_ciphertext', 'The key does not unwrap.', { cause })
  }
}
