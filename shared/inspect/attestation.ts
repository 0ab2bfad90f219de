/**
 * Signatures of revocation lists, OCSP responses, attribute certificates, CMS and time stamps, checked with the certificates that are
 * at hand: those inside, and those opened beside it. Whether who has signed may be relied on is not judged.
 */
import { concat, equalBytes, toHex, type Bytes } from '../bytes'
import { oidNamed } from '../crypto/encodings/oids'
import { verifySignature, type AlgorithmName } from '../crypto/pki/verify'
import { digestBy, hashOfOid } from '../crypto/primitives/hashes'
import { titleOf } from './path/facts'
import { pkcs1AlgorithmOf } from './signature'
import { readAlgorithm } from './x509/algorithms'
import { readExtensions } from './x509/extensions'
import { readGeneralNames } from './x509/general-names'
import { readName, readNameDer, sameName } from './x509/names'
import {
  bitsOfPart,
  contentBytes,
  fieldOf,
  insideOf,
  oidOfPart,
  partsOf,
  wholeBytes,
  type Part,
} from './x509/parts'
import type { AlgorithmView, CertificateDescription, DistinguishedNameView } from './x509/types'

/**
 * What came of checking one signature: `detached`: it is over a digest that it names, of bytes that are not here; `no_signer`: the
 * certificate of who has signed is not at hand; `unsupported`: it could not be tried.
 */
export interface SignatureFinding {
  readonly result: 'valid' | 'invalid' | 'detached' | 'no_signer' | 'unsupported'
  /** Who has signed, by the certificate whose key was tried. */
  readonly signer: string | undefined
  /** Why it could not be tried, or what is wrong, in a sentence. */
  readonly reason: string | undefined
  readonly algorithm: AlgorithmView
}

/** A signature, the bytes that it is over, and who may have made it. */
interface Claim {
  readonly algorithm: AlgorithmView
  readonly name: AlgorithmName
  readonly signature: Bytes
  readonly signed: Bytes
  readonly isSigner: (certificate: CertificateDescription) => boolean
  readonly detached?: boolean
}

/** A signature that is known before any key is tried to hold nothing, or not to be checked here. */
interface Settled {
  readonly settled: SignatureFinding
}

/** Signers of one container that are looked at. */
const MOST_SIGNERS = 8
/** Certificates of one name whose keys are tried. */
const MOST_TRIED = 8
const [SET, OCTET_STRING, INDEFINITE] = [0x31, 4, 0x80] as const
const [RSA, EC] = [oidNamed('rsaEncryption'), oidNamed('id-ecPublicKey')] as const

/** Checks the signatures of something; nothing for a type that has none. */
export async function checkSignatures(
  whole: Part,
  type: string,
  certificates: readonly CertificateDescription[],
): Promise<readonly SignatureFinding[]> {
  const found: SignatureFinding[] = []
  for (const claim of claimsOf(whole, type)) {
    found.push('settled' in claim ? claim.settled : await checkClaim(claim, certificates))
  }
  return found
}

async function checkClaim(
  { algorithm, name, signature, signed, isSigner, detached }: Claim,
  certificates: readonly CertificateDescription[],
): Promise<SignatureFinding> {
  const signers = certificates.filter(isSigner).slice(0, MOST_TRIED)
  let last: SignatureFinding = { result: 'no_signer', signer: undefined, reason: undefined, algorithm }
  for (const certificate of signers) {
    const verification = await verifySignature(name, certificate.publicKey.spki, signature, signed)
    const signer = titleOf(certificate)
    const reason = 'reason' in verification ? verification.reason : undefined
    if (verification.result === 'valid') {
      return { result: detached ? 'detached' : 'valid', signer, reason, algorithm }
    }
    if (last.result !== 'invalid') last = { result: verification.result, signer, reason, algorithm }
  }
  return last
}

function claimsOf(whole: Part, type: string): readonly (Claim | Settled)[] {
  switch (type) {
    case 'CertificateList':
      return listClaim(whole)
    case 'OCSPResponse':
    case 'BasicOCSPResponse':
      return responseClaim(
        type === 'OCSPResponse' ? insideOf(fieldOf(whole, 'responseBytes', 'response')) : whole,
      )
    case 'AttributeCertificate':
      return attributeClaim(whole)
    case 'ContentInfo':
      return containerClaims(fieldOf(whole, 'content'))
    case 'TimeStampResp':
      return containerClaims(fieldOf(whole, 'timeStampToken', 'content'))
    default:
      return []
  }
}

function listClaim(whole: Part): readonly Claim[] {
  const list = fieldOf(whole, 'tbsCertList')
  const issuer = readName(fieldOf(list, 'issuer'), [], 'The issuer')
  const { standard } = readExtensions(fieldOf(list, 'crlExtensions'), [])
  const wanted = standard.authorityKeyIdentifier?.keyIdentifier
  return claim(list, fieldOf(whole, 'signatureAlgorithm'), fieldOf(whole, 'signatureValue'), (certificate) =>
    isOfKey(certificate, issuer, wanted),
  )
}

function attributeClaim(whole: Part): readonly Claim[] {
  const info = fieldOf(whole, 'acinfo')
  const holder = fieldOf(info, 'issuer')
  const names = holder && readGeneralNames(fieldOf(holder, 'issuerName') ?? holder)
  const named = names?.find(({ kind }) => kind === 'directoryName')
  const issuer = named && readNameDer(named.content)
  return claim(
    info,
    fieldOf(whole, 'signatureAlgorithm'),
    fieldOf(whole, 'signatureValue'),
    (certificate) => issuer !== undefined && isOfKey(certificate, issuer, undefined),
  )
}

/** ResponderID (RFC 6960 section 4.2.1): a name, or the SHA-1 of the key. */
function responseClaim(basic: Part | undefined): readonly Claim[] {
  const data = fieldOf(basic, 'tbsResponseData')
  const responder =
    data &&
    partsOf(data).find(
      ({ node }) => node.field === 'responderID' || node.tagNumber === 1 || node.tagNumber === 2,
    )
  const inner = responder && (partsOf(responder)[0] ?? responder)
  const byKey = inner?.node.universal === OCTET_STRING ? contentBytes(inner) : undefined
  const byName = inner && !byKey ? readName(inner, [], 'The responder') : undefined
  return claim(data, fieldOf(basic, 'signatureAlgorithm'), fieldOf(basic, 'signature'), (certificate) =>
    byKey
      ? equalBytes(digestBy('SHA-1', certificate.publicKey.keyBytes) ?? new Uint8Array(), byKey)
      : byName !== undefined && sameName(certificate.subject, byName),
  )
}

function claim(
  signed: Part | undefined,
  algorithmPart: Part | undefined,
  held: Part | undefined,
  isSigner: Claim['isSigner'],
): readonly Claim[] {
  const signature = bitsOfPart(held)
  if (!signed || !signature) return []
  const algorithm = readAlgorithm(algorithmPart)
  return [{ algorithm, name: algorithm, signature, signed: wholeBytes(signed), isSigner }]
}

/** RFC 5652 section 5: each signer signs the content, or attributes among which is its digest. */
function containerClaims(data: Part | undefined): readonly (Claim | Settled)[] {
  const infos = fieldOf(data, 'signerInfos')
  const encapsulated = fieldOf(data, 'encapContentInfo')
  if (!infos || !encapsulated) return []
  const content = fieldOf(encapsulated, 'eContent')
  const held = content && stringBytes(content)
  const type = oidOfPart(fieldOf(encapsulated, 'eContentType'))
  return partsOf(infos)
    .slice(0, MOST_SIGNERS)
    .map((info) => signerClaim(info, held, type))
}

function signerClaim(info: Part, content: Bytes | undefined, type: string | undefined): Claim | Settled {
  const algorithm = readAlgorithm(fieldOf(info, 'signatureAlgorithm'))
  const settled = (result: 'invalid' | 'unsupported', reason: string): Settled => ({
    settled: { result, signer: undefined, reason, algorithm },
  })
  const hash = hashOfOid(oidOfPart(fieldOf(info, 'digestAlgorithm', 'algorithm')))
  const signature = fieldOf(info, 'signature')
  const attributes = partsOf(info).find(({ node }) => node.field === 'signedAttrs')
  const name = namedWith(algorithm, hash)
  if (!signature || hash === undefined || !name)
    return settled('unsupported', 'Its algorithm is not known here.')
  const isSigner = signerTest(fieldOf(info, 'sid'))
  const common = { algorithm, name, signature: contentBytes(signature), isSigner }
  if (!attributes) {
    if (!content) return settled('unsupported', 'The bytes that were signed are not in it.')
    return { ...common, signed: content }
  }
  const bytes = wholeBytes(attributes)
  if (bytes[1] === INDEFINITE) return settled('unsupported', 'Its signed attributes are not in DER.')
  const digest = attributeValue(attributes, 'messageDigest')
  const stated = attributeValue(attributes, 'contentType')
  if (!digest) return settled('invalid', 'What was signed names no digest of the content.')
  if (content && !equalBytes(contentBytes(digest), digestBy(hash, content) ?? new Uint8Array()))
    return settled('invalid', 'The content is not the one that was signed.')
  if (stated && oidOfPart(stated) !== type)
    return settled('invalid', 'The content is said to be of another type than the one that was signed.')
  const signed = concat(Uint8Array.of(SET), bytes.subarray(1))
  return { ...common, signed, detached: content === undefined }
}

/** The algorithm as certificates name it: CMS may name that of the key and that of the digest. */
function namedWith(algorithm: AlgorithmView, hash: string | undefined): AlgorithmName | undefined {
  if (algorithm.oid === RSA) return pkcs1AlgorithmOf(hash)
  if (algorithm.oid !== EC) return algorithm
  const oid = hash && oidNamed(`ecdsa-with-${hash.replace(/^SHA-/, 'SHA')}`)
  return oid ? { oid, parameters: undefined } : undefined
}

/** SignerIdentifier: issuer and serial number, or a key identifier. */
function signerTest(sid: Part | undefined): Claim['isSigner'] {
  const issuer = fieldOf(sid, 'issuer')
  const serial = fieldOf(sid, 'serialNumber')
  if (issuer && serial) {
    const name = readName(issuer, [], 'The issuer')
    const number = toHex(contentBytes(serial))
    return (certificate) => certificate.serial === number && sameName(certificate.issuer, name)
  }
  const identifier = sid && contentBytes(sid)
  return ({ standard }) =>
    identifier !== undefined &&
    standard.subjectKeyIdentifier !== undefined &&
    equalBytes(standard.subjectKeyIdentifier, identifier)
}

function attributeValue(attributes: Part, name: string): Part | undefined {
  const oid = oidNamed(name)
  const attribute = partsOf(attributes).find((each) => oidOfPart(partsOf(each)[0]) === oid)
  const values = attribute && partsOf(attribute)[1]
  return values && partsOf(values)[0]
}

/** Content of a string, in BER put together from its pieces; of anything else what stands behind its header (RFC 2315). */
function stringBytes(part: Part): Bytes {
  const { node } = part
  if (node.universal !== OCTET_STRING || !node.constructed) return contentBytes(part)
  return concat(...partsOf(part).map(stringBytes))
}

function isOfKey(
  { subject, standard }: CertificateDescription,
  name: DistinguishedNameView,
  identifier: Bytes | undefined,
): boolean {
  const own = standard.subjectKeyIdentifier
  return sameName(subject, name) && (!identifier || !own || equalBytes(identifier, own))
}
