/**
 * What WebCrypto lacks of elliptic curves, by @noble/curves: public halves of keys that don't bring them, and signatures on curves
 * that it doesn't have. Those of RFC 7748 and RFC 8032 the app's runtime has not, and Node has.
 */
import type { Bytes } from '../../bytes'
import { LabError } from '../../errors'

/** Curves whose points are computed here, by the names that JWK has for them. */
export const COMPUTED_CURVES = [
  'P-256',
  'P-384',
  'P-521',
  'secp256k1',
  'Ed25519',
  'Ed448',
  'X25519',
  'X448',
] as const
export type ComputedCurve = (typeof COMPUTED_CURVES)[number]

/** Curves that sign by themselves: EdDSA, and ECDSA with SHA-256 on secp256k1. */
export type SigningCurve = 'Ed25519' | 'Ed448' | 'secp256k1'

/** True for a curve whose points are computed here. */
export function isComputedCurve(name: string): name is ComputedCurve {
  return COMPUTED_CURVES.some((curve) => curve === name)
}

/**
 * Multiplies the curve's base point by the secret.
 * @param secret a big-endian number of the curve's length, or the octets of RFC 7748 and RFC 8032
 * @returns the point uncompressed (SEC 1 section 2.3.3), or the octets of RFC 7748 and RFC 8032
 * @throws LabError `bad_key` when the secret is none of this curve: of another length, zero, or not below its order
 */
export async function publicHalfOf(curve: ComputedCurve, secret: Bytes): Promise<Bytes> {
  const multiply = await multiplierOf(curve)
  return withSecret(curve, () => multiply(secret))
}

/**
 * Signs with a secret as {@link publicHalfOf} takes it.
 * @returns the octets of RFC 8032; r and s behind one another for secp256k1
 * @throws LabError `bad_key`
 */
export async function signOnCurve(curve: SigningCurve, secret: Bytes, message: Bytes): Promise<Bytes> {
  const { ed25519, ed448, secp256k1 } = await signing()
  switch (curve) {
    case 'Ed25519':
      return withSecret(curve, () => ed25519.sign(message, secret))
    case 'Ed448':
      return withSecret(curve, () => ed448.sign(message, secret))
    case 'secp256k1':
      return withSecret(curve, () => secp256k1.sign(message, secret, { prehash: true }).toCompactRawBytes())
  }
}

/**
 * Verifies what {@link signOnCurve} or another has signed. False for anything that is no such key or signature.
 * @param publicKey a point (SEC 1 section 2.3.3), or the octets of RFC 8032
 */
export async function verifyOnCurve(
  curve: SigningCurve,
  publicKey: Bytes,
  signature: Bytes,
  message: Bytes,
): Promise<boolean> {
  const { ed25519, ed448, secp256k1 } = await signing()
  const verify = {
    // As OpenSSL: without the cofactor's leniency (RFC 8032 section 5.1.7).
    Ed25519: () => ed25519.verify(signature, message, publicKey, { zip215: false }),
    Ed448: () => ed448.verify(signature, message, publicKey, { zip215: false }),
    secp256k1: () => secp256k1.verify(signature, message, publicKey, { prehash: true, lowS: false }),
  }[curve]
  try {
    return verify()
  } catch {
    return false
  }
}

/** Loaded when somebody needs it: most keys bring both halves, and most are on other curves. */
async function signing() {
  const [{ ed25519 }, { ed448 }, { secp256k1 }] = await Promise.all([
    import('@noble/curves/ed25519.js'),
    import('@noble/curves/ed448.js'),
    import('@noble/curves/secp256k1.js'),
  ])
  return { ed25519, ed448, secp256k1 }
}

async function multiplierOf(curve: ComputedCurve): Promise<(secret: Bytes) => Uint8Array> {
  switch (curve) {
    case 'P-256':
    case 'P-384':
    case 'P-521': {
      const { p256, p384, p521 } = await import('@noble/curves/nist.js')
      const { getPublicKey } = { 'P-256': p256, 'P-384': p384, 'P-521': p521 }[curve]
      return (secret) => getPublicKey(secret, false)
    }
    case 'secp256k1': {
      const { secp256k1 } = await signing()
      return (secret) => secp256k1.getPublicKey(secret, false)
    }
    case 'Ed25519':
    case 'Ed448':
      return (await signing())[curve === 'Ed25519' ? 'ed25519' : 'ed448'].getPublicKey
    case 'X25519':
      return (await import('@noble/curves/ed25519.js')).x25519.getPublicKey
    case 'X448':
      return (await import('@noble/curves/ed448.js')).x448.getPublicKey
  }
}

function withSecret(curve: string, make: () => Uint8Array): Bytes {
  try {
    return new Uint8Array(make())
  } catch (cause) {
    throw new LabError('bad_key', `The secret of the key is no number of the curve ${curve}.`, { cause })
  }
}
