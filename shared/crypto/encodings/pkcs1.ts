/** RSA keys in the older form of PKCS#1 (RFC 8017 appendix A.1): `RSA PUBLIC KEY` and `RSA PRIVATE KEY`. */
import type { Bytes } from '../../bytes'
import { privateKeyParts, publicKeyParts, unsupportedKey, type KeyParts } from './key-parts'

/**
 * RSAPublicKey of a SubjectPublicKeyInfo, DER.
 * @throws LabError `bad_key`, `unsupported_key` when it is no RSA key
 */
export function pkcs1PublicKey(spki: Bytes): Bytes {
  return rsaKey(publicKeyParts(spki))
}

/**
 * RSAPrivateKey of a PrivateKeyInfo, DER.
 * @throws LabError `bad_key`, `unsupported_key` when it is no RSA key
 */
export function pkcs1PrivateKey(pkcs8: Bytes): Bytes {
  return rsaKey(privateKeyParts(pkcs8))
}

function rsaKey(parts: KeyParts): Bytes {
  if (parts.algorithm !== 'RSA') throw unsupportedKey('PKCS#1', parts)
  return parts.key
}
