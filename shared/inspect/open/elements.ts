/** DER and BER turned into artifacts, by what they are. */
import type { Bytes } from '../../bytes'
import { readHeader } from '../../crypto/encodings/der'
import { decryptPkcs8 } from '../../crypto/containers/pkcs8'
import { isForeseen, orUndefined } from '../../errors'
import type { Artifact } from '../artifact'
import { readTree } from '../../crypto/asn1/reader'
import { hasForm, recogniseType } from '../../crypto/asn1/recognise'
import { readCertificate } from '../x509/certificate'
import { readCertificationRequest } from '../x509/request'
import { certificate, other, privateKey, publicKey, request } from './artifacts'
import { openHolder, openPkcs12 } from './containers'
import { pkcs8FromDsa, pkcs8FromPkcs1, pkcs8FromSec1, spkiFromPkcs1 } from './key-forms'
import type { NewArtifact, Opening, Origin } from './state'

/** Found bytes: where, and what they are said to be. */
export interface Found extends Origin {
  /** Type by the RFC's name, from a PEM label; what the bytes are by their form counts more. */
  readonly stated?: string | undefined
  /** The PEM text of a public key. */
  readonly pem?: string | undefined
  /** A locked key in words, for who is asked for its passphrase: “The private key in line 12”. */
  readonly locked?: string
  /** True where only the first element matters, as in OpenSSL's TRUSTED CERTIFICATE. */
  readonly firstOnly?: boolean
}

/** Elements behind one another that are opened. */
const MAX_ELEMENTS = 1_000
/** What is written in the place of a type that isn't known. */
const UNKNOWN = 'ASN.1'

/**
 * Opens one or several elements behind one another. What comes after the first and isn't known is left out, with a note.
 * @throws LabError when the first can't be read
 */
export async function openElements(
  bytes: Bytes,
  found: Found,
  opening: Opening,
): Promise<readonly Artifact[]> {
  const first = cutElement(bytes, 0)
  const artifacts = [...(await openElement(first, found, opening))]
  let at = first.length
  for (let count = 1; at < bytes.length && count < MAX_ELEMENTS && !found.firstOnly; count++) {
    await opening.breathe()
    const next = await openFurther(bytes, at, found, opening)
    if (!next) break
    artifacts.push(...next.artifacts)
    at += next.length
  }
  const left = bytes.length - at
  if (left > 0) opening.note(`${found.subject} ends at byte ${at}; ${left} more bytes were left out.`)
  return artifacts
}

/** Opens what comes after an element; undefined when it is nothing that is known. */
async function openFurther(
  bytes: Bytes,
  at: number,
  { source, subject }: Found,
  opening: Opening,
): Promise<{ readonly artifacts: readonly Artifact[]; readonly length: number } | undefined> {
  const der = orUndefined(() => cutElement(bytes, at))
  if (!der || orUndefined(() => recogniseType(readTree(der))) === undefined) return undefined
  const place = { source: `${source}, byte ${at}`, subject: `${subject}, byte ${at}` }
  try {
    return { artifacts: await openElement(der, place, opening), length: der.length }
  } catch (error) {
    opening.passOver(error, `${place.subject}, was passed over`)
    return { artifacts: [], length: der.length }
  }
}

/** The whole element at a place, copied. */
function cutElement(bytes: Bytes, at: number): Bytes {
  const { end } = readHeader(bytes, at, bytes.length)
  if (end !== undefined) return bytes.slice(at, end)
  const [element] = readTree(bytes, { start: at, firstOnly: true }).nodes
  return bytes.slice(at, at + (element ? element.headerLength + element.contentLength : 0))
}

async function openElement(der: Bytes, found: Found, opening: Opening): Promise<readonly Artifact[]> {
  const form = formOf(der, found.stated)
  if (form !== undefined && found.stated !== undefined && form !== found.stated) {
    opening.note(`${found.subject} is called ${found.stated}, but what is in it is ${form}.`)
  }
  const type = form ?? found.stated ?? likelyType(der)
  switch (type) {
    case 'EncryptedPrivateKeyInfo': {
      const { locked: what = 'The private key' } = found
      const pkcs8 = await opening.unlock(what, (passphrase, work) =>
        decryptPkcs8(der, passphrase, what, work),
      )
      if (!pkcs8) break
      return [opening.make(privateKey(pkcs8), found)]
    }
    case 'PFX': {
      const contents = await openPkcs12(der, found, opening)
      return [...contents, opening.make(other(der, type), found)]
    }
    case 'ContentInfo':
    case 'OCSPResponse':
    case 'BasicOCSPResponse':
    case 'TimeStampResp':
      return [...openHolder(der, type, found, opening), opening.make(other(der, type), found)]
  }
  return [opening.make(artifactOf(der, type, found), found)]
}

/** What it is by its form. Where that allows more than one type, what it is said to be decides. */
function formOf(der: Bytes, stated: string | undefined): string | undefined {
  const tree = readTree(der)
  const [whole] = tree.nodes
  const isThat = stated !== undefined && whole !== undefined && hasForm(tree, whole, stated)
  return isThat ? stated : recogniseType(tree)
}

/** An artifact of a type that is not locked and holds no others. */
function artifactOf(der: Bytes, type: string | undefined, { pem }: Found): NewArtifact {
  switch (type) {
    case 'Certificate':
      return certificate(der)
    case 'CertificationRequest':
      return request(der)
    case 'SubjectPublicKeyInfo':
      return publicKey(der, { pem })
    case 'RSAPublicKey':
      return publicKey(spkiFromPkcs1(der))
    case 'OneAsymmetricKey':
      return privateKey(der)
    case 'RSAPrivateKey':
      return privateKey(pkcs8FromPkcs1(der))
    case 'ECPrivateKey':
      return privateKey(pkcs8FromSec1(der))
    case 'DSAPrivateKey':
      return privateKey(pkcs8FromDsa(der))
    default:
      return other(der, type ?? UNKNOWN)
  }
}

/** What a structure with something wrong in it was meant to be. */
function likelyType(der: Bytes): string | undefined {
  const readers = { Certificate: readCertificate, CertificationRequest: readCertificationRequest } as const
  for (const [type, read] of Object.entries(readers)) {
    try {
      read(der)
      return type
    } catch (error) {
      if (!isForeseen(error)) throw error
    }
  }
  return undefined
}
