/**
 * Private keys under a passphrase: EncryptedPrivateKeyInfo (RFC 5958 section 3) with PBES2 (RFC 8018 section 6.2),
 * PBKDF2 with HMAC-SHA-256 and AES-256 in CBC mode. WebCrypto does the cryptography, node-forge writes the ASN.1.
 */
import { toUtf8, type Bytes } from '../bytes'
import { LabError, messageOf } from '../errors'
import {
  encodeAsn1,
  integer,
  nothing,
  numberOf,
  octets,
  octetsOf,
  oid,
  oidOf,
  parseAsn1,
  partsOf,
  sequence,
} from './asn1'
import { openingFor, openLocked, wrongPassphrase } from './passphrase'

/** Iterations of PBKDF2 that new files get; OWASP's floor for HMAC-SHA-256. */
export const PBKDF2_ITERATIONS = 600_000

const SALT_BYTES = 16
const BLOCK_BYTES = 16
const KEY_BITS = 256
const WHAT = 'The private key'

const PBES2 = '1.2.840.113549.1.5.13'
const PBKDF2 = '1.2.840.113549.1.5.12'
const HMAC_SHA256 = '1.2.840.113549.2.9'
const AES256_CBC = '2.16.840.1.101.3.4.1.42'

/** The readable part of an encrypted key. */
interface Encrypted {
  readonly salt: Bytes
  readonly iterations: number
  readonly iv: Bytes
  readonly ciphertext: Bytes
}

/**
 * Encrypts a PKCS#8 private key. Salt and IV are fresh; the passphrase counts as its UTF-8 bytes.
 * @returns the DER of an EncryptedPrivateKeyInfo
 */
export async function encryptPkcs8(
  pkcs8: Bytes,
  passphrase: string,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  const salt = random(SALT_BYTES)
  const iv = random(BLOCK_BYTES)
  const key = await deriveKey(passphrase, salt, PBKDF2_ITERATIONS)
  const ciphertext = new Uint8Array(await crypto.subtle.encrypt({ name: 'AES-CBC', iv }, key, pkcs8))
  return write({ salt, iterations: PBKDF2_ITERATIONS, iv, ciphertext })
}

/** Size in bytes that a PKCS#8 private key of `length` bytes has once it is encrypted. */
export function encryptedPkcs8Length(length: number): number {
  const padded = (Math.floor(length / BLOCK_BYTES) + 1) * BLOCK_BYTES
  const block = new Uint8Array(BLOCK_BYTES)
  const ciphertext = new Uint8Array(padded)
  return write({ salt: block, iterations: PBKDF2_ITERATIONS, iv: block, ciphertext }).length
}

/**
 * Decrypts a private key that a tool of any age has locked.
 * @throws LabError `wrong_passphrase`; `bad_encrypted_key` when the bytes are not an encrypted key or ask for too many
 *   iterations; `unsupported_encryption` for other methods than `passphrase.ts` knows
 */
export async function decryptPkcs8(encrypted: Bytes, passphrase: string): Promise<Bytes> {
  try {
    const [algorithm, ciphertext] = partsOf(parseAsn1(encrypted), 'sequence')
    const pkcs8 = await openLocked(algorithm, octetsOf(ciphertext), openingFor(passphrase, WHAT))
    // One wrong key in 256 leaves valid padding: the plaintext has to be a private key as well.
    if (!isPrivateKeyInfo(pkcs8)) throw wrongPassphrase(WHAT)
    return pkcs8
  } catch (error) {
    throw error instanceof LabError ? error : malformed(error)
  }
}

async function deriveKey(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const secret = await crypto.subtle.importKey('raw', toUtf8(passphrase), 'PBKDF2', false, ['deriveKey'])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations }
  return crypto.subtle.deriveKey(derivation, secret, { name: 'AES-CBC', length: KEY_BITS }, false, [
    'encrypt',
  ])
}

/** RFC 8018 appendix A: algorithm PBES2 with its two parts, then the encrypted data. */
function write({ salt, iterations, iv, ciphertext }: Encrypted): Bytes {
  const derivation = sequence(octets(salt), integer(iterations), sequence(oid(HMAC_SHA256), nothing()))
  const scheme = sequence(sequence(oid(PBKDF2), derivation), sequence(oid(AES256_CBC), octets(iv)))
  return encodeAsn1(sequence(sequence(oid(PBES2), scheme), octets(ciphertext)))
}

/** PrivateKeyInfo (RFC 5208 section 5): a sequence over all of the bytes: version, algorithm, key. */
function isPrivateKeyInfo(der: Bytes): boolean {
  try {
    const [version, algorithm, key] = partsOf(parseAsn1(der), 'sequence')
    numberOf(version)
    oidOf(partsOf(algorithm, 'sequence')[0])
    return octetsOf(key).length > 0
  } catch {
    return false
  }
}

function malformed(cause: unknown): LabError {
  const message = `The bytes are not an encrypted private key (PKCS#8, RFC 5958) that can be read: ${messageOf(cause)}`
  return new LabError('bad_encrypted_key', message, { cause })
}
