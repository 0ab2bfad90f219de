/**
 * X.509 certificates (RFC 5280) read into plain data, and only what is DER and of its types: this reader decides about what a
 * peer sends. To show what is broken there is `shared/inspect/x509`.
 */
import { equalBytes, toHex, type Bytes } from '../../bytes'
import { LabError } from '../../errors'
import { recently } from '../../remember'
import { requireDer } from '../asn1/strict'
import { decodeTime } from '../asn1/times'
import { childAt, contentBytes, DerError, readChildren, readElement, type DerElement } from '../encodings/der'
import { decodeOid } from '../encodings/oid-text'
import { oidName, oidNamed } from '../encodings/oids'
import { decodePem, encodePem } from '../encodings/pem'
import { publicKeyFromSpki, type RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'
import { readExtensions, type ReadExtensions } from './extensions'
import { readName, type DistinguishedName } from './names'
import { requireRsaKey } from './rsa-key'

const SHA256_WITH_RSA = oidNamed('sha256WithRSAEncryption')
const [VERSION, EXTENSIONS, UNIQUE_IDS] = [0xa0, 0xa3, [0x81, 0x82]] as const

/** A certificate as data. Times are milliseconds since the Unix epoch, the serial number is hex. */
export interface Certificate extends ReadExtensions {
  readonly pem: string
  readonly der: Bytes
  /** The bytes that the issuer signed (tbsCertificate). */
  readonly signedPart: Bytes
  readonly signature: Bytes
  readonly signatureOid: string
  readonly signatureName: string
  readonly version: number
  readonly serial: string
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: RsaPublicKey
}

/**
 * Reads a PEM certificate with an RSA key.
 * @throws LabError `bad_certificate_text` when it can't be read; what is wrong with it is in the message
 */
export const parseCertificate = recently((pem: string): Certificate => {
  try {
    return readCertificate(decodePem('CERTIFICATE', pem))
  } catch (cause) {
    if (!(cause instanceof LabError)) throw cause
    throw new LabError(
      'bad_certificate_text',
      `The text is not an X.509 certificate with an RSA key. ${cause.message}`,
      { cause },
    )
  }
})

/** True when `signer` made the certificate's signature; only sha256WithRSAEncryption counts. */
export async function isSignedBy(
  certificate: Certificate,
  signer: RsaPublicKey,
  { verifyPkcs1 }: Pick<CryptoProvider, 'verifyPkcs1'>,
): Promise<boolean> {
  if (certificate.signatureOid !== SHA256_WITH_RSA) return false
  return verifyPkcs1(signer, certificate.signature, certificate.signedPart)
}

/** RFC 5280 section 4.1. */
function readCertificate(der: Bytes): Certificate {
  requireDer(der, 'Certificate')
  const whole = readElement(der)
  const signedPart = childAt(der, whole, 0)
  const algorithm = childAt(der, whole, 1)
  const fields = readChildren(der, signedPart)
  const version = readVersion(der, fields)
  // serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo; the version before them may be left out.
  const first = fields[0]?.tag === VERSION ? 1 : 0
  const field = (index: number): DerElement => childAt(der, signedPart, first + index)
  const bytesOf = ({ start, end }: DerElement): Bytes => der.slice(start, end)
  if (!equalBytes(bytesOf(field(1)), bytesOf(algorithm))) {
    throw malformed('The signature algorithm inside is not the one outside.', field(1))
  }
  const signatureOid = decodeOid(contentBytes(der, childAt(der, algorithm, 0))) ?? ''
  const holder = fields.find(({ tag }) => tag === EXTENSIONS)
  const spki = bytesOf(field(5))
  requireRsaKey(spki)
  return {
    pem: encodePem('CERTIFICATE', der),
    der,
    signedPart: bytesOf(signedPart),
    signature: contentBytes(der, childAt(der, whole, 2)).slice(1),
    signatureOid,
    signatureName: oidName(signatureOid) ?? signatureOid,
    version,
    serial: toHex(contentBytes(der, field(0))),
    subject: readName(der, field(4)),
    issuer: readName(der, field(2)),
    notBefore: timeOf(der, childAt(der, field(3), 0)),
    notAfter: timeOf(der, childAt(der, field(3), 1)),
    publicKey: publicKeyFromSpki(spki),
    ...readExtensions(der, holder && readChildren(der, holder)[0]),
  }
}

/** The version as people count it (RFC 5280 section 4.1.2.1). */
function readVersion(der: Bytes, fields: readonly DerElement[]): number {
  const [first] = fields
  const held = first?.tag === VERSION ? readChildren(der, first)[0] : undefined
  const content = held && contentBytes(der, held)
  const version = content ? (content.length === 1 ? (content[0] ?? 0) + 1 : 0) : 1
  if (version < 1 || version > 3) throw malformed('Its version does not exist.', held)
  const newer =
    fields.find(({ tag }) => tag === EXTENSIONS && version < 3) ?? fields.find(isUniqueId(version))
  if (newer) throw malformed(`It has fields that version ${version} has not.`, newer)
  return version
}

function isUniqueId(version: number): (field: DerElement) => boolean {
  return ({ tag }) => version < 2 && (UNIQUE_IDS as readonly number[]).includes(tag)
}

function timeOf(der: Bytes, element: DerElement): number {
  const { time } = decodeTime(element.tag, contentBytes(der, element))
  if (time === undefined) throw malformed('A date is none.', element)
  return time
}

function malformed(message: string, element: DerElement | undefined): DerError {
  return new DerError('bad_der', message, element?.start ?? 0)
}
