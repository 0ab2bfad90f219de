/** The numbers of RSA keys (RFC 8017 appendix A.1), read from the DER as they stand, and the arithmetic that shows how they belong together. */
import { toHex, type Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { nextTurn } from '../../turn'
import { readChildren, readElement, type DerElement } from './der'
import { decodeOid } from './oid-text'
import { oidNamed } from './oids'

/** A public key: modulus and exponent. */
export interface RsaPublicNumbers {
  readonly n: bigint
  readonly e: bigint
}

/** A private key: `dp` is d mod (p − 1), `dq` is d mod (q − 1), `qi` the inverse of q mod p. */
export interface RsaPrivateNumbers extends RsaPublicNumbers {
  readonly d: bigint
  readonly p: bigint
  readonly q: bigint
  readonly dp: bigint
  readonly dq: bigint
  readonly qi: bigint
}

const RSA_OIDS: ReadonlySet<string> = new Set([oidNamed('rsaEncryption'), oidNamed('id-RSASSA-PSS')])
const [INTEGER, BIT_STRING, OCTET_STRING, SEQUENCE] = [0x02, 0x03, 0x04, 0x30] as const
/** Multiplications before other events get their turn: a millisecond or two at 4096 bits. */
const SLICE = 64
const SMALL = 752

/** Odd primes below {@link SMALL}, several at a time with their product, which is a number that is computed with exactly. */
let smallPrimes: ReturnType<typeof withProducts> | undefined

/** The numbers of a SubjectPublicKeyInfo; undefined when it is no RSA key. */
export function readRsaPublicNumbers(spki: Bytes): RsaPublicNumbers | undefined {
  return orUndefined(() => {
    const [algorithm, key] = readChildren(spki, readElement(spki))
    if (!isRsa(spki, algorithm) || key?.tag !== BIT_STRING) return undefined
    const [n, e] = positivesAt(spki, key.contentStart + 1)
    return n !== undefined && e !== undefined && n > 0n ? { n, e } : undefined
  })
}

/**
 * The numbers of a SubjectPublicKeyInfo as OpenSSL reads them: the first bit is no sign. Undefined when it is no RSA key.
 * `isNegative`: one of them is written as a negative number.
 */
export function readRsaMagnitudes(
  spki: Bytes,
): (RsaPublicNumbers & { readonly isNegative: boolean }) | undefined {
  return orUndefined(() => {
    const key = readChildren(spki, readElement(spki))[1]
    if (key?.tag !== BIT_STRING) return undefined
    const contents = integersAt(spki, key.contentStart + 1)
    const [n, e] = contents.map(numberFrom)
    const isNegative = contents.some(([first = 0]) => first >= 0x80)
    return n !== undefined && e !== undefined ? { n, e, isNegative } : undefined
  })
}

/**
 * Why a public key with these numbers protects nothing, in a sentence; undefined when nothing shows (SP 800-89 section 5.3.3,
 * but for the test whether the modulus is a prime itself).
 */
export function weaknessOfRsa({ n, e }: RsaPublicNumbers): string | undefined {
  if (n % 2n === 0n) return 'Its modulus is even.'
  if (e === 1n) return 'Its exponent is 1: encrypting changes nothing, and everybody can sign.'
  if (e % 2n === 0n) return 'Its exponent is even: what is encrypted can’t be decrypted.'
  if (e >= n) return 'Its exponent is not below its modulus.'
  const factor = smallFactor(n)
  return factor === undefined ? undefined : `Its modulus can be divided by ${factor}.`
}

/** One long division leaves what says it of several primes. */
function smallFactor(n: bigint): number | undefined {
  smallPrimes ??= withProducts(primesBelow(SMALL).slice(1))
  for (const { primes, product } of smallPrimes) {
    const rest = Number(n % product)
    const factor = primes.find((prime) => rest % prime === 0)
    if (factor !== undefined) return factor
  }
  return undefined
}

/** The numbers of a PKCS#8 private key; undefined when it is no RSA key with two primes. They may contradict each other. */
export function readRsaPrivateNumbers(pkcs8: Bytes): RsaPrivateNumbers | undefined {
  return orUndefined(() => {
    const [, algorithm, key] = readChildren(pkcs8, readElement(pkcs8))
    if (!isRsa(pkcs8, algorithm) || key?.tag !== OCTET_STRING) return undefined
    const [version, n, e, d, p, q, dp, dq, qi] = positivesAt(pkcs8, key.contentStart)
    if (version !== 0n || n === undefined || e === undefined || d === undefined) return undefined
    if (p === undefined || q === undefined || dp === undefined || dq === undefined || qi === undefined)
      return undefined
    return { n, e, d, p, q, dp, dq, qi }
  })
}

/** `base` to the power of `exponent` modulo `modulus`, all positive; other events get their turn in between. */
export async function powerMod(base: bigint, exponent: bigint, modulus: bigint): Promise<bigint> {
  let result = 1n % modulus
  const digits = exponent.toString(2)
  for (let index = 0; index < digits.length; index++) {
    if (index % SLICE === SLICE - 1) await nextTurn()
    result = (result * result) % modulus
    if (digits[index] === '1') result = (result * base) % modulus
  }
  return result
}

/** Bits of the longest numbers that are computed with: OpenSSL's limit too (`OPENSSL_RSA_MAX_MODULUS_BITS`). */
const MOST_BITS = 16_384
const TOO_LONG = 1n << BigInt(MOST_BITS)

/** Why numbers are not computed with, in a sentence: what a comparison takes grows with the square of their length. */
export function tooLongToCompute(numbers: readonly bigint[]): string | undefined {
  return numbers.some((number) => number >= TOO_LONG)
    ? `It has a number of more than ${MOST_BITS.toLocaleString('en-GB')} bits, which is not computed with; OpenSSL takes none either.`
    : undefined
}

/** Which of a private key's numbers fit the others (RFC 8017 section 3.2). */
export interface RsaConsistency {
  /** p · q = n */
  readonly product: boolean
  /** e · d ≡ 1 (mod lcm(p − 1, q − 1)) */
  readonly exponents: boolean
  readonly dp: boolean
  readonly dq: boolean
  readonly qi: boolean
}

/** Whether the numbers are one key. One that is none may still sign: each program goes by some of them alone. */
export function rsaConsistency({ n, e, d, p, q, dp, dq, qi }: RsaPrivateNumbers): RsaConsistency {
  const sound = p > 1n && q > 1n
  // Whatever is 1 modulo both is 1 modulo their least common multiple, and the other way round.
  const isInverse = (order: bigint): boolean => (e * d) % order === 1n % order
  return {
    product: p * q === n,
    exponents: sound && isInverse(p - 1n) && isInverse(q - 1n),
    dp: sound && dp === d % (p - 1n),
    dq: sound && dq === d % (q - 1n),
    qi: sound && (qi * q) % p === 1n,
  }
}

/** Digits of a positive number in base 2; 0 for zero. */
export function bitLength(value: bigint): number {
  return value === 0n ? 0 : value.toString(2).length
}

/** A positive number as hex with whole bytes. */
export function numberHex(value: bigint): string {
  const hex = value.toString(16)
  return hex.length % 2 === 0 ? hex : `0${hex}`
}

/** The number that bytes stand for, the first the highest; 0 for none. */
export function numberFrom(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${toHex(bytes)}`)
}

function isRsa(der: Bytes, algorithm: DerElement | undefined): boolean {
  const oid = algorithm && readChildren(der, algorithm)[0]
  return oid !== undefined && RSA_OIDS.has(decodeOid(der.subarray(oid.contentStart, oid.end)) ?? '')
}

/** The INTEGERs of the SEQUENCE at an offset; a negative one ends the reading. */
function positivesAt(der: Bytes, offset: number): readonly bigint[] {
  return integersAt(der, offset).map((content) => {
    if ((content[0] ?? 0x80) >= 0x80) throw new SyntaxError('Not a positive number.')
    return numberFrom(content)
  })
}

/** Contents of the INTEGERs of the SEQUENCE at an offset; none where there is something else. Throws SyntaxError or DerError. */
export function integersAt(der: Bytes, offset: number): readonly Bytes[] {
  const sequence = readElement(der, offset)
  if (sequence.tag !== SEQUENCE) return []
  return readChildren(der, sequence).map(({ tag, contentStart, end }) => {
    if (tag !== INTEGER) throw new SyntaxError('Not a number.')
    return der.subarray(contentStart, end)
  })
}

function withProducts(
  primes: readonly number[],
): readonly { readonly primes: readonly number[]; readonly product: bigint }[] {
  const groups: { primes: number[]; product: number }[] = []
  for (const prime of primes) {
    const last = groups.at(-1)
    if (!last || last.product * prime > Number.MAX_SAFE_INTEGER)
      groups.push({ primes: [prime], product: prime })
    else {
      last.primes.push(prime)
      last.product *= prime
    }
  }
  return groups.map((group) => ({ primes: group.primes, product: BigInt(group.product) }))
}

function primesBelow(limit: number): readonly number[] {
  const primes: number[] = []
  for (let number = 2; number < limit; number++) {
    if (primes.every((prime) => number % prime !== 0)) primes.push(number)
  }
  return primes
}
