/** Keys in their older forms turned into those that everything here works on: PKCS#8 and SubjectPublicKeyInfo. */
import type { Bytes } from '../../bytes'
import { writeElement } from '../../crypto/encodings/der'
import { LabError } from '../../errors'
import { encodeOid } from '../../crypto/encodings/oid-text'
import { oidNamed } from '../../crypto/encodings/oids'
import { fieldOf, readWhole, required, wholeBytes, type Part } from '../x509/parts'
import { spkiOf } from '../x509/keys'

const [INTEGER, OCTET_STRING, NULL, OBJECT_IDENTIFIER, SEQUENCE, EXPLICIT_1, IMPLICIT_1] = [
  0x02, 0x04, 0x05, 0x06, 0x30, 0xa1, 0x81,
] as const

/** AlgorithmIdentifier, DER, by the algorithm's name; RSA has a NULL for its parameters. */
export function algorithmOf(name: string, parameters: Uint8Array = writeElement(NULL)): Bytes {
  return writeElement(SEQUENCE, oidElement(name), parameters)
}

/** AlgorithmIdentifier of a curve by its name, for instance `secp256r1`. */
export function curveAlgorithm(curve: string): Bytes {
  return algorithmOf('id-ecPublicKey', oidElement(curve))
}

/** AlgorithmIdentifier without parameters, as Ed25519 and its kind have it. */
export function bareAlgorithm(name: string): Bytes {
  return writeElement(SEQUENCE, oidElement(name))
}

/** PrivateKeyInfo (RFC 5958) of an algorithm and the key in the algorithm's own form; version 2 with a public half beside it. */
export function pkcs8Of(algorithm: Uint8Array, key: Uint8Array, publicKey?: Uint8Array): Bytes {
  const beside = publicKey ? [writeElement(IMPLICIT_1, new Uint8Array(1), publicKey)] : []
  const version = integer(publicKey ? 1 : 0)
  return writeElement(SEQUENCE, version, algorithm, writeElement(OCTET_STRING, key), ...beside)
}

/** ECPrivateKey (RFC 5915) without parameters, as it stands in PKCS#8. */
export function ecPrivateKey(secret: Uint8Array, publicKey: Uint8Array | undefined): Bytes {
  const key = writeElement(OCTET_STRING, secret)
  const parts = publicKey ? [writeElement(EXPLICIT_1, publicKey)] : []
  return writeElement(SEQUENCE, integer(1), key, ...parts)
}

/** SubjectPublicKeyInfo of an RSAPublicKey (PKCS#1). */
export function spkiFromPkcs1(der: Bytes): Bytes {
  return spkiOf(algorithmOf('rsaEncryption'), der)
}

/** PKCS#8 of an RSAPrivateKey (PKCS#1). */
export function pkcs8FromPkcs1(der: Bytes): Bytes {
  return pkcs8Of(algorithmOf('rsaEncryption'), der)
}

/**
 * PKCS#8 of an ECPrivateKey (SEC 1).
 * @throws LabError `bad_private_key` when it doesn't name its curve
 */
export function pkcs8FromSec1(der: Bytes): Bytes {
  const whole = readWhole(der, 'ECPrivateKey', 'bad_private_key')
  const curve = required(
    fieldOf(whole, 'parameters'),
    'bad_private_key',
    'The EC private key doesn’t name its curve, so nothing can be done with it.',
  )
  const secret = wanted(whole, 'privateKey')
  const publicKey = fieldOf(whole, 'publicKey')
  const parts = publicKey ? [writeElement(EXPLICIT_1, wholeBytes(publicKey))] : []
  const key = writeElement(SEQUENCE, integer(1), wholeBytes(secret), ...parts)
  return pkcs8Of(algorithmOf('id-ecPublicKey', wholeBytes(curve)), key)
}

/** PKCS#8 of a DSA private key in OpenSSL's own form. */
export function pkcs8FromDsa(der: Bytes): Bytes {
  const whole = readWhole(der, 'DSAPrivateKey', 'bad_private_key')
  const [p, q, g, x] = ['p', 'q', 'g', 'x'].map((name) => wholeBytes(wanted(whole, name)))
  if (!p || !q || !g || !x) throw new LabError('bad_private_key', 'The DSA key is not whole.')
  return pkcs8Of(algorithmOf('id-dsa', writeElement(SEQUENCE, p, q, g)), x)
}

function wanted(whole: Part, field: string): Part {
  return required(fieldOf(whole, field), 'bad_private_key', `The private key has no ${field}.`)
}

function oidElement(name: string): Bytes {
  const content = encodeOid(oidNamed(name))
  if (!content) throw new LabError('internal_error', `The object identifier of ${name} is none.`)
  return writeElement(OBJECT_IDENTIFIER, content)
}

function integer(value: number): Bytes {
  return writeElement(INTEGER, Uint8Array.of(value))
}
