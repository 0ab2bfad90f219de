/** Whether keys and hashes are strong enough: at least 112 bits, as OpenSSL's security level 2 asks, the default of Debian. */
import { judgeKey } from '../../crypto/pki/judge-key'
import { purposeOf } from '../../crypto/pki/key-purposes'
import { signatureAlgorithm } from '../../crypto/pki/verify'
import type { PathFinding } from './verdict'
import type { AlgorithmView, PublicKeyDescription } from '../x509/types'
import { findEach, nameAt, type JudgedPath } from './judged'

/** Smallest sizes of 112 bits of strength (SP 800-57 part 1, table 2). */
export const MIN_RSA_BITS = 2048
const MIN_CURVE_BITS = 224
const WEAK_HASHES = new Set(['MD2', 'MD4', 'MD5', 'SHA-1'])

/** Smallest order of a group of 112 bits of strength. */
const MIN_ORDER_BITS = 224

/** What speaks against a key, as a sentence's predicate; `not_made`: it can't be judged here, and is neither weak nor sound. */
export interface KeyDoubt {
  readonly result: 'failed' | 'not_made'
  readonly kind: 'small' | 'worthless' | 'unknown'
  readonly reason: string
  /** More of it, in sentences; empty where there is no more. */
  readonly why: string
  readonly expected: string | undefined
}

/** What speaks against relying on a key; undefined when nothing does. */
export function keyDoubt(key: PublicKeyDescription): KeyDoubt | undefined {
  const small = smallness(key)
  if (small) return { result: 'failed', kind: 'small', why: '', ...small }
  const judgement = judgeKey(key.spki)
  switch (judgement.result) {
    case 'bad': {
      const reason = 'has a key that can’t be relied on.'
      return { result: 'failed', kind: 'worthless', reason, why: judgement.reason, expected: undefined }
    }
    case 'unknown': {
      const reason = 'has a key that can’t be judged here.'
      const expected = 'RSA, EC or Ed25519'
      return { result: 'not_made', kind: 'unknown', reason, why: judgement.reason, expected }
    }
    case 'good':
      return undefined
  }
}

function smallness({
  family,
  bits,
  orderBits,
}: PublicKeyDescription): Pick<KeyDoubt, 'reason' | 'expected'> | undefined {
  // What isn't known is not small.
  const isShort = bits !== undefined && bits < (family === 'EC' ? MIN_CURVE_BITS : MIN_RSA_BITS)
  if (orderBits !== undefined && orderBits < MIN_ORDER_BITS) {
    const expected = `an order of at least ${MIN_ORDER_BITS} bits`
    return { reason: 'has a key in a group that is too small.', expected }
  }
  switch (family) {
    case 'DSA':
    case 'DH':
    case 'RSA':
    case 'RSA-PSS':
      return isShort
        ? { reason: 'has a key that is too short.', expected: `at least ${MIN_RSA_BITS} bits` }
        : undefined
    case 'EC':
      return isShort
        ? { reason: 'has a key on a curve that is too small.', expected: `at least ${MIN_CURVE_BITS} bits` }
        : undefined
    default:
      return undefined
  }
}

/** True for a signature algorithm whose hash is broken or too short. */
export function hasWeakHash({ hash }: AlgorithmView): boolean {
  return hash !== undefined && WEAK_HASHES.has(hash)
}

/** Whether the keys can be read to the end, protect anything, and are long enough not to be computed. */
export function checkKeySize(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, ({ publicKey }, position) => {
    const doubt = keyDoubt(publicKey)
    const subject = nameAt(path, position)
    const found = publicKey.text
    if (doubt) {
      const { result, reason, why, expected } = doubt
      const text = `${subject} ${reason}${why && ' '}${why}`
      return { result, reason: text, found, ...(expected === undefined ? {} : { expected }) }
    }
    const expected = `at least ${MIN_RSA_BITS} bits of RSA, or as strong`
    const judgement = judgeKey(publicKey.spki)
    if (judgement.result === 'good' && judgement.note !== undefined)
      return {
        result: 'warning',
        reason: `${subject} has a key in an odd form. ${judgement.note}`,
        found,
        expected,
      }
    return { result: 'ok', reason: `${subject} has a key that is long enough.`, found, expected }
  })
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
    const known = signatureAlgorithm(algorithm.oid)
    if (!known || (known.scheme === 'RSASSA-PSS' && algorithm.hash === undefined)) {
      const purpose = purposeOf(algorithm.name)
      const more = purpose === undefined ? '' : ` The algorithm is ${purpose}.`
      const reason = `${subject} was signed in a way that can’t be judged here.${more}`
      return { result: 'not_made', reason, found, expected }
    }
    return { result: 'ok', reason: `${subject} was signed over a strong hash.`, found, expected }
  })
}
