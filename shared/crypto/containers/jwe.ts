/**
 * Bytes under a passphrase as a JWE (RFC 7516) in its compact form: PBES2-HS512+A256KW (RFC 7518 section 4.8) and A256GCM. Not by a library
 * of its own: those there are wrap keys by WebCrypto, and Electron's knows no AES-KW in its main process.
 */
import { concat, fromBase64Url, fromUtf8, toBase64, toUtf8, type Bytes } from '../../bytes'
import { LabError, orUndefined, passOwnFault } from '../../errors'
import { unwrapKey, wrapKey } from '../primitives/key-wrap'

const ALGORITHM = 'PBES2-HS512+A256KW'
const ENCRYPTION = 'A256GCM'
const KEY_BYTES = 32
const SALT_BYTES = 16
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** Rounds of PBKDF2 that are written: more than twice what OWASP's list of 2023 asks of HMAC-SHA-512. */
const ROUNDS = 600_000
/** Rounds that are taken from others: so many take some seconds. */
const MOST_ROUNDS = 10_000_000

interface Header {
  readonly alg: typeof ALGORITHM
  readonly enc: typeof ENCRYPTION
  /** Base64url of the salt. */
  readonly p2s: string
  readonly p2c: number
}

/** Locks bytes. @throws LabError `passphrase_missing` for an empty passphrase */
export async function lockAsJwe(plaintext: Bytes, passphrase: string): Promise<string> {
  if (passphrase === '') throw new LabError('passphrase_missing', 'Choose a passphrase.')
  const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  const header: Header = { alg: ALGORITHM, enc: ENCRYPTION, p2s: toBase64Url(salt), p2c: ROUNDS }
  const head = toBase64Url(toUtf8(JSON.stringify(header)))
  const contentKey = crypto.getRandomValues(new Uint8Array(KEY_BYTES))
  const wrapped = wrapKey(await wrappingKey(passphrase, salt, ROUNDS), contentKey)
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES))
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt(gcm(iv, head), await contentKeyOf(contentKey, 'encrypt'), plaintext),
  )
  const end = sealed.length - TAG_BYTES
  return [head, ...[wrapped, iv, sealed.subarray(0, end), sealed.subarray(end)].map(toBase64Url)].join('.')
}

/**
 * Opens what {@link lockAsJwe} has locked.
 * @throws LabError `wrong_passphrase`, also where a byte of it was changed: nothing tells the two apart; `unsupported_encryption`
 */
export async function openJwe(jwe: string, passphrase: string): Promise<Bytes> {
  const [head = '', ...parts] = jwe.split('.')
  const header = orUndefined(() => headerOf(head))
  const [wrapped, iv, text, tag] = parts.map(fromBase64Url)
  const salt = header && fromBase64Url(header.p2s)
  if (!header || !salt || parts.length !== 4 || !wrapped || !iv || !text || !tag)
    throw new LabError(
      'unsupported_encryption',
      `What is locked is no JWE with ${ALGORITHM}, ${ENCRYPTION} and at most ${MOST_ROUNDS} rounds.`,
    )
  try {
    const contentKey = unwrapKey(await wrappingKey(passphrase, salt, header.p2c), wrapped)
    const key = await contentKeyOf(contentKey, 'decrypt')
    return new Uint8Array(await crypto.subtle.decrypt(gcm(iv, head), key, concat(text, tag)))
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('wrong_passphrase', 'The passphrase does not open it, or it was changed since.', {
      cause,
    })
  }
}

/** @throws SyntaxError for a header that is none, or another one */
function headerOf(head: string): Header {
  const value: unknown = JSON.parse(fromUtf8(fromBase64Url(head) ?? new Uint8Array()))
  const { alg, enc, p2s, p2c } = typeof value === 'object' && value !== null ? (value as Partial<Header>) : {}
  const isOurs = alg === ALGORITHM && enc === ENCRYPTION && typeof p2s === 'string'
  if (!isOurs || !Number.isInteger(p2c) || !(Number(p2c) >= 1 && Number(p2c) <= MOST_ROUNDS))
    throw new SyntaxError('It is another JWE.')
  return { alg, enc, p2s, p2c: Number(p2c) }
}

/** RFC 7518 section 4.8.1.1: the salt is the algorithm's name, a zero byte, and the salt of the header. */
async function wrappingKey(passphrase: string, salt: Bytes, rounds: number): Promise<Bytes> {
  const base = await crypto.subtle.importKey('raw', toUtf8(passphrase), 'PBKDF2', false, ['deriveBits'])
  const whole = concat(toUtf8(ALGORITHM), new Uint8Array(1), salt)
  const bits = await crypto.subtle.deriveBits(
    { name: 'PBKDF2', hash: 'SHA-512', salt: whole, iterations: rounds },
    base,
    8 * KEY_BYTES,
  )
  return new Uint8Array(bits)
}

function contentKeyOf(key: Bytes, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, [use])
}

/** The header, as it stands in the JWE, is additional data (RFC 7516 section 5.1). */
function gcm(iv: Bytes, head: string): AesGcmParams {
  return { name: 'AES-GCM', iv, additionalData: toUtf8(head) }
}

function toBase64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
