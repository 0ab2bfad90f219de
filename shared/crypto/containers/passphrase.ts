/**
 * What was locked with a passphrase, opened: PBES2 (RFC 8018 section 6.2) with PBKDF2 or scrypt, the schemes of PKCS#12 (RFC 7292
 * appendix C), and the two of PBES1 (RFC 8018 section 6.1) that old keys have. WebCrypto derives and decrypts what it can,
 * node-forge the rest.
 */
import forge from 'node-forge'
import { concat, toUtf8, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { numberOf, octetsOf, oidOf, partsOf, type Asn1 } from '../encodings/asn1'
import { decryptCbc, type CbcCipher } from '../primitives/cbc'
import { derivePkcs12, hashRepeatedly, passphraseBytes, PURPOSE } from './pkcs12-kdf'
import { scrypt } from '../primitives/scrypt'
import { oidNamed } from '../encodings/oids'

/** Iterations that a file may ask for in all: more would hold the program up for minutes. */
const MAX_ITERATIONS = 10_000_000
const MAX_SALT_BYTES = 1024

/** Counts what a file asks for, over all of its parts. */
export class Work {
  #left = MAX_ITERATIONS

  /** @throws SyntaxError when it is too much, or no number of iterations */
  spend(iterations: number): void {
    this.#left -= iterations
    if (iterations < 1 || this.#left < 0) {
      const limit = MAX_ITERATIONS.toLocaleString('en-GB')
      throw new SyntaxError(
        `It asks for ${iterations.toLocaleString('en-GB')} iterations; from 1 up to ${limit} in all are accepted.`,
      )
    }
  }
}

export interface Opening {
  readonly passphrase: string
  /** The same as PKCS#12 takes it. */
  readonly utf16: Bytes
  readonly work: Work
  /** What is opened, for messages: “The private key”. */
  readonly what: string
}

/** Opens one thing, and counts its work from the start. */
export function openingFor(passphrase: string, what: string): Opening {
  return { passphrase, utf16: passphraseBytes(passphrase), work: new Work(), what }
}

interface Key {
  readonly cipher: CbcCipher
  readonly key: Bytes
  readonly iv: Bytes
}

const PBES2 = oidNamed('PBES2')
const PBKDF2 = oidNamed('PBKDF2')
/** RFC 7914 section 7. */
const SCRYPT = oidNamed('scrypt')

/** Hash functions of PBKDF2's HMAC. */
const FUNCTIONS: Readonly<Record<string, { readonly hash: string; readonly bytes: number }>> = {
  [oidNamed('hmacWithSHA1')]: { hash: 'SHA-1', bytes: 20 },
  [oidNamed('hmacWithSHA256')]: { hash: 'SHA-256', bytes: 32 },
  [oidNamed('hmacWithSHA384')]: { hash: 'SHA-384', bytes: 48 },
  [oidNamed('hmacWithSHA512')]: { hash: 'SHA-512', bytes: 64 },
}
/** What RFC 8018 appendix A.2 takes when a file names none. */
const DEFAULT_FUNCTION = oidNamed('hmacWithSHA1')

/** Ciphers of PBES2, with the length of their keys in bytes. */
const CIPHERS: Readonly<Record<string, { readonly cipher: CbcCipher; readonly bytes: number }>> = {
  [oidNamed('aes128-CBC')]: { cipher: 'AES', bytes: 16 },
  [oidNamed('aes192-CBC')]: { cipher: 'AES', bytes: 24 },
  [oidNamed('aes256-CBC')]: { cipher: 'AES', bytes: 32 },
  [oidNamed('des-EDE3-CBC')]: { cipher: '3DES', bytes: 24 },
  [oidNamed('desCBC')]: { cipher: 'DES', bytes: 8 },
}

/** Schemes of PKCS#12: 3DES with three keys and with two, RC2 with 128 bits and with 40. */
const PKCS12_SCHEMES: typeof CIPHERS = {
  [oidNamed('pbeWithSHAAnd3-KeyTripleDES-CBC')]: { cipher: '3DES', bytes: 24 },
  [oidNamed('pbeWithSHAAnd2-KeyTripleDES-CBC')]: { cipher: '3DES', bytes: 16 },
  [oidNamed('pbeWithSHAAnd128BitRC2-CBC')]: { cipher: 'RC2', bytes: 16 },
  [oidNamed('pbeWithSHAAnd40BitRC2-CBC')]: { cipher: 'RC2', bytes: 5 },
}
const BLOCK_BYTES = 8

/** Schemes of PBES1, all with DES: who hashes. */
const PBES1_SCHEMES: Readonly<Record<string, () => forge.md.MessageDigest>> = {
  [oidNamed('pbeWithMD5AndDES-CBC')]: () => forge.md.md5.create(),
  [oidNamed('pbeWithSHA1AndDES-CBC')]: () => forge.md.sha1.create(),
}

/**
 * Decrypts what an AlgorithmIdentifier describes. The passphrase counts as UTF-8, in the schemes of PKCS#12 as UTF-16.
 * @throws LabError `wrong_passphrase` when the padding that comes out is wrong, `unsupported_encryption` for other
 *   algorithms; SyntaxError for parameters that are none
 */
export async function openLocked(
  algorithm: Asn1 | undefined,
  ciphertext: Bytes,
  opening: Opening,
): Promise<Bytes> {
  const [name, parameters] = partsOf(algorithm, 'sequence')
  const { cipher, key, iv } = await keyFor(oidOf(name), parameters, opening)
  const plaintext = await decryptCbc(cipher, key, iv, ciphertext)
  if (!plaintext) throw wrongPassphrase(opening.what)
  return plaintext
}

export function wrongPassphrase(what: string, cause?: unknown): LabError {
  const message = `${what} can’t be opened: the passphrase is not the one it was locked with.`
  return new LabError('wrong_passphrase', message, { cause })
}

export function unsupported(what: string, method: string): LabError {
  return new LabError(
    'unsupported_encryption',
    `${what} is locked with ${method}, which can’t be opened here. Expected is PBES2 with PBKDF2 or scrypt and AES or 3DES, or an older scheme with 3DES, RC2 or DES: lock it anew with another tool.`,
  )
}

/** PBKDF2 or scrypt, as the AlgorithmIdentifier says. */
async function deriveKey(algorithm: Asn1 | undefined, opening: Opening, length: number): Promise<Bytes> {
  const [name, parameters] = partsOf(algorithm, 'sequence')
  if (oidOf(name) !== SCRYPT) return derivePbkdf2(algorithm, opening, length)
  const [salt, cost, blockSize, parallelization, stated] = partsOf(parameters, 'sequence')
  if (stated && numberOf(stated) !== length) throw new SyntaxError('The length of the key does not fit.')
  const costs = {
    cost: numberOf(cost),
    blockSize: numberOf(blockSize),
    parallelization: numberOf(parallelization),
  }
  return scrypt(toUtf8(opening.passphrase), saltOf(salt), costs, length)
}

/** PBKDF2 as its AlgorithmIdentifier describes it; `length` where that names none. */
async function derivePbkdf2(
  algorithm: Asn1 | undefined,
  { passphrase, work, what }: Opening,
  length?: number,
): Promise<Bytes> {
  const [name, parameters] = partsOf(algorithm, 'sequence')
  if (oidOf(name) !== PBKDF2) throw unsupported(what, `the key derivation ${oidOf(name)}`)
  const [salt, count, ...options] = partsOf(parameters, 'sequence')
  // keyLength and prf may both be left out (RFC 8018 appendix A.2).
  const stated = options.find((option) => !Array.isArray(option.value))
  const prf = options.find((option) => Array.isArray(option.value))
  const hmac = prf ? oidOf(partsOf(prf, 'sequence')[0]) : DEFAULT_FUNCTION
  const found = FUNCTIONS[hmac]
  if (!found) throw unsupported(what, `PBKDF2 with the function ${hmac}`)
  const bytes = length ?? numberOf(stated)
  if (stated && numberOf(stated) !== bytes) throw new SyntaxError('The length of the key does not fit.')
  if (bytes < 1 || bytes > MAX_SALT_BYTES) throw new SyntaxError('The length of the key is out of range.')
  const iterations = numberOf(count)
  work.spend(iterations * Math.ceil(bytes / found.bytes))
  const secret = await crypto.subtle.importKey('raw', toUtf8(passphrase), 'PBKDF2', false, ['deriveBits'])
  const derivation = { name: 'PBKDF2', hash: found.hash, salt: saltOf(salt), iterations }
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, bytes * 8))
}

async function keyFor(scheme: string, parameters: Asn1 | undefined, opening: Opening): Promise<Key> {
  if (scheme === PBES2) return pbes2(parameters, opening)
  const pkcs12 = PKCS12_SCHEMES[scheme]
  const digest = PBES1_SCHEMES[scheme]
  if (!pkcs12 && !digest) throw unsupported(opening.what, `the method ${scheme}`)
  const [saltPart, count] = partsOf(parameters, 'sequence')
  const salt = saltOf(saltPart)
  const iterations = numberOf(count)
  if (digest) return pbes1(digest(), salt, iterations, opening)
  const { cipher, bytes } = pkcs12 ?? { cipher: '3DES', bytes: 24 }
  opening.work.spend(iterations * 3)
  const common = { hash: 'SHA-1', passphrase: opening.utf16, salt, iterations } as const
  const key = await derivePkcs12({ ...common, purpose: PURPOSE.key, length: bytes })
  const iv = await derivePkcs12({ ...common, purpose: PURPOSE.iv, length: BLOCK_BYTES })
  return { cipher, key: cipher === '3DES' && bytes === 16 ? concat(key, key.slice(0, 8)) : key, iv }
}

async function pbes2(parameters: Asn1 | undefined, opening: Opening): Promise<Key> {
  const [derivation, encryption] = partsOf(parameters, 'sequence')
  const [name, iv] = partsOf(encryption, 'sequence')
  const found = CIPHERS[oidOf(name)]
  if (!found) throw unsupported(opening.what, `PBES2 with the cipher ${oidOf(name)}`)
  const key = await deriveKey(derivation, opening, found.bytes)
  return { cipher: found.cipher, key, iv: octetsOf(iv) }
}

/** PBKDF1 (RFC 8018 section 5.1): the first half of the hash is the key, the second the IV. */
async function pbes1(
  digest: forge.md.MessageDigest,
  salt: Bytes,
  iterations: number,
  { passphrase, work }: Opening,
): Promise<Key> {
  work.spend(iterations)
  const bytes = await hashRepeatedly(digest, concat(toUtf8(passphrase), salt), iterations)
  return { cipher: 'DES', key: bytes.slice(0, BLOCK_BYTES), iv: bytes.slice(BLOCK_BYTES, 2 * BLOCK_BYTES) }
}

function saltOf(node: Asn1 | undefined): Bytes {
  const salt = octetsOf(node)
  if (salt.length === 0 || salt.length > MAX_SALT_BYTES)
    throw new SyntaxError('The salt is empty or too long.')
  return salt
}
