/** Whether keys and hashes are strong enough: at least 112 bits, as OpenSSL's security level 2 asks, the default of Debian. */
import { weaknessOfRsa } from '../../crypto/encodings/rsa-numbers'
import { signatureAlgorithm } from '../../crypto/pki/verify'
import type { PathFinding } from './verdict'
import type { AlgorithmView, PublicKeyDescription } from '../x509/types'
import { findEach, nameAt, type JudgedPath } from './judged'

/** Smallest sizes of 112 bits of strength (SP 800-57 part 1, table 2). */
export const MIN_RSA_BITS = 2048
const MIN_CURVE_BITS = 224
const WEAK_HASHES = new Set(['MD2', 'MD4', 'MD5', 'SHA-1'])

/** Why a key is too weak, in a sentence's predicate, and what would do; undefined when it is strong enough. */
export function keyWeakness(
  key: PublicKeyDescription,
): { readonly reason: string; readonly expected: string } | undefined {
  const { family, bits } = key
  switch (family) {
    case 'RSA':
    case 'RSA-PSS':
    case 'DSA':
    case 'DH':
      return (bits ?? 0) >= MIN_RSA_BITS
        ? undefined
        : { reason: 'has a key that is too short', expected: `at least ${MIN_RSA_BITS} bits` }
    case 'EC':
      return (bits ?? 0) >= MIN_CURVE_BITS
        ? undefined
        : { reason: 'has a key on a curve that is too small', expected: `at least ${MIN_CURVE_BITS} bits` }
    case 'other':
      return { reason: 'has a key of an unknown kind', expected: 'RSA, EC or Ed25519' }
    default:
      return undefined
  }
}

/** True for a signature algorithm whose hash is broken or too short. */
export function hasWeakHash({ hash }: AlgorithmView): boolean {
  return hash !== undefined && WEAK_HASHES.has(hash)
}

/** Whether the keys are long enough to be safe from being computed, and such that they protect anything. */
export function checkKeySize(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, ({ publicKey }, position) => {
    const weakness = keyWeakness(publicKey)
    const subject = nameAt(path, position)
    const found = publicKey.text
    if (weakness)
      return {
        result: 'failed',
        reason: `${subject} ${weakness.reason}.`,
        found,
        expected: weakness.expected,
      }
    const flaw = flawOf(publicKey)
    if (flaw !== undefined)
      return { result: 'failed', reason: `${subject} has a key that protects nothing. ${flaw}`, found }
    const reason = `${subject} has a key that is long enough.`
    return { result: 'ok', reason, found, expected: `at least ${MIN_RSA_BITS} bits of RSA, or as strong` }
  })
}

/** What makes an RSA key worthless at any size; undefined for others. */
function flawOf({ family, rsa }: PublicKeyDescription): string | undefined {
  if (!rsa) return family === 'RSA' || family === 'RSA-PSS' ? 'Its numbers are not positive.' : undefined
  return weaknessOfRsa({ n: BigInt(`0x${rsa.modulus}`), e: BigInt(`0x${rsa.exponent}`) })
}

/** Whether the signatures are made with a hash of which no two texts with one value can be found. */
export function checkSignatureHash(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, ({ signatureAlgorithm: algorithm }, position) => {
    const subject = nameAt(path, position)
    const found = algorithm.name
    const expected = 'SHA-256 or stronger'
    const isAnchor = path.end === 'anchor' && position === path.certificates.length - 1
    if (isAnchor) {
      const reason = `${subject} is a trust anchor: nothing depends on the hash of its own signature.`
      return { result: 'ok', reason, found }
    }
    if (hasWeakHash(algorithm)) {
      const reason = `${subject} was signed over a hash of ${algorithm.hash}, which can be forged: another certificate with the same hash may exist.`
      return { result: 'failed', reason, found, expected }
    }
    if (!signatureAlgorithm(algorithm.oid)) {
      const reason = `${subject} was signed in a way that is not known here.`
      return { result: 'failed', reason, found, expected }
    }
    return { result: 'ok', reason: `${subject} was signed over a strong hash.`, found, expected }
  })
}
