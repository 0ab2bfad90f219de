/** Keys as JSON (RFC 7517): RSA (RFC 7518 section 6.3), elliptic curves (6.2, RFC 8812), octet key pairs (RFC 8037). */
import { toBase64, toUtf8, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { isComputedCurve } from '../primitives/computed-curves'
import { magnitudeOf, numberOf, parseBer, partsOf } from '../encodings/ber'
import { curveHalves } from './curve-halves'
import {
  privateKeyParts,
  publicKeyParts,
  readingKey,
  unsupportedKey,
  type KeyParts,
} from '../encodings/key-parts'

/** Members in base64url; `kid` is the thumbprint of RFC 7638. `oth`: the primes of an RSA key beyond the second. */
export type Jwk = Readonly<
  { kty: string; kid: string; oth?: readonly Readonly<Record<'r' | 'd' | 't', string>>[] } & Partial<
    Record<JwkMember, string>
  >
>
type JwkMember = 'crv' | 'x' | 'y' | 'n' | 'e' | 'd' | 'p' | 'q' | 'dp' | 'dq' | 'qi'
type Nameless = Omit<Jwk, 'kid'>

const UNCOMPRESSED = 0x04
const RSA_MEMBERS = ['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const
/** What a thumbprint is made of, in the order of RFC 7638 section 3.2 and RFC 8037 section 2. */
const REQUIRED: Readonly<Record<string, readonly ('crv' | 'e' | 'kty' | 'n' | 'x' | 'y')[]>> = {
  RSA: ['e', 'kty', 'n'],
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
}

/**
 * A public key.
 * @param spki SubjectPublicKeyInfo, DER
 * @throws LabError `bad_key`, `unsupported_key`
 */
export async function publicJwk(spki: Bytes): Promise<Jwk> {
  const parts = publicKeyParts(spki)
  return named(readingKey(() => publicMembers(parts)))
}

/**
 * A private key, with its public half: computed where the key doesn't bring it.
 * @param pkcs8 PrivateKeyInfo, DER
 * @throws LabError `bad_key`, `unsupported_key`
 */
export async function privateJwk(pkcs8: Bytes): Promise<Jwk> {
  const parts = privateKeyParts(pkcs8)
  const { algorithm } = parts
  if (algorithm === 'RSA' || algorithm === 'RSA-PSS') return named(readingKey(() => privateRsa(parts.key)))
  if (!isComputedCurve(algorithm)) throw unsupportedKey('JWK', parts)
  const { secret, publicKey } = await curveHalves(algorithm, parts)
  const members = readingKey(() => publicMembers({ ...parts, key: publicKey }))
  return named({ ...members, d: base64Url(secret) })
}

/** A key as a text, or several as a set (RFC 7517 section 5). */
export function jwkText(value: Jwk | { readonly keys: readonly Jwk[] }): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

/** SHA-256 of the members that every such key has (RFC 7638). */
export async function jwkThumbprint(jwk: JsonWebKey): Promise<string> {
  const names = REQUIRED[jwk.kty ?? ''] ?? []
  const canonical = JSON.stringify(Object.fromEntries(names.map((name) => [name, jwk[name]])))
  return base64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', toUtf8(canonical))))
}

async function named({ kty, ...members }: Nameless): Promise<Jwk> {
  return { kty, kid: await jwkThumbprint({ kty, ...members } as JsonWebKey), ...members }
}

function publicMembers(parts: KeyParts): Nameless {
  const { algorithm, key } = parts
  switch (algorithm) {
    case 'RSA':
    case 'RSA-PSS': {
      const [n, e] = partsOf(parseBer(key), 'sequence').map(magnitudeOf)
      if (!n || !e) throw new SyntaxError('A number is missing.')
      return { kty: 'RSA', n: base64Url(n), e: base64Url(e) }
    }
    case 'P-256':
    case 'P-384':
    case 'P-521':
    case 'secp256k1':
      return { kty: 'EC', crv: algorithm, ...coordinates(key) }
    case 'Ed25519':
    case 'Ed448':
    case 'X25519':
    case 'X448':
      return { kty: 'OKP', crv: algorithm, x: base64Url(key) }
    case 'other':
      throw unsupportedKey('JWK', parts)
  }
}

function coordinates(point: Bytes): { readonly x: string; readonly y: string } {
  if (point[0] !== UNCOMPRESSED || point.length % 2 === 0) {
    const message = 'The key’s point is compressed, or none: JWK has both coordinates.'
    throw new LabError('bad_key', message)
  }
  const half = (point.length - 1) / 2
  return { x: base64Url(point.subarray(1, 1 + half)), y: base64Url(point.subarray(1 + half)) }
}

/** RSAPrivateKey (RFC 8017 appendix A.1.2): version 1 has primes beyond the second. */
function privateRsa(der: Bytes): Nameless {
  const [version, ...parts] = partsOf(parseBer(der), 'sequence')
  const numbers = parts.slice(0, RSA_MEMBERS.length).map(magnitudeOf)
  if (numbers.length < RSA_MEMBERS.length) throw new SyntaxError('A number is missing.')
  const members = Object.fromEntries(
    RSA_MEMBERS.map((name, index) => [name, base64Url(numbers[index] ?? new Uint8Array())]),
  )
  const { n, e, d } = members
  // Some write zeros for primes that they don't know: then the key is what section 6.3.2 asks for at least.
  if (numbers.slice(3).some((number) => number.every((byte) => byte === 0)))
    return { kty: 'RSA', ...{ n, e, d } } as Nameless
  if (numberOf(version) === 0) return { kty: 'RSA', ...members }
  const oth = partsOf(parts[RSA_MEMBERS.length], 'sequence').map((prime) => {
    const [r, d, t] = partsOf(prime, 'sequence').map((number) => base64Url(magnitudeOf(number)))
    if (r === undefined || d === undefined || t === undefined) throw new SyntaxError('A number is missing.')
    return { r, d, t }
  })
  return { kty: 'RSA', ...members, oth }
}

function base64Url(bytes: Uint8Array): string {
  return toBase64(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
