/** Private keys under a passphrase: EncryptedPrivateKeyInfo (RFC 5958 section 3). */
import type { Bytes } from '../../bytes'
import { LabError, messageOf, orUndefined, passOwnFault } from '../../errors'
import {
  encodeAsn1,
  numberOf,
  octets,
  octetsOf,
  oidOf,
  parseAsn1,
  partsOf,
  sequence,
} from '../encodings/asn1'
import { encryptedLength } from '../primitives/cbc'
import { unlockingFor, openLocked, wrongPassphrase } from './passphrase'
import { lockPbes2, pbes2Example } from './pbes2'

/** Iterations of PBKDF2 that new files get; OWASP's floor for HMAC-SHA-256. */
const PBKDF2_ITERATIONS = 600_000

const WHAT = 'The private key'

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
  return encodeAsn1(sequence(algorithm, octets(ciphertext)))
}

/** Size in bytes that a PKCS#8 private key of `length` bytes has once it is encrypted. */
export function encryptedPkcs8Length(length: number): number {
  const ciphertext = new Uint8Array(encryptedLength('AES', length))
  return encodeAsn1(sequence(pbes2Example(PBKDF2_ITERATIONS), octets(ciphertext))).length
}

/**
 * Decrypts a private key that a tool of any age has locked.
 * @throws LabError `wrong_passphrase`; `bad_encrypted_key` when the bytes are not an encrypted key or ask for too many
 *   iterations; `unsupported_encryption` for other methods than `passphrase.ts` knows
 */
export async function decryptPkcs8(encrypted: Bytes, passphrase: string): Promise<Bytes> {
  try {
    const [algorithm, ciphertext] = partsOf(parseAsn1(encrypted), 'sequence')
    const pkcs8 = await openLocked(algorithm, octetsOf(ciphertext), unlockingFor(passphrase, WHAT))
    // One wrong key in 256 leaves valid padding: the plaintext has to be a private key as well.
    if (!isPrivateKeyInfo(pkcs8)) throw wrongPassphrase(WHAT)
    return pkcs8
  } catch (error) {
    passOwnFault(error)
    throw error instanceof LabError ? error : malformed(error)
  }
}

/** PrivateKeyInfo (RFC 5208 section 5): a sequence over all of the bytes: version, algorithm, key. */
function isPrivateKeyInfo(der: Bytes): boolean {
  return (
    orUndefined(() => {
      const [version, algorithm, key] = partsOf(parseAsn1(der), 'sequence')
      numberOf(version)
      oidOf(partsOf(algorithm, 'sequence')[0])
      return octetsOf(key).length > 0
    }) ?? false
  )
}

function malformed(cause: unknown): LabError {
  const message = `The bytes are not an encrypted private key (PKCS#8, RFC 5958) that can be read: ${messageOf(cause)}`
  return new LabError('bad_encrypted_key', message, { cause })
}
