/**
 * Verifies signatures, named as in certificates (RFC 3279, 4055, 5758, 8410): RSASSA-PKCS1-v1_5 and RSASSA-PSS with any hash,
 * ECDSA on curves of NIST, SEC 2 and Brainpool, Ed25519 and Ed448.
 */
import { concat, fromHex, type Bytes } from '../../bytes'
import { orUndefined, otherwise } from '../../errors'
import { requireDer } from '../asn1/strict'
import { contentBytes, readChildren, readElement, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidName, oidNamed } from '../encodings/oids'
import { readRsaMagnitudes, type RsaPublicNumbers } from '../encodings/rsa-numbers'
import { verifyOnCurve } from '../primitives/computed-curves'
import { curveNamed, fieldBits, judgePoint, type Curve } from '../primitives/curves'
import { hasEcdsa, verifyEcdsaDigest } from '../primitives/ecdsa-curves'
import { digestBy } from '../primitives/hashes'
import { readPssParameters, type PssParameters } from './pss-parameters'
import { verifyPkcs1, verifyPss } from './rsa-signature'

/** An AlgorithmIdentifier: dotted OID and the DER of its parameters. */
export interface AlgorithmName {
  readonly oid: string
  readonly parameters: Bytes | undefined
}

/** `unsupported`: it could not be tried; the reason is a sentence. */
export type Verification =
  { readonly result: 'valid' | 'invalid' } | { readonly result: 'unsupported'; readonly reason: string }

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
  [oidNamed('rsaWithSHA3-224')]: pkcs1('SHA3-224'),
  [oidNamed('rsaWithSHA3-256')]: pkcs1('SHA3-256'),
  [oidNamed('rsaWithSHA3-384')]: pkcs1('SHA3-384'),
  [oidNamed('rsaWithSHA3-512')]: pkcs1('SHA3-512'),
  [oidNamed('id-RSASSA-PSS')]: { key: 'RSA', scheme: 'RSASSA-PSS', hash: undefined },
  [oidNamed('ecdsa-with-SHA1')]: ecdsa('SHA-1'),
  [oidNamed('ecdsa-with-SHA224')]: ecdsa('SHA-224'),
  [oidNamed('ecdsa-with-SHA256')]: ecdsa('SHA-256'),
  [oidNamed('ecdsa-with-SHA384')]: ecdsa('SHA-384'),
  [oidNamed('ecdsa-with-SHA512')]: ecdsa('SHA-512'),
  [oidNamed('ecdsa-with-SHA3-224')]: ecdsa('SHA3-224'),
  [oidNamed('ecdsa-with-SHA3-256')]: ecdsa('SHA3-256'),
  [oidNamed('ecdsa-with-SHA3-384')]: ecdsa('SHA3-384'),
  [oidNamed('ecdsa-with-SHA3-512')]: ecdsa('SHA3-512'),
  [oidNamed('id-dsa-with-sha1')]: dsa('SHA-1'),
  [oidNamed('dsa-with-SHA224')]: dsa('SHA-224'),
  [oidNamed('dsa-with-SHA256')]: dsa('SHA-256'),
  [oidNamed('dsa-with-SHA384')]: dsa('SHA-384'),
  [oidNamed('dsa-with-SHA512')]: dsa('SHA-512'),
  [oidNamed('Ed25519')]: { key: 'Ed25519', scheme: 'EdDSA', hash: undefined },
  [oidNamed('Ed448')]: { key: 'Ed448', scheme: 'EdDSA', hash: undefined },
}

/** Curves that WebCrypto has, by their names in SEC 2. */
const NATIVE_CURVES: Readonly<Record<string, string>> = {
  secp256r1: 'P-256',
  secp384r1: 'P-384',
  secp521r1: 'P-521',
}

const OBJECT_IDENTIFIER = 0x06
const NATIVE_HASHES = new Set(['SHA-1', 'SHA-256', 'SHA-384', 'SHA-512'])

/** What is known of a signature algorithm; undefined for one that is not in the table. */
export function signatureAlgorithm(oid: string): SignatureAlgorithm | undefined {
  return Object.hasOwn(ALGORITHMS, oid) ? ALGORITHMS[oid] : undefined
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
      return verifyRsa(spki, (numbers) => verifyPkcs1(numbers, known.hash ?? '', signature, signed))
    case 'RSASSA-PSS':
      return verifyPssBy(algorithm.parameters, spki, signature, signed)
    case 'ECDSA':
      return verifyEcdsa(known.hash, spki, signature, signed)
    case 'EdDSA':
      return verifyEdwards(known.key === 'Ed448' ? 'Ed448' : 'Ed25519', spki, signature, signed)
    case 'DSA':
      return unsupported('DSA signatures can’t be checked here.')
  }
}

async function verifyRsa(
  spki: Bytes,
  verify: (numbers: RsaPublicNumbers) => Promise<boolean | undefined>,
): Promise<Verification> {
  const isRsa = keyNameOf(spki).startsWith('rsa') || isForPssAlone(spki)
  const numbers = isRsa ? readRsaMagnitudes(spki) : undefined
  if (!numbers) return unsupported('The public key can’t be used for RSA.')
  const valid = await verify(numbers)
  if (valid === undefined) return unsupported('Signatures with this hash can’t be checked here.')
  return { result: valid ? 'valid' : 'invalid' }
}

async function verifyPssBy(
  parameters: Bytes | undefined,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const pss = readPssParameters(parameters)
  if (!pss) return unsupported('The parameters of RSASSA-PSS can’t be read.')
  if (pss.trailer !== 1 || !isWithinRestrictions(pss, spki)) return { result: 'invalid' }
  return verifyRsa(spki, (numbers) => verifyPss(numbers, pss, signature, signed))
}

/** RFC 4055 section 3.1: a key for RSASSA-PSS may say which hashes it is used with, and the least length of the salt. */
function isWithinRestrictions(pss: PssParameters, spki: Bytes): boolean {
  if (!isForPssAlone(spki)) return true
  const held = algorithmPart(spki, 1)
  if (!held) return true
  const restrictions = readPssParameters(spki.slice(held.start, held.end))
  return (
    restrictions !== undefined &&
    restrictions.trailer === 1 &&
    restrictions.hash === pss.hash &&
    restrictions.maskHash === pss.maskHash &&
    restrictions.saltLength <= pss.saltLength
  )
}

function isForPssAlone(spki: Bytes): boolean {
  return keyNameOf(spki) === 'id-RSASSA-PSS'
}

/** Name of the algorithm of a SubjectPublicKeyInfo; empty for one that is not known. */
function keyNameOf(spki: Bytes): string {
  const name = algorithmPart(spki, 0)
  return (name && oidName(decodeOid(contentBytes(spki, name)) ?? '')) ?? ''
}

/** Part 0 of a key's AlgorithmIdentifier is the OID, part 1 are the parameters. */
function algorithmPart(spki: Bytes, index: 0 | 1): DerElement | undefined {
  return orUndefined(() => {
    const [algorithm] = readChildren(spki, readElement(spki))
    return algorithm && readChildren(spki, algorithm)[index]
  })
}

async function verifyEcdsa(
  hash: string | undefined,
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const name = curveNameOf(spki)
  const curve = name !== undefined && hasEcdsa(name) ? curveNamed(name) : undefined
  if (name === undefined || !curve)
    return unsupported('ECDSA can’t be checked here on the curve of this key.')
  const size = Math.ceil(fieldBits(curve) / 8)
  const point = uncompressedPoint(spki, curve, size)
  if (!point) return unsupported('The public key can’t be used for ECDSA: its point is not on its curve.')
  const plain = plainEcdsa(signature, size)
  if (!plain) return { result: 'invalid' }
  const native = Object.hasOwn(NATIVE_CURVES, name) ? NATIVE_CURVES[name] : undefined
  if (native !== undefined && hash !== undefined && NATIVE_HASHES.has(hash)) {
    return verifyNative(native, hash, { point, plain, signed })
  }
  const digest = hash === undefined || isSha3(hash) ? undefined : digestBy(hash, signed)
  if (!digest) return unsupported(`ECDSA with ${hash ?? 'an unknown hash'} can’t be checked here.`)
  return { result: (await verifyEcdsaDigest(name, point, plain, digest)) ? 'valid' : 'invalid' }
}

async function verifyNative(
  namedCurve: string,
  hash: string,
  { point, plain, signed }: { readonly point: Bytes; readonly plain: Bytes; readonly signed: Bytes },
): Promise<Verification> {
  const key = await crypto.subtle
    .importKey('raw', point, { name: 'ECDSA', namedCurve }, false, ['verify'])
    .catch(otherwise(undefined))
  if (!key) return unsupported('The public key can’t be used for ECDSA here.')
  const valid = await crypto.subtle
    .verify({ name: 'ECDSA', hash }, key, plain, signed)
    .catch(otherwise(false))
  return { result: valid ? 'valid' : 'invalid' }
}

/** By a library, the same everywhere: not every runtime has these (RFC 8032, RFC 8410). */
async function verifyEdwards(
  curve: 'Ed25519' | 'Ed448',
  spki: Bytes,
  signature: Bytes,
  signed: Bytes,
): Promise<Verification> {
  const holder = orUndefined(() => readChildren(spki, readElement(spki))[1])
  if (keyNameOf(spki) !== curve || !holder) return unsupported(`The public key can’t be used for ${curve}.`)
  const key = contentBytes(spki, holder).slice(1)
  return { result: (await verifyOnCurve(curve, key, signature, signed)) ? 'valid' : 'invalid' }
}

/** OpenSSL 3.0 takes no certificate that is signed so: what is accepted here is accepted there. */
function isSha3(hash: string): boolean {
  return hash.startsWith('SHA3-')
}

/** Name of the curve of an EC key that names it. */
function curveNameOf(spki: Bytes): string | undefined {
  const parameters = algorithmPart(spki, 1)
  if (keyNameOf(spki) !== 'id-ecPublicKey' || parameters?.tag !== OBJECT_IDENTIFIER) return undefined
  return oidName(decodeOid(contentBytes(spki, parameters)) ?? '')
}

/** The key's point as everything takes it; undefined when it is none. */
function uncompressedPoint(spki: Bytes, curve: Curve, size: number): Bytes | undefined {
  const holder = orUndefined(() => readChildren(spki, readElement(spki))[1])
  if (!holder) return undefined
  const judged = judgePoint(curve, contentBytes(spki, holder).subarray(1))
  if (judged.fault !== undefined || judged.y === undefined) return undefined
  const coordinates = [judged.x, judged.y].map((value) => value.toString(16).padStart(size * 2, '0'))
  return fromHex(`04${coordinates.join('')}`)
}

/**
 * ECDSA-Sig-Value (RFC 3279 section 2.2.3) as WebCrypto wants it: r and s behind one another, `size` bytes each. Only in DER:
 * else one signature could be written in many ways.
 */
function plainEcdsa(signature: Bytes, size: number): Bytes | undefined {
  return orUndefined(() => {
    requireDer(signature, 'ECDSA-Sig-Value')
    const fixed = readChildren(signature, readElement(signature)).map((number) => {
      const content = contentBytes(signature, number)
      const value = content[0] === 0 ? content.subarray(1) : content
      const isNegative = (content[0] ?? 0) >= 0x80
      return isNegative || value.length > size
        ? undefined
        : concat(new Uint8Array(size - value.length), value)
    })
    const [r, s] = fixed
    return r && s ? concat(r, s) : undefined
  })
}

function unsupported(reason: string): Verification {
  return { result: 'unsupported', reason }
}
