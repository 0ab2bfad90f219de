/** Keys as JSON (RFC 7517), by WebCrypto: RSA, and elliptic curves of NIST. */
import { toBase64, toUtf8, type Bytes } from '../../bytes'
import { privateKeyParts, publicKeyParts, unsupportedKey, type KeyParts } from './key-parts'

/** Members of RFC 7518 section 6 in base64url; `kid` is the thumbprint of RFC 7638. */
export type Jwk = Readonly<{ kty: string; kid: string } & Partial<Record<JwkMember, string>>>
type JwkMember = 'crv' | 'x' | 'y' | 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'

/** Members in the order in which they are written. */
const MEMBERS = ['crv', 'x', 'y', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const
/** What a thumbprint is made of, in the order of RFC 7638 section 3.2. */
const REQUIRED: Readonly<Record<string, readonly ('crv' | 'e' | 'kty' | 'n' | 'x' | 'y')[]>> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
}

/**
 * A public key.
 * @param spki SubjectPublicKeyInfo, DER
 * @throws LabError `bad_key`, `unsupported_key`
 */
export async function publicJwk(spki: Bytes): Promise<Jwk> {
  const algorithm = algorithmOf(publicKeyParts(spki))
  return written(await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']))
}

/**
 * A private key, with its public half.
 * @param pkcs8 PrivateKeyInfo, DER
 * @throws LabError `bad_key`, `unsupported_key`
 */
export async function privateJwk(pkcs8: Bytes): Promise<Jwk> {
  const algorithm = algorithmOf(privateKeyParts(pkcs8))
  return written(await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']))
}

/** A key as a text, or several as a set (RFC 7517 section 5). */
export function jwkText(value: Jwk | { readonly keys: readonly Jwk[] }): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/** SHA-256 of the members that every such key has (RFC 7638). */
export async function jwkThumbprint(jwk: JsonWebKey): Promise<string> {
  const names = REQUIRED[jwk.kty ?? ''] ?? []
  const canonical = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8(canonical)))
  return toBase64(digest).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/** Without WebCrypto's own members: what a key may be used for, the files don't say. */
async function written(key: CryptoKey): Promise<Jwk> {
  const jwk = await crypto.subtle.exportKey('jwk', key)
  const members = MEMBERS.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]] as const]))
  return { kty: jwk.kty ?? '', kid: await jwkThumbprint(jwk), ...Object.fromEntries(members) }
}

function algorithmOf(parts: KeyParts): RsaHashedImportParams | EcKeyImportParams {
  switch (parts.algorithm) {
    case 'RSA':
      return { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
    case 'P-256':
    case 'P-384':
    case 'P-521':
      return { name: 'ECDSA', namedCurve: parts.algorithm }
    default:
      throw unsupportedKey('JWK', parts)
  }
}
