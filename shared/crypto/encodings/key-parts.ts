/** What a public or private key is made of, whatever its algorithm: SubjectPublicKeyInfo (RFC 5280), PrivateKeyInfo (RFC 5958). */
import type { Bytes } from '../../bytes'
import { LabError, passOwnFault } from '../../errors'
import {
  bitsOf,
  bytesOf,
  isConstructed,
  isContext,
  numberOf,
  octetsOf,
  oidOf,
  parseBer,
  partsOf,
  type Ber,
} from './ber'
import { oidNamed } from './oids'

export interface KeyParts {
  /** `other` for an algorithm that this program has no name for. */
  readonly algorithm: KeyAlgorithm
  /** The algorithm's OID, for messages; that of the curve where it has one. */
  readonly oid: string
  /** The key itself, in the form of its algorithm: of RSA the DER of PKCS#1. */
  readonly key: Bytes
}

/** A private key may bring its public half (RFC 5958 section 2). */
export interface PrivateKeyParts extends KeyParts {
  /** AlgorithmIdentifier, DER. */
  readonly identifier: Bytes
  readonly publicKey: Bytes | undefined
}

const EC = oidNamed('id-ecPublicKey')
const ALGORITHMS = {
  rsaEncryption: 'RSA',
  'id-RSASSA-PSS': 'RSA-PSS',
  Ed25519: 'Ed25519',
  Ed448: 'Ed448',
  X25519: 'X25519',
  X448: 'X448',
} as const
const CURVES = { secp256r1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521', secp256k1: 'secp256k1' } as const
export type KeyAlgorithm =
  (typeof ALGORITHMS)[keyof typeof ALGORITHMS] | (typeof CURVES)[keyof typeof CURVES] | 'other'

const BY_OID = byOid(ALGORITHMS)
const CURVE_BY_OID = byOid(CURVES)

/**
 * Takes a SubjectPublicKeyInfo apart.
 * @throws LabError `bad_key`
 */
export function publicKeyParts(spki: Bytes): KeyParts {
  return readParts('public key (SubjectPublicKeyInfo, RFC 5280)', () => {
    const [algorithm, key] = partsOf(parseBer(spki), 'sequence')
    return { ...nameOf(algorithm), key: bitsOf(key) }
  })
}

/**
 * Takes a PrivateKeyInfo apart.
 * @throws LabError `bad_key`
 */
export function privateKeyParts(pkcs8: Bytes): PrivateKeyParts {
  return readParts('private key (PKCS#8, RFC 5958)', () => {
    const [version, algorithm, key, ...rest] = partsOf(parseBer(pkcs8), 'sequence')
    numberOf(version)
    const publicKey = rest.find((part) => isContext(part, 1))
    return {
      ...nameOf(algorithm),
      identifier: algorithm ? bytesOf(algorithm) : new Uint8Array(),
      key: octetsOf(key),
      publicKey: publicKey && bitsOf(publicKey, 1),
    }
  })
}

/** For a format that has no place for keys of this algorithm. */
export function unsupportedKey(format: string, { oid }: KeyParts): LabError {
  const message = `${format} is not written here for keys of the algorithm ${oid}. Choose another format.`
  return new LabError('unsupported_key', message)
}

function nameOf(identifier: Ber | undefined): Pick<KeyParts, 'algorithm' | 'oid'> {
  const [name, parameters] = partsOf(identifier, 'sequence')
  const oid = oidOf(name)
  if (oid !== EC) return { algorithm: BY_OID.get(oid) ?? 'other', oid }
  // A curve may also be spelt out in numbers (RFC 5480 forbids it).
  if (!parameters || isConstructed(parameters)) return { algorithm: 'other', oid }
  const curve = oidOf(parameters)
  return { algorithm: CURVE_BY_OID.get(curve) ?? 'other', oid: curve }
}

function byOid<Name extends string>(names: Readonly<Record<string, Name>>): ReadonlyMap<string, Name> {
  return new Map(Object.entries(names).map(([name, value]) => [oidNamed(name), value]))
}

function readParts<Parts>(what: string, read: () => Parts): Parts {
  try {
    return read()
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_key', `The bytes are not a ${what} that can be read.`, { cause })
  }
}

/**
 * Reads the numbers of a key that was taken apart.
 * @throws LabError `bad_key` where they are none, and what `read` throws of them
 */
export function readingKey<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof LabError) throw cause
    passOwnFault(cause)
    const message = 'The numbers inside the key can’t be read, so it is written in no form that names them.'
    throw new LabError('bad_key', message, { cause })
  }
}
