/** Both halves of a private key on a curve: ECPrivateKey (RFC 5915), CurvePrivateKey (RFC 8410). */
import type { Bytes } from '../../bytes'
import { publicHalfOf, type ComputedCurve } from '../primitives/computed-curves'
import { bitsOf, isContext, numberOf, octetsOf, parseBer, partsOf } from '../encodings/ber'
import { readingKey, type PrivateKeyParts } from '../encodings/key-parts'

/** Bytes of a secret that is a number. */
const SECRET_BYTES: Readonly<Partial<Record<ComputedCurve, number>>> = {
  ...{ 'P-256': 32, 'P-384': 48, 'P-521': 66, secp256k1: 32 },
}
/** Curves whose keys have their secret by itself. */
const OCTETS: ReadonlySet<string> = new Set(['Ed25519', 'Ed448', 'X25519', 'X448'])

export interface CurveHalves {
  /** A big-endian number of the curve's length, or the octets of RFC 7748 and RFC 8032. */
  readonly secret: Bytes
  /** A point as it stands in the key, else uncompressed; octets for the other curves. */
  readonly publicKey: Bytes
}

/**
 * The halves; the public one is computed where the key doesn't bring it.
 * @param anyLength true where a number may be written without its leading zeros, or with more: OpenSSL takes it, RFC 5915 doesn't
 * @throws LabError `bad_key`
 */
export async function curveHalves(
  curve: ComputedCurve,
  parts: PrivateKeyParts,
  anyLength = false,
): Promise<CurveHalves> {
  const stored = readingKey(() => storedHalves(curve, parts))
  const { publicKey } = stored
  const secret = anyLength ? ofLength(stored.secret, SECRET_BYTES[curve]) : stored.secret
  return { secret, publicKey: publicKey ?? (await publicHalfOf(curve, secret)) }
}

function storedHalves(
  curve: ComputedCurve,
  { key, publicKey }: PrivateKeyParts,
): { readonly secret: Bytes; readonly publicKey: Bytes | undefined } {
  const whole = parseBer(key)
  if (OCTETS.has(curve)) return { secret: octetsOf(whole), publicKey }
  const [version, secret, ...rest] = partsOf(whole, 'sequence')
  numberOf(version)
  const own = rest.find((part) => isContext(part, 1))
  return { secret: octetsOf(secret), publicKey: own ? bitsOf(partsOf(own, 1)[0]) : publicKey }
}

/** RFC 5915 section 3 has secrets as long as the order; octets of other curves are no numbers. */
function ofLength(number: Bytes, length: number | undefined): Bytes {
  if (length === undefined) return number
  const first = number.findIndex((byte) => byte !== 0)
  const significant = first < 0 ? new Uint8Array() : number.slice(first)
  if (significant.length > length) return number
  const padded = new Uint8Array(length)
  padded.set(significant, length - significant.length)
  return padded
}
