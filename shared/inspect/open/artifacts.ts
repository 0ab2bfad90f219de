/** Bytes of a known kind as artifacts: checked by reading them, and titled. */
import type { Bytes } from '../../bytes'
import { shorten } from '../../visible'
import { readCertificate } from '../x509/certificate'
import { describePrivateKeyInfo, readPublicKey } from '../x509/keys'
import { readName } from '../x509/names'
import { fieldOf, readWhole } from '../x509/parts'
import { readCertificationRequest } from '../x509/request'
import type { DistinguishedNameView } from '../x509/types'
import type { KeyDetail } from '../artifact'
import type { NewArtifact } from './state'

/** Characters of a title. */
const MAX_TITLE = 80

/** Titles of what is shown by its structure alone, by type. */
const OTHER_TITLES: Readonly<Record<string, string>> = {
  PFX: 'PKCS#12 container',
  ContentInfo: 'PKCS#7 container',
  EncryptedPrivateKeyInfo: 'Locked private key',
  OCSPRequest: 'OCSP request',
  OCSPResponse: 'OCSP response',
  BasicOCSPResponse: 'OCSP response',
  TimeStampReq: 'Request for a time stamp',
  TimeStampResp: 'Time stamp',
  AttributeCertificate: 'Attribute certificate',
  TBSCertificate: 'Unsigned certificate',
  ECParameters: 'Parameters of EC keys',
  DHParameter: 'Parameters of Diffie-Hellman keys',
  DomainParameters: 'Parameters of Diffie-Hellman keys',
  'Dss-Parms': 'Parameters of DSA keys',
}

/** @throws LabError `bad_certificate` */
export function certificate(der: Bytes, title?: string): NewArtifact {
  const { subject } = readCertificate(der)
  return { kind: 'certificate', der, title: title ?? nameTitle(subject, 'Certificate without a subject') }
}

/** @throws LabError `bad_request_bytes` */
export function request(der: Bytes): NewArtifact {
  const { subject } = readCertificationRequest(der)
  return { kind: 'request', der, title: nameTitle(subject, 'Request without a subject') }
}

/** @throws LabError `bad_public_key` */
export function publicKey(
  spki: Bytes,
  {
    pem,
    title,
    details,
  }: {
    pem?: string | undefined
    title?: string | undefined
    details?: readonly KeyDetail[]
  } = {},
): NewArtifact {
  const text = title ?? `Public key, ${readPublicKey(spki).text}`
  return {
    kind: 'public-key',
    spki,
    title: text,
    ...(pem === undefined ? {} : { pem }),
    ...(details === undefined ? {} : { details }),
  }
}

/** @throws LabError `bad_private_key` */
export function privateKey(pkcs8: Bytes, title?: string): NewArtifact {
  const { text } = describePrivateKeyInfo(pkcs8)
  return { kind: 'private-key', pkcs8, title: title ?? `Private key, ${text}` }
}

/** What is shown by its structure alone. `type` is the RFC's name, or another text where none is known. */
export function other(der: Bytes, type: string): NewArtifact {
  return { kind: 'other', der, what: type, title: OTHER_TITLES[type] ?? (listTitle(der, type) || type) }
}

/** What a file calls something, as a title; undefined for a name that nobody would see: none, empty, or of spaces alone. */
export function titleFrom(name: string | undefined): string | undefined {
  const text = name?.trim()
  return text ? shorten(text, MAX_TITLE) : undefined
}

/** The common name of a name, or all of it. */
function nameTitle(name: DistinguishedNameView, empty: string): string {
  const text = name.commonName === undefined ? name.text : `CN=${name.commonName}`
  return titleFrom(text) ?? empty
}

function listTitle(der: Bytes, type: string): string {
  if (type !== 'CertificateList') return ''
  const issuer = fieldOf(readWhole(der, type, 'bad_crl'), 'tbsCertList', 'issuer')
  return `Revocation list, ${nameTitle(readName(issuer, [], 'The issuer'), 'no issuer')}`
}
