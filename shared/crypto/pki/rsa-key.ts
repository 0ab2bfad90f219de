/** Whether an RSA public key from others is one to work with, and to certify (protocol.md sections 2 and 7). */
import { equalBytes, type Bytes } from '../../bytes'
import { perObject } from '../../remember'
import { requireDer } from '../asn1/strict'
import { childAt, DerError, readElement } from '../encodings/der'
import {
  bitLength,
  readRsaPrivateNumbers,
  readRsaPublicNumbers,
  rsaConsistency,
  weaknessOfRsa,
  type RsaPrivateNumbers,
  type RsaPublicNumbers,
} from '../encodings/rsa-numbers'
import { RSA_ENCRYPTION, type RsaPrivateKey, type RsaPublicKey } from '../primitives/rsa'

const EXPONENT = 65537n
const LEAST_BITS = 2048
/** Larger ones are not computed with everywhere. */
const MOST_BITS = 8192

/** What is to be said of a key, and what is wrong with it. */
export interface RsaKeyVerdict {
  readonly bits: number
  readonly exponent: bigint
  /** In a sentence; undefined for a key as it should be. */
  readonly fault: string | undefined
}

/** What {@link judgeRsaKey} asks for, in words. */
export const GOOD_RSA_KEY = `at least ${LEAST_BITS} bits, exponent ${EXPONENT}`

/**
 * Requires a SubjectPublicKeyInfo, held to DER before, to be an RSA key: rsaEncryption with its NULL (RFC 3279 section 2.3.1)
 * and two positive numbers.
 * @throws DerError
 */
export function requireRsaKey(spki: Bytes): void {
  const { start, end } = childAt(spki, readElement(spki), 0)
  if (!equalBytes(spki.subarray(start, end), RSA_ENCRYPTION)) {
    throw new DerError('bad_der', 'The public key is not of the algorithm rsaEncryption.', start)
  }
  if (!readRsaPublicNumbers(spki)) {
    throw new DerError('bad_der', 'The modulus and exponent of the public key are not positive.', end)
  }
}

/**
 * Requires a PKCS#8 private key to be, in DER, an RSA key whose numbers are one key, that of a public key
 * (protocol.md section 7, step 2). What it signs does not show that: each program goes by some of the numbers alone. The
 * public key is judged first, and every number held to it, so that no work is done with numbers of whatever length.
 * @throws DerError
 */
export function requirePrivateKeyOf(publicKey: RsaPublicKey, { pkcs8 }: RsaPrivateKey): void {
  const { spki } = publicKey
  const { fault } = judgeRsaKey(publicKey)
  if (fault !== undefined) throw new DerError('bad_der', fault, 0)
  requireDer(pkcs8, 'OneAsymmetricKey')
  const { start, end } = childAt(pkcs8, readElement(pkcs8), 1)
  if (!equalBytes(pkcs8.subarray(start, end), RSA_ENCRYPTION))
    throw new DerError('bad_der', 'The private key is not of the algorithm rsaEncryption.', start)
  const [own, numbers] = [readRsaPublicNumbers(spki), readRsaPrivateNumbers(pkcs8)]
  if (!own || !numbers || numbers.n !== own.n || numbers.e !== own.e)
    throw new DerError('bad_der', 'The private key has other numbers than the public key.', end)
  if (!isInRange(numbers) || !Object.values(rsaConsistency(numbers)).every(Boolean))
    throw new DerError('bad_der', 'The numbers of the private key do not fit one another.', end)
}

/** RFC 8017 section 3.2: how large the numbers of a private key can be. */
function isInRange({ n, d, p, q, dp, dq, qi }: RsaPrivateNumbers): boolean {
  return d < n && p < n && q < n && dp < p && dq < q && qi < p
}

/** Judges a key: its size, its exponent, and whether it protects anything. The same comes in every handshake. */
export const judgeRsaKey = perObject(({ spki }: RsaPublicKey): RsaKeyVerdict => {
  const numbers = readRsaPublicNumbers(spki)
  if (!numbers) return { bits: 0, exponent: 0n, fault: 'The key is no RSA key.' }
  const bits = bitLength(numbers.n)
  return { bits, exponent: numbers.e, fault: faultOf(numbers, bits) }
})

function faultOf(numbers: RsaPublicNumbers, bits: number): string | undefined {
  if (bits < LEAST_BITS) return 'The key is too short.'
  if (bits > MOST_BITS) return `The key is longer than ${MOST_BITS} bits.`
  const weakness = weaknessOfRsa(numbers)
  if (weakness !== undefined) return `The key protects nothing. ${weakness}`
  return numbers.e === EXPONENT ? undefined : `The exponent of the key is not ${EXPONENT}.`
}

/** A key's numbers in words, for instance `2048 bits, exponent 65537`. */
export function rsaKeyText({ bits, exponent }: RsaKeyVerdict): string {
  const text = exponent.toString()
  return `${bits} bits, exponent ${text.length > 20 ? `of ${bitLength(exponent)} bits` : text}`
}
