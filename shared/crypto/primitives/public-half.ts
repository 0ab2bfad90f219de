/**
 * The public half of a private key that doesn't bring it, by @noble/curves: WebCrypto has not all of these curves, and in the
 * app's runtime none of RFC 7748 and RFC 8032.
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
  try {
    return new Uint8Array(multiply(secret))
  } catch (cause) {
    throw new LabError('bad_key', `The secret of the key is no number of the curve ${curve}.`, { cause })
  }
}

/** Loaded when somebody needs it: most keys bring both halves. */
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
      const { secp256k1 } = await import('@noble/curves/secp256k1.js')
      return (secret) => secp256k1.getPublicKey(secret, false)
    }
    case 'Ed25519':
    case 'X25519': {
      const { ed25519, x25519 } = await import('@noble/curves/ed25519.js')
      return curve === 'Ed25519' ? ed25519.getPublicKey : x25519.getPublicKey
    }
    case 'Ed448':
    case 'X448': {
      const { ed448, x448 } = await import('@noble/curves/ed448.js')
      return curve === 'Ed448' ? ed448.getPublicKey : x448.getPublicKey
    }
  }
}
