/** The public key of a private one, also of one that stores no public half: computed where its kind allows. */
import { fromHex, type Bytes } from '../../bytes'
import { magnitudeOf, parseBer, partsOf } from '../../crypto/encodings/ber'
import { curveHalves } from '../../crypto/pki/curve-halves'
import { privateKeyParts, readingKey, type PrivateKeyParts } from '../../crypto/encodings/key-parts'
import { bitLength, numberFrom, numberHex, powerMod } from '../../crypto/encodings/rsa-numbers'
import { isComputedCurve } from '../../crypto/primitives/computed-curves'
import { describePrivateKeyInfo, spkiOf, unsigned } from './keys'

/** Bits of the largest group that is computed in: OpenSSL refuses larger ones. */
const LARGEST_GROUP = 10_000

/**
 * SubjectPublicKeyInfo, DER; undefined where the public half is neither stored nor computed here.
 * @throws LabError `bad_private_key`, `bad_key`
 */
export async function publicKeyOf(pkcs8: Bytes): Promise<Bytes | undefined> {
  const { family, spki } = describePrivateKeyInfo(pkcs8)
  if (spki) return spki
  const parts = privateKeyParts(pkcs8)
  if (family === 'DSA' || family === 'DH') return powerOfGenerator(family, parts)
  if (!isComputedCurve(parts.algorithm)) return undefined
  const { publicKey } = await curveHalves(parts.algorithm, parts, true)
  return spkiOf(parts.identifier, publicKey)
}

/** y = g^x mod p (FIPS 186-4 section 4.1, PKCS#3): the parameters are p, q, g of DSA, and p, g of DH. */
async function powerOfGenerator(family: 'DSA' | 'DH', parts: PrivateKeyParts): Promise<Bytes | undefined> {
  const { p, g, x } = readingKey(() => {
    const [, parameters] = partsOf(parseBer(parts.identifier), 'sequence')
    const numbers = partsOf(parameters, 'sequence')
    const at = (index: number): bigint => numberFrom(magnitudeOf(numbers[index]))
    return { p: at(0), g: at(family === 'DSA' ? 2 : 1), x: numberFrom(magnitudeOf(parseBer(parts.key))) }
  })
  if (bitLength(p) > LARGEST_GROUP || x <= 0n || x >= p) return undefined
  const y = fromHex(numberHex(await powerMod(g, x, p)))
  return y && spkiOf(parts.identifier, unsigned(y))
}
