/** The ciphers of suite `modern`, and how each lies in a body (protocol.md section 4). */
import type { BodyField, Cipher } from '../../record/term'

/** Every bit of an RSA block depends on the whole plaintext. */
export const RSA: Cipher = {
  name: 'RSA',
  full: 'RSAES-OAEP, SHA-256, MGF1-SHA-256',
  before: [],
  text: { name: 'RSA block', note: 'one RSA block: the first object under {key}' },
  after: [],
  spread: 'all',
}

const NONCE: BodyField = { name: 'nonce', size: 12, note: '12 random bytes, sent in clear' }
/** GCM is a stream: a byte of plaintext has its byte of ciphertext. */
const STREAM = { name: 'ciphertext', note: 'as long as the plaintext, under {key}' }
const TAG: BodyField = {
  name: 'tag',
  size: 16,
  note: 'proves that neither this message nor the ones before it were changed',
}

/** `seal(K, P)`: steps 1 to 6. */
export const SEAL: Cipher = {
  name: 'AES',
  full: 'AES-256-GCM, random nonce, transcript as additional data',
  before: [NONCE],
  text: STREAM,
  after: [TAG],
  spread: 'byte',
}

/** Steps 7 and 8: the nonce is made of the sequence number that stands before. */
export const SEQUENCED: Cipher = {
  name: 'AES',
  full: 'AES-256-GCM, nonce from the sequence number',
  before: [],
  text: STREAM,
  after: [TAG],
  spread: 'byte',
}
