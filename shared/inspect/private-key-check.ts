/** Whether a private key can be relied on as it stands: its form, its numbers, and a public half that is its own. */
import { equalBytes, type Bytes } from '../bytes'
import { curveHalves } from '../crypto/pki/curve-halves'
import { judgeKey } from '../crypto/pki/judge-key'
import { requireDer } from '../crypto/asn1/strict'
import {
  bytesOf,
  isContext,
  magnitudeOf,
  numberOf,
  parseBer,
  partsOf,
  type Ber,
} from '../crypto/encodings/ber'
import { privateKeyParts, type PrivateKeyParts } from '../crypto/encodings/key-parts'
import { numberFrom, tooLongToCompute } from '../crypto/encodings/rsa-numbers'
import { isComputedCurve, publicHalfOf, type ComputedCurve } from '../crypto/primitives/computed-curves'
import { messageOf, passOwnFault } from '../errors'
import type { FactCheck } from './check'
import { publicKeyOf } from './x509/public-of-private'

const [UNCOMPRESSED, EVEN] = [0x04, 0x02] as const

/** What is wrong with a key, for its reader: it ends the reading. */
class KeyFault extends Error {}

/** @param pkcs8 PrivateKeyInfo, DER */
export async function privateKeyCheck(pkcs8: Bytes): Promise<FactCheck> {
  const [id, title] = ['private_key', 'Form and halves'] as const
  try {
    await requireWhole(pkcs8)
    const spki = await publicKeyOf(pkcs8)
    const judgement = spki ? judgeKey(spki) : undefined
    if (judgement?.result === 'bad') return { id, title, result: 'failed', reason: judgement.reason }
    if (judgement?.result === 'good')
      return { id, title, result: 'ok', reason: 'It can be read to the end, and its public half is its own.' }
    const reason = judgement?.reason ?? 'Its public half is neither stored nor computed here.'
    return { id, title, result: 'not_made', reason }
  } catch (error) {
    passOwnFault(error)
    return { id, title, result: 'failed', reason: messageOf(error) }
  }
}

/** @throws KeyFault, DerError, SyntaxError, LabError `bad_key` */
async function requireWhole(pkcs8: Bytes): Promise<void> {
  requireDer(pkcs8, 'OneAsymmetricKey')
  const parts = privateKeyParts(pkcs8)
  const [version] = partsOf(parseBer(pkcs8), 'sequence')
  // RFC 5958 section 2: with a public half it is version 1.
  if (numberOf(version) !== (parts.publicKey ? 1 : 0))
    throw new KeyFault('It has a version that doesn’t fit what is in it.')
  const { algorithm } = parts
  if (algorithm === 'RSA' || algorithm === 'RSA-PSS') return requireRsa(parts.key)
  if (isComputedCurve(algorithm)) await requireOwnHalf(algorithm, parts)
}

/** RFC 8017 section 3.2: the primes, however many, make the modulus, and undo what the public exponent does. */
function requireRsa(key: Bytes): void {
  const [first, ...rest] = partsOf(parseBer(key), 'sequence')
  const version = numberOf(first)
  // Appendix A.1.2: two primes, or more of them.
  if (version !== 0 && version !== 1) throw new KeyFault('It has a version that there is none of.')
  const others = version === 0 ? [] : partsOf(rest[8], 'sequence').map((info) => partsOf(info, 'sequence'))
  if (rest.length !== (version === 0 ? 8 : 9)) throw new KeyFault('It has too few numbers, or too many.')
  const [n = 0n, e = 0n, d = 0n, p = 0n, q = 0n, dp = 0n, dq = 0n, qi = 0n] = rest.slice(0, 8).map(valueOf)
  const primes = [p, q, ...others.map(([r]) => valueOf(r))]
  // That p and q alone are no key is told number by number.
  if (others.length === 0) return
  const tooLong = tooLongToCompute([n, e, d, ...primes])
  if (tooLong !== undefined) throw new KeyFault(tooLong)
  if (primes.some((prime) => prime <= 1n)) throw new KeyFault('It has a prime that is none.')
  // Of more primes than the modulus has room for, the product is past it before all are multiplied.
  if (primes.reduce((made, prime) => (made > n ? made : made * prime), 1n) !== n)
    throw new KeyFault('Its primes do not multiply to its modulus.')
  if (primes.some((prime) => (e * d) % (prime - 1n) !== 1n % (prime - 1n)))
    throw new KeyFault('Its private exponent does not undo the public one.')
  const shortcuts = [dp === d % (p - 1n), dq === d % (q - 1n), (qi * q) % p === 1n]
  let product = p * q
  for (const [index, info] of others.entries()) {
    const [prime = 0n] = primes.slice(index + 2)
    shortcuts.push(valueOf(info[1]) === d % (prime - 1n), (valueOf(info[2]) * product) % prime === 1n)
    product *= prime
  }
  if (shortcuts.includes(false)) throw new KeyFault('Its shortcuts do not fit its primes.')
}

/** A stored public half, and a curve that is named inside, have to be those of the key. */
async function requireOwnHalf(curve: ComputedCurve, parts: PrivateKeyParts): Promise<void> {
  const inner = parseBer(parts.key)
  if (inner.identifier === 0x30) {
    const named = partsOf(inner, 'sequence').find((part) => isContext(part, 0))
    const [, outer] = partsOf(parseBer(parts.identifier), 'sequence')
    if (named && outer && !equalBytes(bytesOf(partsOf(named, 0)[0] ?? named), bytesOf(outer)))
      throw new KeyFault('It names one curve outside and another inside.')
  }
  const { secret, publicKey } = await curveHalves(curve, parts, true)
  const own = await publicHalfOf(curve, secret)
  if (!equalBytes(publicKey, own) && !equalBytes(publicKey, compressed(own)))
    throw new KeyFault('The public half that it stores is not its own, but that of another key.')
}

/** SEC 1 section 2.3.3. */
function compressed(point: Bytes): Bytes {
  if (point[0] !== UNCOMPRESSED) return point
  const half = (point.length - 1) / 2
  return Uint8Array.of(EVEN | ((point.at(-1) ?? 0) & 1), ...point.subarray(1, 1 + half))
}

function valueOf(number: Ber | undefined): bigint {
  return numberFrom(magnitudeOf(number))
}
