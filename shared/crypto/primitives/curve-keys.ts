/** Whether bytes are a public key of Ed25519, Ed448 (RFC 8032) or X25519, X448 (RFC 7748), and one that protects anything. */
import { numberFrom } from '../encodings/rsa-numbers'
import { inverseOf, powerOf, residue } from './modular'

/** `a` and `d` of ax² + y² = 1 + dx²y²; a point of small order is the neutral one after this many doublings. */
interface Edwards {
  readonly prime: bigint
  readonly bytes: number
  readonly a: bigint
  readonly d: bigint
  readonly doublings: number
}

/** `A` of v² = u³ + Au² + u. */
interface Montgomery {
  readonly prime: bigint
  readonly bytes: number
  readonly A: bigint
  readonly doublings: number
}

const P25519 = 2n ** 255n - 19n
const P448 = 2n ** 448n - 2n ** 224n - 1n
const EDWARDS: Readonly<Record<'Ed25519' | 'Ed448', Edwards>> = {
  Ed25519: {
    prime: P25519,
    bytes: 32,
    a: -1n,
    d: residue(-121_665n * inverseOf(121_666n, P25519), P25519),
    doublings: 3,
  },
  Ed448: { prime: P448, bytes: 57, a: 1n, d: P448 - 39_081n, doublings: 2 },
}
const MONTGOMERY: Readonly<Record<'X25519' | 'X448', Montgomery>> = {
  X25519: { prime: P25519, bytes: 32, A: 486_662n, doublings: 3 },
  X448: { prime: P448, bytes: 56, A: 156_326n, doublings: 2 },
}
const SMALL = 'It is a point of small order: whoever has it can sign or agree on anything.'

/** The curves of this file. */
export type CurveKeyName = keyof typeof EDWARDS | keyof typeof MONTGOMERY

/** What is wrong with the bytes of a key, in a sentence; undefined if nothing. */
export function faultOfCurveKey(name: CurveKeyName, key: Uint8Array): string | undefined {
  const bytes = name in EDWARDS ? EDWARDS[name as 'Ed448'].bytes : MONTGOMERY[name as 'X448'].bytes
  if (key.length !== bytes) return `It has ${key.length} bytes; a key of ${name} has ${bytes}.`
  const number = numberFrom(key.slice().reverse())
  return name === 'Ed25519' || name === 'Ed448'
    ? faultOfEdwards(EDWARDS[name], number)
    : faultOfMontgomery(MONTGOMERY[name], number, name)
}

/** The highest bit is the sign of x (RFC 8032 sections 5.1.3 and 5.2.3). */
function faultOfEdwards({ prime, bytes, a, d, doublings }: Edwards, number: bigint): string | undefined {
  const signBit = BigInt(bytes * 8 - 1)
  const isNegative = number >> signBit === 1n
  const y = number & ((1n << signBit) - 1n)
  if (y >= prime) return 'Its point has a coordinate that is too large for the curve.'
  const square = (value: bigint): bigint => (value * value) % prime
  let yy = square(y)
  let xx = residue((1n - yy) * inverseOf(residue(a - d * yy, prime), prime), prime)
  const isRoot = xx === 0n ? !isNegative : powerOf(xx, (prime - 1n) / 2n, prime) === 1n
  if (!isRoot) return 'Its point is not on its curve.'
  let last = y
  for (let count = 0; count < doublings; count++) {
    last = residue((yy - a * xx) * inverseOf(residue(1n - d * xx * yy, prime), prime), prime)
    yy = square(last)
    xx = residue((1n - yy) * inverseOf(residue(a - d * yy, prime), prime), prime)
  }
  return last === 1n ? SMALL : undefined
}

/** Every number is the u of a point, on the curve or on its twist; X25519 leaves out the highest bit (RFC 7748 section 5). */
function faultOfMontgomery(
  { prime, A, doublings }: Montgomery,
  number: bigint,
  name: CurveKeyName,
): string | undefined {
  const masked = name === 'X25519' ? number & ((1n << 255n) - 1n) : number
  let u = masked % prime
  for (let count = 0; count < doublings; count++) {
    const bottom = residue(4n * u * (u * u + A * u + 1n), prime)
    if (bottom === 0n) return SMALL
    u = residue((u * u - 1n) ** 2n * inverseOf(bottom, prime), prime)
  }
  return undefined
}
