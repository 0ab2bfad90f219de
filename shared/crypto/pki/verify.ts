/**
 * Verifies signatures of any algorithm that WebCrypto has, named as in certificates (RFC 3279, 4055, 5758, 8410): RSASSA-PKCS1-v1_5
 * and RSASSA-PSS with SHA-1 and SHA-2, ECDSA on the NIST curves, Ed25519 where the platform has it.
 */
import { concat, toHex, type Bytes } from '../../bytes'
import { orUndefined, otherwise } from '../../errors'
import { bits, encodeAsn1, nothing, oid, sequence } from '../encodings/asn1'
import { readChildren, readElement, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidNamed } from '../encodings/oids'

/** An AlgorithmIdentifier: dotted OID and the DER of its parameters. */
export interface AlgorithmName {
  readonly oid: string
  readonly parameters: Bytes | undefined
}

/** `unsupported`: it could not be tried; the reason is a sentence. */
export type Verification =
  { readonly result: 'valid' | 'invalid' } | { readonly result: 'unsupported'; readonly reason: string }

/** Parameters of RSASSA-PSS (RFC 4055 section 3.1); the salt's length is in bytes. */
export interface PssParameters {
  readonly hash: string
  readonly maskHash: string
  readonly saltLength: number
  readonly trailer: number
}

/** What a signature algorithm is made of. `hash` is undefined where the parameters name it, or the algorithm has its own. */
export interface SignatureAlgorithm {
  readonly key: 'RSA' | 'EC' | 'DSA' | 'Ed25519' | 'Ed448'
  readonly scheme: 'RSASSA-PKCS1-v1_5' | 'RSASSA-PSS' | 'ECDSA' | 'DSA' | 'EdDSA'
  readonly hash: string | undefined
}

const pkcs1 = (hash: string): SignatureAlgorithm => ({ key: 'RSA', scheme: 'RSASSA-PKCS1-v1_5', hash })
const ecdsa = (hash: string): SignatureAlgorithm => ({ key: 'EC', scheme: 'ECDSA', hash })
const dsa = (hash: string): SignatureAlgorithm => ({ key: 'DSA', scheme: 'DSA', hash })

const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  [oidNamed('md2WithRSAEncryption')]: pkcs1('MD2'),
  [oidNamed('md5WithRSAEncryption')]: pkcs1('MD5'),
  [oidNamed('sha1WithRSAEncryption')]: pkcs1('SHA-1'),
  [oidNamed('sha1WithRSAOIW')]: pkcs1('SHA-1'),
  [oidNamed('sha224WithRSAEncryption')]: pkcs1('SHA-224'),
  [oidNamed('sha256WithRSAEncryption')]: pkcs1('SHA-256'),
  [oidNamed('sha384WithRSAEncryption')]: pkcs1('SHA-384'),
  [oidNamed('sha512WithRSAEncryption')]: pkcs1('SHA-512'),
  [oidNamed('id-RSASSA-PSS')]: { key: 'RSA', scheme: 'RSASSA-PSS', hash: undefined },
  [oidNamed('ecdsa-with-SHA1')]: ecdsa('SHA-1'),
  [oidNamed('ecdsa-with-SHA224')]: ecdsa('SHA-224'),
  [oidNamed('ecdsa-with-SHA256')]: ecdsa('SHA-256'),
  [oidNamed('ecdsa-with-SHA384')]: ecdsa('SHA-384'),
  [oidNamed('ecdsa-with-SHA512')]: ecdsa('SHA-512'),
  [oidNamed('id-dsa-with-sha1')]: dsa('SHA-1'),
  [oidNamed('dsa-with-SHA224')]: dsa('SHA-224'),
  [oidNamed('dsa-with-SHA256')]: dsa('SHA-256'),
  [oidNamed('Ed25519')]: { key: 'Ed25519', scheme: 'EdDSA', hash: undefined },
  [oidNamed('Ed448')]: { key: 'Ed448', scheme: 'EdDSA', hash: undefined },
}

/** Hashes by their OID. */
const HASHES: Readonly<Record<string, string>> = {
  [oidNamed('md5')]: 'MD5',
  [oidNamed('sha1')]: 'SHA-1',
  [oidNamed('sha224')]: 'SHA-224',
  [oidNamed('sha256')]: 'SHA-256',
  [oidNamed('sha384')]: 'SHA-384',
  [oidNamed('sha512')]: 'SHA-512',
}

/** Curves by their OID; bytes of a coordinate. */
const CURVES: Readonly<Record<string, { readonly name: string; readonly bytes: number }>> = {
  [oidNamed('secp256r1')]: { name: 'P-256', bytes: 32 },
  [oidNamed('secp384r1')]: { name: 'P-384', bytes: 48 },
  [oidNamed('secp521r1')]: { name: 'P-521', bytes: 66 },
}

const NATIVE_HASHES = new Set(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])
const RSA_ENCRYPTION = oidNamed('rsaEncryption')
const [INTEGER, SEQUENCE] = [0x02, 0x30] as const

/** What is known of a signature algorithm; undefined for one that is not in the table. */
export function signatureAlgorithm(oid: string): SignatureAlgorithm | undefined {
  return Object.hasOwn(ALGORITHMS, oid) ? ALGORITHMS[oid] : undefined
}

/** Name of the hash that an OID stands for, given its content. */
export function hashOfOid(content: Uint8Array): string | undefined {
  return HASHES[decodeOid(content) ?? '']
}

/** Verifies a signature with a SubjectPublicKeyInfo. Never throws: what can't be read or tried is `unsupported`. */
export async function verifySignature(
  algorithm: AlgorithmName,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const known = signatureAlgorithm(algorithm.oid)
  if (!known) return unsupported(`The signature algorithm ${algorithm.oid} is not known here.`)
  switch (known.scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return verifyWith(known.hash, spki, signature, signed, (hash) => ({
        key: { name: 'RSASSA-PKCS1-v1_5', hash },
        use: { name: 'RSASSA-PKCS1-v1_5' },
      }))
    case 'RSASSA-PSS':
      return verifyPss(algorithm.parameters, spki, signature, signed)
    case 'ECDSA':
      return verifyEcdsa(known.hash, spki, signature, signed)
    case 'EdDSA':
    case 'DSA':
      if (known.key !== 'Ed25519') return unsupported(`${known.key} signatures can’t be checked here.`)
      return verifyNative({ name: 'Ed25519' }, { name: 'Ed25519' }, spki, signature, signed)
  }
}

/** Reads the parameters of RSASSA-PSS; absent members have the defaults of RFC 4055. Undefined when they can't be read. */
export function readPssParameters(parameters: Bytes | undefined): PssParameters | undefined {
  const defaults = { hash: 'SHA-1', maskHash: 'SHA-1', saltLength: 20, trailer: 1 }
  if (!parameters) return defaults
  return orUndefined(() => {
    const members = new Map(
      readChildren(parameters, readElement(parameters)).map((member) => [member.tag, member]),
    )
    const inner = (tag: number): DerElement | undefined => {
      const member = members.get(tag)
      return member && readChildren(parameters, member)[0]
    }
    const hashOf = (element: DerElement | undefined): string | undefined => {
      const oid = element && readChildren(parameters, element)[0]
      return oid && hashOfOid(parameters.subarray(oid.contentStart, oid.end))
    }
    const numberOf = (element: DerElement | undefined): number | undefined =>
      element && Number.parseInt(toHex(parameters.subarray(element.contentStart, element.end)), 16)
    const mask = inner(0xa1)
    const hash = members.has(0xa0) ? hashOf(inner(0xa0)) : defaults.hash
    // MGF1 is the only mask generation function; its parameter is the hash.
    const maskHash = mask ? hashOf(readChildren(parameters, mask)[1]) : defaults.maskHash
    if (hash === undefined || maskHash === undefined) return undefined
    const saltLength = numberOf(inner(0xa2)) ?? defaults.saltLength
    const trailer = numberOf(inner(0xa3)) ?? defaults.trailer
    return { hash, maskHash, saltLength, trailer }
  })
}

type Native = { readonly key: RsaHashedImportParams; readonly use: Algorithm | RsaPssParams }

async function verifyWith(
  hash: string | undefined,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
  native: (hash: string) => Native,
): Promise<Verification> {
  if (hash === undefined || !NATIVE_HASHES.has(hash)) {
    return unsupported(`Signatures with ${hash ?? 'an unknown hash'} can’t be checked here.`)
  }
  const { key, use } = native(hash)
  return verifyNative(key, use, plainRsa(spki), signature, signed)
}

function verifyPss(
  parameters: Bytes | undefined,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const pss = readPssParameters(parameters)
  if (!pss) return Promise.resolve(unsupported('The parameters of RSASSA-PSS can’t be read.'))
  if (pss.maskHash !== pss.hash || pss.trailer !== 1) {
    return Promise.resolve(
      unsupported(
        `RSASSA-PSS with ${pss.hash} and a mask made with ${pss.maskHash} can’t be checked here: only one hash for both can.`,
      ),
    )
  }
  return verifyWith(pss.hash, spki, signature, signed, (hash) => ({
    key: { name: 'RSA-PSS', hash },
    use: { name: 'RSA-PSS', saltLength: pss.saltLength },
  }))
}

function verifyEcdsa(
  hash: string | undefined,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const curve = curveOf(spki)
  if (!curve) return Promise.resolve(unsupported('ECDSA is checked here on P-256, P-384 and P-521 alone.'))
  if (hash === undefined || !NATIVE_HASHES.has(hash)) {
    return Promise.resolve(unsupported(`ECDSA with ${hash ?? 'an unknown hash'} can’t be checked here.`))
  }
  const plain = plainEcdsa(signature, curve.bytes)
  if (!plain) return Promise.resolve({ result: 'invalid' })
  const key = { name: 'ECDSA', namedCurve: curve.name }
  return verifyNative(key, { name: 'ECDSA', hash }, spki, plain, signed)
}

async function verifyNative(
  key: RsaHashedImportParams | EcKeyImportParams | Algorithm,
  use: Algorithm | RsaPssParams | EcdsaParams,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const native = await crypto.subtle
    .importKey('spki', spki, key, false, ['verify'])
    .catch(otherwise(undefined))
  if (!native) return unsupported(`The public key can’t be used for ${key.name} here.`)
  const valid = await crypto.subtle.verify(use, native, signature, signed).catch(otherwise(false))
  return { result: valid ? 'valid' : 'invalid' }
}

/** The same RSA key under the algorithm rsaEncryption, which WebCrypto wants also for keys that are for RSASSA-PSS alone. */
function plainRsa(spki: Bytes): Bytes {
  return (
    orUndefined(() => {
      const key = readChildren(spki, readElement(spki))[1]
      if (!key) return spki
      return encodeAsn1(
        sequence(
          sequence(oid(RSA_ENCRYPTION), nothing()),
          bits(spki.subarray(key.contentStart + 1, key.end)),
        ),
      )
    }) ?? spki
  )
}

function curveOf(spki: Bytes): (typeof CURVES)[string] | undefined {
  return orUndefined(() => {
    const [algorithm] = readChildren(spki, readElement(spki))
    const curve = algorithm && readChildren(spki, algorithm)[1]
    return curve && CURVES[decodeOid(spki.subarray(curve.contentStart, curve.end)) ?? '']
  })
}

/** ECDSA-Sig-Value (RFC 3279 section 2.2.3) as WebCrypto wants it: r and s behind one another, `size` bytes each. */
function plainEcdsa(signature: Bytes, size: number): Bytes | undefined {
  return orUndefined(() => {
    const outer = readElement(signature)
    const numbers = readChildren(signature, outer)
    const whole = outer.tag === SEQUENCE && outer.end === signature.length && numbers.length === 2
    if (!whole || !numbers.every((number) => number.tag === INTEGER)) return undefined
    const fixed = numbers.map(({ contentStart, end }) => {
      const digits = signature.subarray(contentStart, end)
      const first = digits.findIndex((byte) => byte !== 0)
      const value = digits.subarray(first === -1 ? digits.length : first)
      return value.length > size ? undefined : concat(new Uint8Array(size - value.length), value)
    })
    const [r, s] = fixed
    return r && s ? concat(r, s) : undefined
  })
}

function unsupported(reason: string): Verification {
  return { result: 'unsupported', reason }
}
