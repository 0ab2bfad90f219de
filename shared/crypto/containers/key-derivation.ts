/** Keys from passphrases as AlgorithmIdentifiers describe them: PBKDF2 (RFC 8018 section 5.2) and scrypt (RFC 7914 section 7). */
import type { Bytes } from '../../bytes'
import { isConstructed, numberOf, octetsOf, oidOf, partsOf, type Ber } from '../encodings/ber'
import { oidNamed } from '../encodings/oids'
import { hashSizes, pbkdf2, type HashName } from '../primitives/hashes'
import { scrypt } from '../primitives/scrypt'
import { unsupported, utf8Of, type Unlocking } from './unlocking'

const PBKDF2 = oidNamed('PBKDF2')
const SCRYPT = oidNamed('scrypt')
const MAX_SALT_BYTES = 1024
/** Of a key; no cipher or MAC has a longer one. */
const MAX_KEY_BYTES = 1024

/** Hash functions by the OID of their HMAC: RFC 8018 appendix B.1.2, and NIST's. */
const HMACS: Readonly<Record<string, HashName>> = {
  [oidNamed('hmacWithMD5')]: 'MD5',
  [oidNamed('hmacWithSHA1')]: 'SHA-1',
  [oidNamed('hmacWithSHA224')]: 'SHA-224',
  [oidNamed('hmacWithSHA256')]: 'SHA-256',
  [oidNamed('hmacWithSHA384')]: 'SHA-384',
  [oidNamed('hmacWithSHA512')]: 'SHA-512',
  [oidNamed('hmacWithSHA512-224')]: 'SHA-512/224',
  [oidNamed('hmacWithSHA512-256')]: 'SHA-512/256',
  [oidNamed('hmacWithSHA3-224')]: 'SHA3-224',
  [oidNamed('hmacWithSHA3-256')]: 'SHA3-256',
  [oidNamed('hmacWithSHA3-384')]: 'SHA3-384',
  [oidNamed('hmacWithSHA3-512')]: 'SHA3-512',
}
/** What RFC 8018 appendix A.2 takes when a file names none. */
const DEFAULT_HMAC = oidNamed('hmacWithSHA1')

/** The hash function of an HMAC; undefined for what is none that is known. */
export function hmacHash(oid: string): HashName | undefined {
  return HMACS[oid]
}

/**
 * Derives the key that an AlgorithmIdentifier describes.
 * @param length of the key in bytes; undefined where the cipher leaves it to the derivation
 * @throws LabError `unsupported_encryption`; SyntaxError for parameters that are none or ask for too much
 */
export async function deriveKey(
  algorithm: Ber | undefined,
  unlocking: Unlocking,
  length: number | undefined,
): Promise<Bytes> {
  const [name, parameters] = partsOf(algorithm, 'sequence')
  switch (oidOf(name)) {
    case PBKDF2:
      return derivePbkdf2(parameters, unlocking, length)
    case SCRYPT:
      return deriveScrypt(parameters, unlocking, length)
    default:
      throw unsupported(unlocking.what, `the key derivation ${oidOf(name)}`)
  }
}

/** A salt of a length that is in use. */
export function saltOf(node: Ber | undefined): Bytes {
  const salt = octetsOf(node)
  if (salt.length === 0 || salt.length > MAX_SALT_BYTES)
    throw new SyntaxError('The salt is empty or too long.')
  return salt
}

async function derivePbkdf2(
  parameters: Ber | undefined,
  unlocking: Unlocking,
  length: number | undefined,
): Promise<Bytes> {
  const { work, what } = unlocking
  const [salt, count, ...options] = partsOf(parameters, 'sequence')
  // keyLength and prf may both be left out (RFC 8018 appendix A.2).
  const stated = options.find((option) => !isConstructed(option))
  const prf = options.find(isConstructed)
  const oid = prf ? oidOf(partsOf(prf, 'sequence')[0]) : DEFAULT_HMAC
  const hash = HMACS[oid]
  if (!hash) throw unsupported(what, `PBKDF2 with the function ${oid}`)
  const bytes = keyLength(stated, length)
  const iterations = numberOf(count)
  work.spend(iterations, Math.ceil(bytes / hashSizes(hash).output))
  const passphrase = utf8Of(unlocking)
  return pbkdf2({ hash, passphrase, salt: saltOf(salt), iterations, length: bytes }, work.tell)
}

async function deriveScrypt(
  parameters: Ber | undefined,
  unlocking: Unlocking,
  length: number | undefined,
): Promise<Bytes> {
  const [salt, cost, blockSize, parallelization, stated] = partsOf(parameters, 'sequence')
  const costs = {
    cost: numberOf(cost),
    blockSize: numberOf(blockSize),
    parallelization: numberOf(parallelization),
  }
  const bytes = keyLength(stated, length)
  const saltBytes = saltOf(salt)
  unlocking.work.tell(undefined)
  return scrypt(utf8Of(unlocking), saltBytes, costs, bytes)
}

function keyLength(stated: Ber | undefined, length: number | undefined): number {
  const bytes = length ?? numberOf(stated)
  if (stated && numberOf(stated) !== bytes) throw new SyntaxError('The length of the key does not fit.')
  if (bytes < 1 || bytes > MAX_KEY_BYTES) throw new SyntaxError('The length of the key is out of range.')
  return bytes
}
