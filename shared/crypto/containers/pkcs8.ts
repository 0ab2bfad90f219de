/** Private keys under a passphrase: EncryptedPrivateKeyInfo (RFC 5958 section 3). */
import type { Bytes } from '../../bytes'
import { LabError, messageOf, passOwnFault } from '../../errors'
import { octets, sequence } from '../encodings/asn1'
import { numberOf, octetsOf, oidOf, parseBer, partsOf } from '../encodings/ber'
import { encryptedLength } from '../primitives/cbc'
import { openLocked } from './passphrase'
import { unlockingFor, type Work } from './unlocking'
import { lockPbes2, pbes2Example } from './pbes2'

/** Iterations of PBKDF2 that new files get; OWASP's floor for HMAC-SHA-256. */
const PBKDF2_ITERATIONS = 600_000

/**
 * Encrypts a PKCS#8 private key with PBES2. Salt and IV are fresh; the passphrase counts as its UTF-8 bytes.
 * @returns the DER of an EncryptedPrivateKeyInfo
 */
export async function encryptPkcs8(
  pkcs8: Bytes,
  passphrase: string,
  random: (length: number) => Bytes,
): Promise<Bytes> {
  const lock = { passphrase, iterations: PBKDF2_ITERATIONS, random }
  const { algorithm, ciphertext } = await lockPbes2(pkcs8, lock)
  return sequence(algorithm, octets(ciphertext))
}

/** Size in bytes that a PKCS#8 private key of `length` bytes has once it is encrypted. */
export function encryptedPkcs8Length(length: number): number {
  const ciphertext = new Uint8Array(encryptedLength('AES', length))
  return sequence(pbes2Example(PBKDF2_ITERATIONS), octets(ciphertext)).length
}

/**
 * Decrypts a private key that a tool of any age has locked.
 * @param what it is, for messages
 * @throws LabError `wrong_passphrase`; `bad_encrypted_key` when the bytes are not an encrypted key, ask for too much, or
 *   what they hold is none; `unsupported_encryption` for other methods than `passphrase.ts` knows
 */
export async function decryptPkcs8(
  encrypted: Bytes,
  passphrase: string,
  what = 'The private key',
  work?: Work,
): Promise<Bytes> {
  try {
    const [algorithm, ciphertext] = partsOf(parseBer(encrypted), 'sequence')
    const pkcs8 = await openLocked(algorithm, octetsOf(ciphertext), unlockingFor(passphrase, what, work))
    requirePrivateKeyInfo(pkcs8, what)
    return pkcs8
  } catch (error) {
    passOwnFault(error)
    throw error instanceof LabError ? error : malformed(error)
  }
}

/**
 * PrivateKeyInfo (RFC 5208 section 5): a sequence over all of the bytes: version, algorithm, key.
 * @throws LabError `bad_encrypted_key`
 */
export function requirePrivateKeyInfo(der: Bytes, what: string): void {
  try {
    const [version, algorithm, key] = partsOf(parseBer(der), 'sequence')
    numberOf(version)
    oidOf(partsOf(algorithm, 'sequence')[0])
    octetsOf(key)
  } catch (cause) {
    passOwnFault(cause)
    const message = `${what} opens with this passphrase, but what was locked is no private key (PKCS#8, RFC 5208): ${messageOf(cause)}`
    throw new LabError('bad_encrypted_key', message, { cause })
  }
}

function malformed(cause: unknown): LabError {
  const message = `The bytes are not an encrypted private key (PKCS#8, RFC 5958) that can be read: ${messageOf(cause)}`
  return new LabError('bad_encrypted_key', message, { cause })
}
