/** A signature opened with the signer's public key: what stands inside, part by part, and whether it is over these bytes. */
import { fromHex, toHex, toUtf8, type Bytes } from '../bytes'
import { certSText } from '../crypto/pki/cert-s'
import {
  bitLength,
  numberFrom,
  numberHex,
  powerMod,
  readRsaPublicNumbers,
} from '../crypto/encodings/rsa-numbers'
import { readPssParameters, type PssParameters } from '../crypto/pki/pss-parameters'
import { signatureAlgorithm, verifySignature, type AlgorithmName } from '../crypto/pki/verify'
import { assertNever } from '../errors'
import type { CertSArtifact, SignatureArtifact } from './artifact'
import type { FactCheck } from './check'
import type { SignatureFacts } from './signature/facts'
import { check, digestOf, hexOf, notMade, type OpenedBlock } from './signature/opened'
import { openPkcs1 } from './signature/pkcs1'
import { openPss } from './signature/pss'
import type { CertificateDescription } from './x509/types'
import { oidNamed } from '../crypto/encodings/oids'

/** What a certificate or request says of its own signature. */
type Signed = Pick<CertificateDescription, 'signature' | 'signedPart' | 'signatureAlgorithm'>
/** What the new artifact is called. */
type Names = Pick<SignatureArtifact, 'id' | 'title' | 'source'>

const PKCS1_BY_HASH: Readonly<Record<string, string>> = {
  MD5: oidNamed('md5WithRSAEncryption'),
  'SHA-1': oidNamed('sha1WithRSAEncryption'),
  'SHA-224': oidNamed('sha224WithRSAEncryption'),
  'SHA-256': oidNamed('sha256WithRSAEncryption'),
  'SHA-384': oidNamed('sha384WithRSAEncryption'),
  'SHA-512': oidNamed('sha512WithRSAEncryption'),
}
/** The algorithm of PKCS#1 v1.5 signatures over a hash; undefined for a hash that has none here. */
export function pkcs1AlgorithmOf(hash: string | undefined): AlgorithmName | undefined {
  const oid = hash !== undefined && Object.hasOwn(PKCS1_BY_HASH, hash) ? PKCS1_BY_HASH[hash] : undefined
  return oid === undefined ? undefined : { oid, parameters: undefined }
}

/** Suite modern's proof (protocol.md section 4). */
const PROTOCOL_PSS: PssParameters = { hash: 'SHA-256', maskHash: 'SHA-256', saltLength: 32, trailer: 1 }
/** RSASSA-PSS-params that say the same. */
const PROTOCOL_PSS_DER = fromHex(
  '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
)
const RSASSA_PSS = oidNamed('id-RSASSA-PSS')
const NOTHING: OpenedBlock = {
  parts: [],
  unmasked: undefined,
  unmaskedParts: [],
  digestInfo: undefined,
  hash: undefined,
  signedDigest: undefined,
  computedDigest: undefined,
  checks: [],
}

/** The signature of a certificate or request, with its issuer's key where that is known; undefined for an unknown algorithm. */
export function signatureOf(
  { signature, signedPart, signatureAlgorithm: algorithm }: Signed,
  names: Names,
  signer?: Bytes,
): SignatureArtifact | undefined {
  const known = signatureAlgorithm(algorithm.oid)
  if (!known) return undefined
  const { oid, parameters } = algorithm
  const artifact: SignatureArtifact = {
    ...names,
    kind: 'signature',
    scheme: known.scheme,
    algorithm: { oid, parameters },
    signature,
    signed: signedPart,
  }
  return signer ? { ...artifact, signer } : artifact
}

/** The signature of `Cert_S` over its three parts (protocol.md section 2), by the authority's key. */
export function signatureOfCertS(
  { idS, idCa, pkS, signature }: CertSArtifact,
  names: Names,
  signer?: Bytes,
): SignatureArtifact {
  const signed = toUtf8(certSText({ idS, idCa, pkS }))
  const artifact: SignatureArtifact = {
    ...names,
    kind: 'signature',
    scheme: 'RSASSA-PKCS1-v1_5',
    signature,
    signed,
  }
  return signer ? { ...artifact, signer } : artifact
}

/** Opens a signature as far as what is known allows. */
export async function signatureFacts(artifact: SignatureArtifact): Promise<SignatureFacts> {
  const { signature, signed, signer } = artifact
  const { block, checks } = await openBlock(artifact)
  const opened = block ? openScheme(artifact, block) : unopened(artifact)
  const hash = opened.hash ?? hashOf(artifact)
  const algorithm = algorithmOf(artifact, hash)
  const verification =
    signer && signed && algorithm ? await verifySignature(algorithm, signer, signature, signed) : undefined
  const all = [...checks, ...opened.checks]
  const native =
    verification && verification.result !== 'unsupported' ? verification.result === 'valid' : undefined
  // What has not the form of a signature by this key is none, whatever was signed.
  const verified = native ?? (all.some(({ result }) => result === 'failed') ? false : undefined)
  return {
    scheme: hash === undefined ? artifact.scheme : `${artifact.scheme} with ${hash}`,
    signature: toHex(signature),
    length: signature.length,
    block,
    ...opened,
    hash,
    checks: all,
    verified,
    conclusion: concluded(
      artifact,
      verified,
      verification && 'reason' in verification ? verification.reason : undefined,
    ),
  }
}

/** The RSA public operation, s^e mod n, as bytes as long as the modulus (RFC 8017 section 5.2.2). */
async function openBlock({ scheme, signature, signer }: SignatureArtifact): Promise<{
  readonly block: Bytes | undefined
  readonly checks: readonly FactCheck[]
}> {
  const isRsa = scheme === 'RSASSA-PKCS1-v1_5' || scheme === 'RSASSA-PSS'
  if (!isRsa) return { block: undefined, checks: [] }
  const key = signer && readRsaPublicNumbers(signer)
  if (!key) {
    const reason = signer
      ? 'The signer’s key is no RSA key, so it can’t open the signature.'
      : 'Without the signer’s public key the signature can’t be opened.'
    return { block: undefined, checks: [notMade('opening', 'Opening', reason)] }
  }
  const size = Math.ceil(bitLength(key.n) / 8)
  const value = numberFrom(signature)
  const fits = check(
    'opening',
    'Opening',
    signature.length === size && value < key.n,
    `The signature is a number as long as the modulus (${size} bytes) and smaller: it can be raised to the power of e.`,
    `The signature is not a number below this modulus of ${size} bytes: it was made with another key.`,
  )
  if (fits.result !== 'ok') return { block: undefined, checks: [fits] }
  const opened = numberHex(await powerMod(value, key.e, key.n)).padStart(size * 2, '0')
  return { block: fromHex(opened), checks: [fits] }
}

function openScheme(artifact: SignatureArtifact, block: Bytes): OpenedBlock {
  const { scheme, signed, signer } = artifact
  switch (scheme) {
    case 'RSASSA-PKCS1-v1_5':
      return openPkcs1(block, signed)
    case 'RSASSA-PSS': {
      const parameters = pssOf(artifact)
      const key = signer && readRsaPublicNumbers(signer)
      if (!parameters || !key) return unopened(artifact)
      return openPss(block, bitLength(key.n), parameters, signed)
    }
    case 'ECDSA':
    case 'EdDSA':
    case 'DSA':
      return unopened(artifact)
    default:
      return assertNever(scheme)
  }
}

/** What can be told without opening it: the digest of the signed bytes. */
function unopened(artifact: SignatureArtifact): OpenedBlock {
  const computed = artifact.signed && digestOf(hashOf(artifact), artifact.signed)
  return { ...NOTHING, computedDigest: hexOf(computed) }
}

function pssOf({ algorithm }: SignatureArtifact): PssParameters | undefined {
  return algorithm ? readPssParameters(algorithm.parameters) : PROTOCOL_PSS
}

/** The hash that the algorithm beside the signature names. */
function hashOf(artifact: SignatureArtifact): string | undefined {
  if (artifact.scheme === 'RSASSA-PSS') return pssOf(artifact)?.hash
  return artifact.algorithm && signatureAlgorithm(artifact.algorithm.oid)?.hash
}

/** PKCS#1 v1.5 signatures name their hash themselves. */
function algorithmOf(
  { scheme, algorithm }: SignatureArtifact,
  hash: string | undefined,
): AlgorithmName | undefined {
  if (algorithm) return algorithm
  if (scheme === 'RSASSA-PSS') return { oid: RSASSA_PSS, parameters: PROTOCOL_PSS_DER }
  return scheme === 'RSASSA-PKCS1-v1_5' ? pkcs1AlgorithmOf(hash) : undefined
}

function concluded(
  { signer, signed }: SignatureArtifact,
  verified: boolean | undefined,
  obstacle: string | undefined,
): string {
  if (verified === true) return 'This key has made the signature, over exactly these bytes.'
  if (verified === false) return 'This key has not made the signature over these bytes.'
  if (obstacle !== undefined) return `Not verified. ${obstacle}`
  if (!signer) return 'Not verified: the signer’s public key is not known.'
  if (!signed) return 'Not verified: the bytes that were signed are not known.'
  return 'Not verified: its algorithm is not known.'
}
