/** Public keys (SubjectPublicKeyInfo) and private ones (PKCS#8) of any algorithm in words and numbers. */
import { concat, toHex, type Bytes } from '../../bytes'
import { writeElement } from '../../crypto/encodings/der'
import { LabError } from '../../errors'
import { oidName } from '../../crypto/encodings/oids'
import { curveNamed, fieldBits } from '../../crypto/primitives/curves'
import {
  bitsOfPart,
  fieldOf,
  insideOf,
  magnitudeOfPart,
  numberOfPart,
  oidOfPart,
  readWhole,
  required,
  wholeBytes,
  type Part,
} from './parts'
import type { KeyFamily, PrivateKeyDescription, PublicKeyDescription } from './types'

/** By the name of the key's algorithm. */
const FAMILIES: Readonly<Record<string, KeyFamily>> = {
  rsaEncryption: 'RSA',
  rsa: 'RSA',
  'id-RSASSA-PSS': 'RSA-PSS',
  'id-RSAES-OAEP': 'RSA',
  'id-ecPublicKey': 'EC',
  'id-ecDH': 'EC',
  'id-ecMQV': 'EC',
  'id-dsa': 'DSA',
  dsaOIW: 'DSA',
  dhKeyAgreement: 'DH',
  dhpublicnumber: 'DH',
  Ed25519: 'Ed25519',
  Ed448: 'Ed448',
  X25519: 'X25519',
  X448: 'X448',
}

/** Names by which the NIST's curves are known (FIPS 186-5). */
const NIST_NAMES: Readonly<Record<string, string>> = {
  secp192r1: 'P-192',
  secp224r1: 'P-224',
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

const [INTEGER_TAG, BIT_STRING_TAG, SEQUENCE_TAG] = [0x02, 0x03, 0x30] as const
/** AlgorithmIdentifier of rsaEncryption with its NULL, DER. */
const RSA_ENCRYPTION = Uint8Array.from([
  0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00,
])

/** What {@link describeKeyPart} finds of a key. */
type KeySize = Pick<PublicKeyDescription, 'family' | 'text' | 'bits' | 'orderBits' | 'curve'>

/**
 * Reads a SubjectPublicKeyInfo of its own, DER.
 * @throws LabError `bad_public_key` when it isn't one
 */
export function readPublicKey(spki: Bytes): PublicKeyDescription {
  const whole = readWhole(spki, 'SubjectPublicKeyInfo', 'bad_public_key')
  const hasForm = oidOfPart(fieldOf(whole, 'algorithm', 'algorithm')) && fieldOf(whole, 'subjectPublicKey')
  if (!hasForm) {
    throw new LabError(
      'bad_public_key',
      'The bytes are no public key: SubjectPublicKeyInfo (RFC 5280 section 4.1) is expected.',
    )
  }
  return readPublicKeyPart(whole, [])
}

/** Reads one inside a larger structure. `problems` gets a sentence when it can't be read whole. */
export function readPublicKeyPart(part: Part | undefined, problems: string[]): PublicKeyDescription {
  const algorithm = fieldOf(part, 'algorithm')
  const oid = oidOfPart(fieldOf(algorithm, 'algorithm')) ?? ''
  const key = fieldOf(part, 'subjectPublicKey')
  const keyBytes = bitsOfPart(key)
  if (!oid || !keyBytes) problems.push('The public key can’t be read.')
  const inner = insideOf(key)
  const size = describeKeyPart(oid, fieldOf(algorithm, 'parameters'), inner)
  const modulus = magnitudeOfPart(fieldOf(inner, 'modulus'))
  const exponent = magnitudeOfPart(fieldOf(inner, 'publicExponent'))
  const isRsa = size.family === 'RSA' || size.family === 'RSA-PSS'
  if (isRsa && !(modulus && exponent)) problems.push('The RSA key’s modulus and exponent can’t be read.')
  return {
    ...size,
    oid,
    rsa:
      isRsa && modulus && exponent
        ? { modulus: toHex(modulus.bytes), exponent: toHex(exponent.bytes) }
        : undefined,
    spki: part ? wholeBytes(part) : new Uint8Array(),
    keyBytes: keyBytes ?? new Uint8Array(),
  }
}

/**
 * Reads a private key (PKCS#8, RFC 5958), DER, and gives away nothing of its secret.
 * @throws LabError `bad_private_key` when it isn't one
 */
export function describePrivateKeyInfo(pkcs8: Bytes): PrivateKeyDescription {
  const whole = readWhole(pkcs8, 'OneAsymmetricKey', 'bad_private_key')
  const algorithm = fieldOf(whole, 'privateKeyAlgorithm')
  const oid = oidOfPart(fieldOf(algorithm, 'algorithm'))
  const key = required(
    fieldOf(whole, 'privateKey'),
    'bad_private_key',
    'The bytes are no private key: PrivateKeyInfo (PKCS#8, RFC 5958) is expected.',
  )
  if (oid === undefined || !algorithm) {
    throw new LabError('bad_private_key', 'The private key doesn’t say what algorithm it is for.')
  }
  const inner = insideOf(key)
  const parameters = fieldOf(algorithm, 'parameters') ?? fieldOf(inner, 'parameters')
  const size = describeKeyPart(oid, parameters, inner)
  const { family, text, bits, curve } = size
  return {
    family,
    text,
    bits,
    curve,
    oid,
    spki: publicHalf(size.family, algorithm, parameters, inner, whole),
  }
}

/** Family and size, from the algorithm's parameters and what is inside the key. */
function describeKeyPart(oid: string, parameters: Part | undefined, inner: Part | undefined): KeySize {
  const family = FAMILIES[oidName(oid) ?? ''] ?? 'other'
  const sized = (bits: number | undefined, curve?: string): KeySize => {
    const size = curve ?? (bits === undefined ? 'of unknown size' : `${bits} bits`)
    return { family, text: `${family}, ${size}`, bits, orderBits: undefined, curve }
  }
  const bitsOf = (name: string): number | undefined => magnitudeOfPart(fieldOf(parameters, name))?.bits
  const plain = { family, orderBits: undefined }
  switch (family) {
    case 'RSA':
    case 'RSA-PSS':
      return sized(magnitudeOfPart(fieldOf(inner, 'modulus'))?.bits)
    case 'EC':
      return describeCurve(parameters, sized)
    case 'DSA':
      return { ...sized(bitsOf('p')), orderBits: bitsOf('q') }
    case 'DH': {
      const length = numberOfPart(fieldOf(parameters, 'privateValueLength'))
      return { ...sized(bitsOf('prime') ?? bitsOf('p')), orderBits: bitsOf('q') ?? length }
    }
    case 'Ed25519':
    case 'X25519':
      return { ...plain, text: family, bits: 256, curve: family }
    case 'Ed448':
      return { ...plain, text: family, bits: 456, curve: family }
    case 'X448':
      return { ...plain, text: family, bits: 448, curve: family }
    case 'other':
      return { ...plain, text: oidName(oid) ?? (oid || 'unreadable'), bits: undefined, curve: undefined }
  }
}

function describeCurve(
  parameters: Part | undefined,
  sized: (bits: number | undefined, curve?: string) => KeySize,
): KeySize {
  const oid = oidOfPart(parameters)
  if (oid === undefined) {
    // The field's prime, or the power of 2 that a binary field has.
    const field = fieldOf(parameters, 'fieldID', 'parameters')
    const bits = magnitudeOfPart(field)?.bits
    return sized(bits, bits === undefined ? undefined : `own curve, ${bits} bits`)
  }
  const name = oidName(oid) ?? oid
  const curve = curveNamed(name)
  // Names of the other curves hold their size.
  const digits = oidName(oid) === undefined ? undefined : /\d{3}/.exec(name)?.[0]
  const bits = curve ? fieldBits(curve) : digits === undefined ? undefined : Number(digits)
  return sized(bits, NIST_NAMES[name] ?? name)
}

/** SubjectPublicKeyInfo out of what a private key holds; undefined where that isn't enough. */
function publicHalf(
  family: KeyFamily,
  algorithm: Part,
  parameters: Part | undefined,
  inner: Part | undefined,
  whole: Part | undefined,
): Bytes | undefined {
  const point = bitsOfPart(fieldOf(inner, 'publicKey')) ?? bitsOfPart(fieldOf(whole, 'publicKey'))
  switch (family) {
    case 'RSA':
    case 'RSA-PSS': {
      const [n, e] = [fieldOf(inner, 'modulus'), fieldOf(inner, 'publicExponent')]
      return n && e && spkiOf(wholeBytes(algorithm), writeElement(SEQUENCE_TAG, wholeBytes(n), wholeBytes(e)))
    }
    case 'EC': {
      const name = fieldOf(algorithm, 'algorithm')
      if (!point || !parameters || !name) return undefined
      return spkiOf(writeElement(SEQUENCE_TAG, wholeBytes(name), wholeBytes(parameters)), point)
    }
    default:
      return point && spkiOf(wholeBytes(algorithm), point)
  }
}

/** SubjectPublicKeyInfo of a DER algorithm and the content of the key's BIT STRING. */
export function spkiOf(algorithm: Uint8Array, key: Uint8Array): Bytes {
  return writeElement(SEQUENCE_TAG, algorithm, writeElement(BIT_STRING_TAG, new Uint8Array(1), key))
}

/** SubjectPublicKeyInfo of an RSA key from its modulus and exponent: bytes, big-endian, with or without leading zeros. */
export function rsaSpki(modulus: Uint8Array, exponent: Uint8Array): Bytes {
  return spkiOf(RSA_ENCRYPTION, writeElement(SEQUENCE_TAG, unsigned(modulus), unsigned(exponent)))
}

/** An INTEGER that is not negative, in DER, from its bytes. */
export function unsigned(magnitude: Uint8Array): Bytes {
  const first = magnitude.findIndex((byte) => byte !== 0)
  const bytes = first < 0 ? new Uint8Array(1) : magnitude.subarray(first)
  const sign = (bytes[0] ?? 0) >= 0x80 ? new Uint8Array(1) : new Uint8Array()
  return writeElement(INTEGER_TAG, concat(sign, bytes))
}
