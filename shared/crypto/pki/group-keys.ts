/** Whether the numbers of a DSA key (FIPS 186-4 appendix A) or a Diffie-Hellman key (RFC 3279 section 2.3.3) are ones. */
import { powerOf } from '../primitives/modular'

/** A group modulo `p`, made by `g`; `q` is the order of `g`, where it is written. */
export interface GroupNumbers {
  readonly p: bigint
  readonly q: bigint | undefined
  readonly g: bigint
  /** The public key. */
  readonly y: bigint
}

/** Longer primes are not computed with: OpenSSL's limit too (`OPENSSL_DSA_MAX_MODULUS_BITS`). */
const MAX_BITS = 10_000
/** Powers with a longer order take too long: no DSA key has one, and of Diffie-Hellman's groups with one nearly all is in it. */
const MAX_ORDER_BITS = 512

/** What is wrong with the numbers, in a sentence; undefined if nothing shows. Whether they are primes isn't tried. */
export function faultOfGroupKey({ p, q, g, y }: GroupNumbers): string | undefined {
  if (p % 2n === 0n) return 'Its prime p is even.'
  if (p.toString(2).length > MAX_BITS)
    return `Its prime p has more than ${MAX_BITS.toLocaleString('en')} bits.`
  if (g <= 1n || g >= p - 1n) return 'Its generator g is not between 1 and p − 1.'
  if (y <= 1n || y >= p - 1n) return 'The number that is the key is not between 1 and p − 1.'
  if (q === undefined) return undefined
  if (q <= 1n || (p - 1n) % q !== 0n) return 'Its q does not divide p − 1.'
  if (q.toString(2).length > MAX_ORDER_BITS) return undefined
  if (powerOf(g, q, p) !== 1n) return 'Its generator g is not of order q.'
  return powerOf(y, q, p) === 1n ? undefined : 'The number that is the key is not in the group that g makes.'
}
