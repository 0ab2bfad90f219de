/** What a public or private key is made of, whatever its algorithm: SubjectPublicKeyInfo (RFC 5280), PrivateKeyInfo (RFC 5958). */
import type { Bytes } from '../../bytes'
import { LabError, passOwnFault } from '../../errors'
import { bitsOf, isConstructed, numberOf, octetsOf, oidOf, parseBer, partsOf, type Ber } from './ber'
import { oidNamed } from './oids'

export interface KeyParts {
  /** `other` for an algorithm that this program has no name for. */
  readonly algorithm: 'RSA' | 'P-256' | 'P-384' | 'P-521' | 'other'
  /** The algorithm's OID, for messages. */
  readonly oid: string
  /** The key itself, in the form of its algorithm: of RSA the DER of PKCS#1. */
  readonly key: Bytes
}

const RSA = oidNamed('rsaEncryption')
const EC = oidNamed('id-ecPublicKey')
const CURVES: Readonly<Record<string, 'P-256' | 'P-384' | 'P-521'>> = {
  [oidNamed('secp256r1')]: 'P-256',
  [oidNamed('secp384r1')]: 'P-384',
  [oidNamed('secp521r1')]: 'P-521',
}

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
export function privateKeyParts(pkcs8: Bytes): KeyParts {
  return readParts('private key (PKCS#8, RFC 5958)', () => {
    const [version, algorithm, key] = partsOf(parseBer(pkcs8), 'sequence')
    numberOf(version)
    return { ...nameOf(algorithm), key: octetsOf(key) }
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
  if (oid === RSA) return { algorithm: 'RSA', oid }
  // A curve may also be spelt out in numbers (RFC 5480 forbids it).
  if (oid !== EC || !parameters || isConstructed(parameters)) return { algorithm: 'other', oid }
  return { algorithm: CURVES[oidOf(parameters)] ?? 'other', oid }
}

function readParts(what: string, read: () => KeyParts): KeyParts {
  try {
    return read()
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_key', `The bytes are not a ${what} that can be read.`, { cause })
  }
}
