/** The ciphers of suite `classic`, and how each lies in a body (protocol.md section 3). */
import type { Cipher } from '../../record/term'

/** Every bit of an RSA block depends on the whole plaintext. */
export const RSA: Cipher = {
  name: 'RSA',
  full: 'RSAES-OAEP, SHA-1, MGF1-SHA-1',
  before: [],
  text: { name: 'ciphertext', note: 'one RSA block: the whole plaintext under {key}' },
  after: [],
  spread: 'all',
}

/** Block n of the ciphertext is made from bytes 8n to 8n+7 of the plaintext (and from the block before it). */
export const DES: Cipher = {
  name: 'DES',
  full: 'DES-CBC, PKCS#7 padding, random IV',
  before: [{ name: 'IV', size: 8, note: 'initialisation vector: 8 random bytes, sent in clear' }],
  text: { name: 'ciphertext', note: '{blocks} blocks of 8 bytes' },
  last: { name: 'last block', size: 8, note: 'ends in the padding' },
  after: [],
  spread: { block: 8 },
}
