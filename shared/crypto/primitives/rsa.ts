/** RSA by WebCrypto, native and asynchronous: OAEP (RFC 8017 section 7.1) and PKCS#1 v1.5 signatures (section 8.2). */
import { equalBytes, fromBase64Url, fromHex, toBase64, toHex, type Bytes } from '../../bytes'
import { LabError, orUndefined, passOwnFault } from '../../errors'
import { recently } from '../../remember'
import { bits, integer, octets, sequence } from '../encodings/asn1'
import { childAt, readElement } from '../encodings/der'
import { decodePem, encodePem } from '../encodings/pem'
import { integersAt } from '../encodings/rsa-numbers'
import { plainly, type Perform } from './operations'
import type { RsaBits } from './rsa-bits'

export type OaepHash = 'SHA-1' | 'SHA-256'

/** `pem` is the exact text the key came with: `Cert_S` is a signature over it. */
export interface RsaPublicKey {
  readonly spki: Bytes
  readonly pem: string
}

export interface RsaPrivateKey {
  readonly pkcs8: Bytes
  readonly pem: string
}

export interface RsaKeyPair {
  readonly publicKey: RsaPublicKey
  readonly privateKey: RsaPrivateKey
}

/** What a public key says of itself. */
export interface RsaPublicParts {
  readonly bits: number
  readonly exponent: number
  readonly modulusHex: string
}

const SIGNATURE = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const
const PSS = { name: 'RSA-PSS', saltLength: 32 } as const
const PUBLIC_EXPONENT = new Uint8Array([1, 0, 1])
/** AlgorithmIdentifier of rsaEncryption with its NULL (RFC 3279 section 2.3.1). */
export const RSA_ENCRYPTION = fromHex('300d06092a864886f70d0101010500') ?? new Uint8Array()
/** Numbers of a key, in the order in which DER has them, by their names in a JWK. */
const PUBLIC_NUMBERS = ['n', 'e'] as const
const PRIVATE_NUMBERS = [...PUBLIC_NUMBERS, 'd', 'p', 'q', 'dp', 'dq', 'qi'] as const
const imported = new WeakMap<object, Map<string, Promise<CryptoKey>>>()

/** Makes a key pair with the exponent 65537. */
export async function generateRsaKeyPair(bits: RsaBits, perform = plainly): Promise<RsaKeyPair> {
  const algorithm = { ...SIGNATURE, modulusLength: bits, publicExponent: PUBLIC_EXPONENT }
  const pair = await perform('rsa_generate', () =>
    crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']),
  )
  const [spki, pkcs8] = await Promise.all([
    crypto.subtle.exportKey('spki', pair.publicKey),
    crypto.subtle.exportKey('pkcs8', pair.privateKey),
  ])
  return {
    publicKey: publicKeyFromSpki(new Uint8Array(spki)),
    privateKey: { pkcs8: new Uint8Array(pkcs8), pem: encodePem('PRIVATE KEY', new Uint8Array(pkcs8)) },
  }
}

/** Reads a public key; throws LabError `bad_pem` when the text is not one. */
export const publicKeyFromPem = recently((pem: string): RsaPublicKey => {
  return { spki: decodePem('PUBLIC KEY', pem), pem }
})

/** A public key with the PEM text that this program writes for it: the same thing as one that came with this text. */
export function publicKeyFromSpki(spki: Bytes): RsaPublicKey {
  return publicKeyFromPem(encodePem('PUBLIC KEY', spki))
}

/** Reads a PKCS#8 private key; throws LabError `bad_pem` when the text is not one. */
export function privateKeyFromPem(pem: string): RsaPrivateKey {
  return { pkcs8: decodePem('PRIVATE KEY', pem), pem }
}

/** Encrypts with RSAES-OAEP, MGF1 with the same hash, empty label. */
export async function encryptOaep(
  key: RsaPublicKey,
  hash: OaepHash,
  plaintext: Bytes,
  perform = plainly,
): Promise<Bytes> {
  const native = await importPublic(key, { name: 'RSA-OAEP', hash }, 'encrypt')
  const encrypt = () => crypto.subtle.encrypt({ name: 'RSA-OAEP' }, native, plaintext)
  return new Uint8Array(await perform('rsa_encrypt', encrypt))
}

/** Decrypts RSAES-OAEP; rejects with LabError `bad_ciphertext` when this key doesn't open the ciphertext. */
export async function decryptOaep(
  key: RsaPrivateKey,
  hash: OaepHash,
  ciphertext: Bytes,
  perform = plainly,
): Promise<Bytes> {
  const native = await importPrivate(key, { name: 'RSA-OAEP', hash }, 'decrypt')
  if (!isAsLong(ciphertext, native))
    throw new LabError('bad_ciphertext', 'The RSA block is not as long as the modulus.')
  try {
    const decrypt = () => crypto.subtle.decrypt({ name: 'RSA-OAEP' }, native, ciphertext)
    return new Uint8Array(await perform('rsa_decrypt', decrypt))
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_ciphertext', 'This key does not open the RSA block.', { cause })
  }
}

/** Signs with RSASSA-PKCS1-v1_5 and SHA-256. */
export async function signPkcs1(key: RsaPrivateKey, data: Bytes, perform = plainly): Promise<Bytes> {
  const native = await importPrivate(key, SIGNATURE, 'sign')
  return new Uint8Array(await perform('rsa_sign', () => crypto.subtle.sign(SIGNATURE, native, data)))
}

/** Verifies RSASSA-PKCS1-v1_5 with SHA-256; rejects with LabError `bad_key` when the key is not an RSA key. */
export async function verifyPkcs1(
  key: RsaPublicKey,
  signature: Bytes,
  data: Bytes,
  perform = plainly,
): Promise<boolean> {
  const native = await importPublic(key, SIGNATURE, 'verify')
  return verify(SIGNATURE, native, { signature, data }, perform)
}

/** Signs with RSASSA-PSS, SHA-256 and a salt of 32 bytes (RFC 8017 section 8.1). */
export async function signPss(key: RsaPrivateKey, data: Bytes, perform = plainly): Promise<Bytes> {
  const native = await importPrivate(key, { name: PSS.name, hash: 'SHA-256' }, 'sign')
  return new Uint8Array(await perform('rsa_sign', () => crypto.subtle.sign(PSS, native, data)))
}

/** Verifies RSASSA-PSS with SHA-256 and a salt of 32 bytes; rejects with LabError `bad_key` as {@link verifyPkcs1}. */
export async function verifyPss(
  key: RsaPublicKey,
  signature: Bytes,
  data: Bytes,
  perform = plainly,
): Promise<boolean> {
  const native = await importPublic(key, { name: PSS.name, hash: 'SHA-256' }, 'verify')
  return verify(PSS, native, { signature, data }, perform)
}

function verify(
  algorithm: Algorithm | RsaPssParams,
  key: CryptoKey,
  { signature, data }: { readonly signature: Bytes; readonly data: Bytes },
  perform: Perform,
): Promise<boolean> {
  return perform(
    'rsa_verify',
    async () => isAsLong(signature, key) && crypto.subtle.verify(algorithm, key, signature, data),
  )
}

/**
 * Ciphertexts and signatures are as long as the modulus (RFC 8017 sections 7.1.2, 8.1.2 and 8.2.2). Node's OpenSSL takes
 * shorter ones too, and puts zeros before them.
 */
function isAsLong(bytes: Bytes, { algorithm }: CryptoKey): boolean {
  return (
    bytes.length ===
    Math.ceil((algorithm as KeyAlgorithm & { readonly modulusLength: number }).modulusLength / 8)
  )
}

/** Modulus, exponent and size of a public key. */
export async function describePublicKey(key: RsaPublicKey): Promise<RsaPublicParts> {
  const { n, e } = await crypto.subtle.exportKey('jwk', await importPublic(key, SIGNATURE, 'verify'))
  const modulus = numberBytes(n)
  const leading = Math.clz32(modulus[0] ?? 0) - 24
  return {
    bits: modulus.length * 8 - leading,
    exponent: numberBytes(e).reduce((value, byte) => value * 256 + byte, 0),
    modulusHex: toHex(modulus),
  }
}

/** The private parts d, p, q, dp, dq, qi of a key as hex (RFC 8017 appendix A.1.2). */
export async function describePrivateKey(
  key: RsaPrivateKey,
): Promise<Readonly<Record<'d' | 'p' | 'q' | 'dp' | 'dq' | 'qi', string>>> {
  const jwk = await crypto.subtle.exportKey('jwk', await importPrivate(key, SIGNATURE, 'sign'))
  const hex = (part: string | undefined): string => toHex(numberBytes(part))
  return { d: hex(jwk.d), p: hex(jwk.p), q: hex(jwk.q), dp: hex(jwk.dp), dq: hex(jwk.dq), qi: hex(jwk.qi) }
}

function importPublic(
  key: RsaPublicKey,
  algorithm: RsaHashedImportParams,
  usage: KeyUsage,
): Promise<CryptoKey> {
  return importOnce(key, algorithm, () =>
    importKey('spki', key.spki, usualPublic(key.spki), algorithm, usage),
  )
}

function importPrivate(
  key: RsaPrivateKey,
  algorithm: RsaHashedImportParams,
  usage: KeyUsage,
): Promise<CryptoKey> {
  return importOnce(key, algorithm, () =>
    importKey('pkcs8', key.pkcs8, usualPrivate(key.pkcs8), algorithm, usage),
  )
}

/**
 * By its numbers where a key is in the form that everybody writes, byte for byte: Node takes them in several times faster than it
 * reads the DER. Any other form is WebCrypto's to read or to refuse.
 */
function importKey(
  format: 'spki' | 'pkcs8',
  der: Bytes,
  usual: JsonWebKey | undefined,
  algorithm: RsaHashedImportParams,
  usage: KeyUsage,
): Promise<CryptoKey> {
  return usual
    ? crypto.subtle.importKey('jwk', usual, algorithm, true, [usage])
    : crypto.subtle.importKey(format, der, algorithm, true, [usage])
}

/** SubjectPublicKeyInfo (RFC 3279 section 2.3.1). */
function usualPublic(spki: Bytes): JsonWebKey | undefined {
  return orUndefined(() => {
    const numbers = integersAt(spki, childAt(spki, readElement(spki), 1).contentStart + 1)
    const again = sequence(RSA_ENCRYPTION, bits(sequence(...numbers.map(integer))))
    return equalBytes(again, spki) ? jwkOf(PUBLIC_NUMBERS, numbers) : undefined
  })
}

/** OneAsymmetricKey without attributes (RFC 5958 section 2), with a key of two primes (RFC 8017 appendix A.1.2). */
function usualPrivate(pkcs8: Bytes): JsonWebKey | undefined {
  return orUndefined(() => {
    const [, ...numbers] = integersAt(pkcs8, childAt(pkcs8, readElement(pkcs8), 2).contentStart)
    const key = sequence(integer(0), ...numbers.map(integer))
    const again = sequence(integer(0), RSA_ENCRYPTION, octets(key))
    return equalBytes(again, pkcs8) ? jwkOf(PRIVATE_NUMBERS, numbers) : undefined
  })
}

/** RFC 7518 section 6.3; undefined when there are not as many numbers as names. */
function jwkOf(names: readonly string[], numbers: readonly Bytes[]): JsonWebKey | undefined {
  if (numbers.length !== names.length) return undefined
  const members = numbers.map((number, at) => [names[at], base64UrlNumber(number)])
  return { kty: 'RSA', ...Object.fromEntries(members) }
}

/** RFC 7518 section 2, of a positive number in DER: without the zero byte that keeps its INTEGER positive. */
function base64UrlNumber(content: Bytes): string {
  const [first = 0x80, second = 0] = content
  if (first >= 0x80 || (first === 0 && second < 0x80)) throw new SyntaxError('Not a positive number in DER.')
  const digits = toBase64(first === 0 ? content.subarray(1) : content)
  return digits.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

function importOnce(
  key: object,
  algorithm: RsaHashedImportParams,
  importKey: () => Promise<CryptoKey>,
): Promise<CryptoKey> {
  const known = imported.get(key) ?? new Map<string, Promise<CryptoKey>>()
  imported.set(key, known)
  const name = `${algorithm.name} ${JSON.stringify(algorithm.hash)}`
  const native =
    known.get(name) ??
    importKey().catch((cause: unknown) => {
      passOwnFault(cause)
      throw new LabError('bad_key', 'The key is not an RSA key that can be read.', { cause })
    })
  known.set(name, native)
  return native
}

function numberBytes(text: string | undefined): Bytes {
  return fromBase64Url(text ?? '') ?? new Uint8Array()
}
