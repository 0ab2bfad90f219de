/**
 * Curves by their names, and whether a point is on one (SEC 1 section 3.2.2): y² = x³ + ax + b modulo a prime, or
 * y² + xy = x³ + ax² + b over a field of 2^m elements. From SEC 2, X9.62, RFC 5639 and GB/T 32918.
 */
import { numberFrom } from '../encodings/rsa-numbers'
import { powerOf, residue } from './modular'

/** A curve over the integers modulo a prime. */
interface PrimeCurve {
  readonly kind: 'prime'
  readonly prime: bigint
  readonly a: bigint
  readonly b: bigint
}

/** A curve over polynomials of bits; `polynomial` is what they are reduced by. */
interface BinaryCurve {
  readonly kind: 'binary'
  readonly degree: number
  readonly polynomial: bigint
  readonly a: bigint
  readonly b: bigint
}

/** A curve of which the equation is known. */
export type Curve = PrimeCurve | BinaryCurve

/** What {@link judgePoint} finds: the coordinates, where they are written out or were computed. */
export type JudgedPoint =
  | { readonly fault: undefined; readonly x: bigint; readonly y: bigint | undefined }
  | { readonly fault: string }

/** Name, prime, a, b: hex; a is often −3. */
const PRIME_CURVES = `
secp192k1 fffffffffffffffffffffffffffffffffffffffeffffee37 0 3
secp224k1 fffffffffffffffffffffffffffffffffffffffffffffffeffffe56d 0 5
secp224r1 ffffffffffffffffffffffffffffffff000000000000000000000001 -3 b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4
secp256k1 fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f 0 7
secp384r1 fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff -3 b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef
secp521r1 1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff -3 51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00
secp192r1 fffffffffffffffffffffffffffffffeffffffffffffffff -3 64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1
prime192v2 fffffffffffffffffffffffffffffffeffffffffffffffff -3 cc22d6dfb95c6b25e49c0d6364a4e5980c393aa21668d953
prime192v3 fffffffffffffffffffffffffffffffeffffffffffffffff -3 22123dc2395a05caa7423daeccc94760a7d462256bd56916
prime239v1 7fffffffffffffffffffffff7fffffffffff8000000000007fffffffffff -3 6b016c3bdcf18941d0d654921475ca71a9db2fb27d1d37796185c2942c0a
prime239v2 7fffffffffffffffffffffff7fffffffffff8000000000007fffffffffff -3 617fab6832576cbbfed50d99f0249c3fee58b94ba0038c7ae84c8c832f2c
prime239v3 7fffffffffffffffffffffff7fffffffffff8000000000007fffffffffff -3 255705fa2a306654b1f4cb03d6a750a30c250102d4988717d9ba15ab6d3e
secp256r1 ffffffff00000001000000000000000000000000ffffffffffffffffffffffff -3 5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b
brainpoolP192r1 c302f41d932a36cda7a3463093d18db78fce476de1a86297 6a91174076b1e0e19c39c031fe8685c1cae040e5c69a28ef 469a28ef7c28cca3dc721d044f4496bcca7ef4146fbf25c9
brainpoolP192t1 c302f41d932a36cda7a3463093d18db78fce476de1a86297 -3 13d56ffaec78681e68f9deb43b35bec2fb68542e27897b79
brainpoolP224r1 d7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ff 68a5e62ca9ce6c1c299803a6c1530b514e182ad8b0042a59cad29f43 2580f63ccfe44138870713b1a92369e33e2135d266dbb372386c400b
brainpoolP224t1 d7c134aa264366862a18302575d1d787b09f075797da89f57ec8c0ff -3 4b337d934104cd7bef271bf60ced1ed20da14c08b3bb64f18a60888d
brainpoolP256r1 a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377 7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9 26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6
brainpoolP256t1 a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377 -3 662c61c430d84ea4fe66a7733d0b76b7bf93ebc4af2f49256ae58101fee92b04
brainpoolP320r1 d35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27 3ee30b568fbab0f883ccebd46d3f3bb8a2a73513f5eb79da66190eb085ffa9f492f375a97d860eb4 520883949dfdbc42d3ad198640688a6fe13f41349554b49acc31dccd884539816f5eb4ac8fb1f1a6
brainpoolP320t1 d35e472036bc4fb7e13c785ed201e065f98fcfa6f6f40def4f92b9ec7893ec28fcd412b1f1b32e27 -3 a7f561e038eb1ed560b3d147db782013064c19f27ed27c6780aaf77fb8a547ceb5b4fef422340353
brainpoolP384r1 8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53 7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826 4a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11
brainpoolP384t1 8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53 -3 7f519eada7bda81bd826dba647910f8c4b9346ed8ccdc64e4b1abd11756dce1d2074aa263b88805ced70355a33b471ee
brainpoolP512r1 aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3 7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94ca 3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984050b75ebae5dd2809bd638016f723
brainpoolP512t1 aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e62881ff2f2d82c68528aa6056583a48f3 -3 7cbbbcf9441cfab76e1890e46884eae321f70c0bcb4981527897504bec3e36a62bcdfa2304976540f6450085f2dae145c22553b465763689180ea2571867423e
SM2 fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff -3 28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93
`

/** Name, exponents of the polynomial but 0, a, b. */
const BINARY_CURVES = `
sect233k1 233,74 0 1
sect233r1 233,74 1 66647ede6c332c7f8c0923bb58213b333b20e9ce4281fe115f7d8f90ad
sect239k1 239,158 0 1
sect283k1 283,12,7,5 0 1
sect283r1 283,12,7,5 1 27b680ac8b8596da5a4af8a19a0303fca97fd7645309fa2a581485af6263e313b79a2f5
sect409k1 409,87 0 1
sect409r1 409,87 1 21a5c2c8ee9feb5c4b9a753b7b476b7fd6422ef1f3dd674761fa99d6ac27c8a9a197b272822f6cd57a55aa4f50ae317b13545f
sect571k1 571,10,5,2 0 1
sect571r1 571,10,5,2 1 2f40e7e2221f295de297117b7f3d62f5c6a97ffcb8ceff1cd6ba8ce4a9a18ad84ffabbd8efa59332be7ad6756a66e294afd185a78ff12aa520e4de739baca0c7ffeff7f2955727a
`

const CURVES: ReadonlyMap<string, Curve> = new Map([
  ...linesOf(PRIME_CURVES).map(([name = '', prime = '', a = '', b = '']): [string, Curve] => {
    const modulus = BigInt(`0x${prime}`)
    const coefficient = a === '-3' ? modulus - 3n : BigInt(`0x${a}`)
    return [name, { kind: 'prime', prime: modulus, a: coefficient, b: BigInt(`0x${b}`) }]
  }),
  ...linesOf(BINARY_CURVES).map(([name = '', exponents = '', a = '', b = '']): [string, Curve] => {
    const powers = exponents.split(',').map(Number)
    const polynomial = powers.reduce((sum, power) => sum | (1n << BigInt(power)), 1n)
    const degree = powers[0] ?? 0
    return [name, { kind: 'binary', degree, polynomial, a: BigInt(`0x${a}`), b: BigInt(`0x${b}`) }]
  }),
])

/** The curve of a name, for instance `secp256r1`; undefined for one whose equation isn't known here. */
export function curveNamed(name: string): Curve | undefined {
  return CURVES.get(name)
}

/** A known curve over this prime with these coefficients, by its name. */
export function nameOfCurve(prime: bigint, a: bigint, b: bigint): string | undefined {
  const found = [...CURVES].find(
    ([, curve]) => curve.kind === 'prime' && curve.prime === prime && curve.a === a && curve.b === b,
  )
  return found?.[0]
}

/** Bits of the field's elements. */
export function fieldBits(curve: Curve): number {
  return curve.kind === 'prime' ? curve.prime.toString(2).length : curve.degree
}

/**
 * Reads a point (SEC 1 section 2.3.4) and holds it to its curve. RFC 5480 section 2.2 allows the uncompressed and the
 * compressed form alone.
 */
export function judgePoint(curve: Curve, point: Uint8Array): JudgedPoint {
  const bytes = Math.ceil(fieldBits(curve) / 8)
  const [form] = point
  const isCompressed = form === 2 || form === 3
  if (form === 0) return { fault: 'It is the point at infinity, which is no key.' }
  if (form === 6 || form === 7)
    return { fault: 'Its point is in the hybrid form, which RFC 5480 section 2.2 refuses.' }
  if (!isCompressed && form !== 4) return { fault: 'It is no point: it begins with no form that there is.' }
  const expected = 1 + (isCompressed ? 1 : 2) * bytes
  if (point.length !== expected)
    return { fault: `Its point has ${point.length} bytes; of this form and curve it has ${expected}.` }
  const x = numberFrom(point.subarray(1, 1 + bytes))
  const limit = curve.kind === 'prime' ? curve.prime : 1n << BigInt(curve.degree)
  if (isCompressed) return compressed(curve, x, form === 3, limit)
  const y = numberFrom(point.subarray(1 + bytes))
  if (x >= limit || y >= limit) return { fault: 'A coordinate of its point is too large for the curve.' }
  const isOn = curve.kind === 'prime' ? isOnPrime(curve, x, y) : isOnBinary(curve, x, y)
  return isOn ? { fault: undefined, x, y } : { fault: 'Its point is not on its curve.' }
}

function compressed(curve: Curve, x: bigint, isOdd: boolean, limit: bigint): JudgedPoint {
  const fault = 'No point of its curve has this x.'
  if (x >= limit) return { fault }
  if (curve.kind === 'binary')
    return hasBinaryPoint(curve, x) ? { fault: undefined, x, y: undefined } : { fault }
  const { prime } = curve
  const square = rightSide(curve, x)
  if (powerOf(square, (prime - 1n) / 2n, prime) === prime - 1n) return { fault }
  // The primes of the NIST's curves in use are 3 modulo 4, for which the root is a power.
  if (prime % 4n !== 3n) return { fault: undefined, x, y: undefined }
  const root = powerOf(square, (prime + 1n) / 4n, prime)
  return { fault: undefined, x, y: (root % 2n === 1n) === isOdd ? root : residue(-root, prime) }
}

function isOnPrime(curve: PrimeCurve, x: bigint, y: bigint): boolean {
  return (y * y) % curve.prime === rightSide(curve, x)
}

function rightSide({ prime, a, b }: PrimeCurve, x: bigint): bigint {
  return (x * x * x + a * x + b) % prime
}

function isOnBinary(curve: BinaryCurve, x: bigint, y: bigint): boolean {
  const left = times(curve, y, y ^ x)
  const right = times(curve, times(curve, x, x), x ^ curve.a) ^ curve.b
  return left === right
}

/** z² + z = x + a + b/x² has a solution when its trace is zero (SEC 1 section 2.3.4, step 2.4.2). */
function hasBinaryPoint(curve: BinaryCurve, x: bigint): boolean {
  if (x === 0n) return true
  let trace = 0n
  let power = x ^ curve.a ^ times(curve, curve.b, squared(curve, inverted(curve, x)))
  for (let count = 0; count < curve.degree; count++) {
    trace ^= power
    power = squared(curve, power)
  }
  return trace === 0n
}

/** By Euclid's algorithm for polynomials; of a number that is not 0. */
function inverted({ polynomial }: BinaryCurve, value: bigint): bigint {
  let [u, v, x, y] = [value, polynomial, 1n, 0n]
  while (u !== 1n) {
    const shift = u.toString(2).length - v.toString(2).length
    if (shift < 0) [u, v, x, y] = [v, u, y, x]
    const by = BigInt(Math.abs(shift))
    u ^= v << by
    x ^= y << by
  }
  return x
}

/** Zeros between the bits. */
function squared(curve: BinaryCurve, value: bigint): bigint {
  return reduced(curve, BigInt(`0b${value.toString(2).split('').join('0')}`))
}

/** The product of two polynomials of bits. */
function times(curve: BinaryCurve, a: bigint, b: bigint): bigint {
  let product = 0n
  let factor = a
  for (let rest = b; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) product ^= factor
    factor <<= 1n
  }
  return reduced(curve, product)
}

/** What is past the degree is the rest of the polynomial instead, times it: there are few bits in it. */
function reduced({ degree, polynomial }: BinaryCurve, value: bigint): bigint {
  const top = 1n << BigInt(degree)
  const rest = polynomial ^ top
  let left = value
  while (left >= top) {
    const above = left >> BigInt(degree)
    left &= top - 1n
    for (let bit = 0n; rest >> bit > 0n; bit++) if (((rest >> bit) & 1n) === 1n) left ^= above << bit
  }
  return left
}

function linesOf(table: string): readonly (readonly string[])[] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split(' '))
}
