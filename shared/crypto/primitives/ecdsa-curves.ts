/**
 * ECDSA (FIPS 186-5 section 6.4) where WebCrypto has not the curve or the hash: by @noble/curves, the same in every runtime. On curves
 * of cofactor 1, whose equations stand in curves.ts.
 */
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js'
import type { Bytes } from '../../bytes'
import { curveNamed } from './curves'

/** Name, order, and the coordinates of the base point: hex. From SEC 2 and RFC 5639; the NIST's others have modules of their own. */
const BASES = `
secp224r1 ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21 bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34
secp256k1 fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798 483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8
brainpoolP224r1 d7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939f 0d9029ad2c7e5cf4340823b2a87dc68c9e4ce3174c1e6efdee12c07d 58aa56f772c0726f24c6b89e4ecdac24354b9e99caa3f6d3761402cd
brainpoolP224t1 d7c134aa264366862a18302575d0fb98d116bc4b6ddebca3a5a7939f 6ab1e344ce25ff3896424e7ffe14762ecb49f8928ac0c76029b4d580 0374e9f5143e568cd23f3f4d7c0d4b1e41c8cc0d1c6abd5f1a46db4c
brainpoolP256r1 a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7 8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262 547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997
brainpoolP256t1 a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7 a3e8eb3cc1cfe7b7732213b23a656149afa142c47aafbc2b79a191562e1305f4 2d996c823439c56d7f7b22e14644417e69bcb6de39d027001dabe8f35b25c9be
brainpoolP320r1 d35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311 43bd7e9afb53d8b85289bcc48ee5bfe6f20137d10a087eb6e7871e2a10a599c710af8d0d39e20611 14fdd05545ec1cc8ab4093247f77275e0743ffed117182eaa9c77877aaac6ac7d35245d1692e8ee1
brainpoolP320t1 d35e472036bc4fb7e13c785ed201e065f98fcfa5b68f12a32d482ec7ee8658e98691555b44c59311 925be9fb01afc6fb4d3e7d4990010f813408ab106c4f09cb7ee07868cc136fff3357f624a21bed52 63ba3a7a27483ebf6671dbef7abb30ebee084e58a0b077ad42a5a0989d1ee71b1b9bc0455fb0d2c3
brainpoolP384r1 8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565 1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e 8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315
brainpoolP384t1 8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565 18de98b02db9a306f2afcd7235f72a819b80ab12ebd653172476fecd462aabffc4ff191b946a5f54d8d0aa2f418808cc 25ab056962d30651a114afd2755ad336747f93475b7a1fca3b88f2b6a208ccfe469408584dc2b2912675bf5b9e582928
brainpoolP512r1 aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069 81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6d5047406a5e688b352209bcb9f822 7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1ca2b2fa8f0540678cd1e0f3ad80892
brainpoolP512t1 aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db1d381085ddaddb58796829ca90069 640ece5c12788717b9c1ba06cbc2a6feba85842458c56dde9db1758d39c0313d82ba51735cdb3ea499aa77a7d6943a64f7a3f25fe26f06b51baa2696fa9035da 5b534bd595f5af0fa2c892376c84ace1bb4e3019b71634c01131159cae03cee9d9932184beef216bd71df2dadf86a627306ecff96dbb8bace198b61e00f8b332
`

const BY_NAME: ReadonlyMap<string, readonly bigint[]> = new Map(
  BASES.trim()
    .split('\n')
    .map((line): [string, readonly bigint[]] => {
      const [name = '', ...numbers] = line.split(' ')
      return [name, numbers.map((hex) => BigInt(`0x${hex}`))]
    }),
)
/** What verifies on each of them: its tables take most of the time of a first signature, and are made once. */
const made = new Map<string, Verifier>()
/** Modules of @noble/curves by the names of SEC 2. */
const NIST = { secp256r1: 'p256', secp384r1: 'p384', secp521r1: 'p521' } as const

type Verifier = Pick<ECDSA, 'verify'>

/** True for a curve on which signatures are verified here. */
export function hasEcdsa(curve: string): boolean {
  return Object.hasOwn(NIST, curve) || BY_NAME.has(curve)
}

/**
 * Verifies a signature. False for anything that is no such point or signature.
 * @param curve by its name in SEC 2 or RFC 5639, one that {@link hasEcdsa} knows
 * @param point uncompressed (SEC 1 section 2.3.3)
 * @param signature r and s behind one another, each as long as a coordinate
 */
export async function verifyEcdsaDigest(
  curve: string,
  point: Bytes,
  signature: Bytes,
  digest: Bytes,
): Promise<boolean> {
  const verifier = await verifierOf(curve)
  try {
    return (
      verifier?.verify(signature, digest, point, { prehash: false, lowS: false, format: 'compact' }) ?? false
    )
  } catch {
    return false
  }
}

async function verifierOf(name: string): Promise<Verifier | undefined> {
  if (Object.hasOwn(NIST, name)) {
    const curves = await import('@noble/curves/nist.js')
    return curves[NIST[name as keyof typeof NIST]]
  }
  return made.get(name) ?? makeVerifier(name)
}

async function makeVerifier(name: string): Promise<Verifier | undefined> {
  const [n, Gx, Gy] = BY_NAME.get(name) ?? []
  const curve = curveNamed(name)
  if (curve?.kind !== 'prime' || n === undefined || Gx === undefined || Gy === undefined) return undefined
  const [{ ecdsa, weierstrassN }, { sha256 }] = await Promise.all([
    import('@noble/curves/abstract/weierstrass.js'),
    import('@noble/hashes/sha2.js'),
  ])
  const { prime: p, a, b } = curve
  // The hash is that of what was signed, which is done already.
  const verifier = ecdsa(weierstrassN({ p, n, h: 1n, a, b, Gx, Gy }), sha256)
  made.set(name, verifier)
  return verifier
}
