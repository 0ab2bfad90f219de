/** Keys and certificates described as data, for views and reports. Nothing private is in here. */
import { toBase64, toHex, type Bytes } from '../bytes'
import { certSText } from '../crypto/pki/cert-s'
import type { Certificate } from '../crypto/pki/certificate'
import type { AlternativeName, CertificateExtension } from '../crypto/pki/extensions'
import { sha256 } from '../crypto/primitives/hash'
import { describePublicKey, type RsaPublicKey, type RsaPublicParts } from '../crypto/primitives/rsa'

/** A public RSA key: its parts, its PEM, and the SHA-256 of its SubjectPublicKeyInfo in hex and base64. */
export interface PublicKeyView extends RsaPublicParts {
  readonly pem: string
  readonly fingerprint: string
  readonly pin: string
}

/** A certificate: times are milliseconds since the Unix epoch, serial and fingerprint hex with colons. */
export interface CertificateView {
  readonly pem: string
  readonly version: number
  readonly serial: string
  readonly subject: string
  readonly issuer: string
  readonly selfSigned: boolean
  readonly notBefore: number
  readonly notAfter: number
  readonly signatureName: string
  readonly signature: string
  readonly key: PublicKeyView
  readonly extensions: readonly CertificateExtension[]
  readonly names: readonly AlternativeName[]
  /** SHA-256 of the DER bytes. */
  readonly fingerprint: string
}

/** `Cert_S`: the three signed parts, the text that they make, and the signature in hex. */
export interface CertSView {
  readonly idS: string
  readonly idCa: string
  readonly pkS: string
  readonly signedText: string
  readonly signature: string
  readonly algorithm: string
}

/** Describes a public key. */
export async function describeKey(key: RsaPublicKey): Promise<PublicKeyView> {
  const digest = sha256(key.spki)
  const parts = await describePublicKey(key)
  return { ...parts, pem: key.pem, fingerprint: toHex(digest, ':'), pin: toBase64(digest) }
}

/** Describes a certificate. */
export async function describeCertificate(certificate: Certificate): Promise<CertificateView> {
  return {
    pem: certificate.pem,
    version: certificate.version,
    serial: (certificate.serial.match(/../g) ?? []).join(':'),
    subject: certificate.subject.text,
    issuer: certificate.issuer.text,
    selfSigned: certificate.subject.text === certificate.issuer.text,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    signatureName: certificate.signatureName,
    signature: toHex(certificate.signature),
    key: await describeKey(certificate.publicKey),
    extensions: certificate.extensions,
    names: certificate.subjectAltName ?? [],
    fingerprint: toHex(sha256(certificate.der), ':'),
  }
}

/** Describes `Cert_S`. */
export function describeCertS(
  parts: { idS: string; idCa: string; pkS: string },
  signature: Bytes,
): CertSView {
  return {
    ...parts,
    signedText: certSText(parts),
    signature: toHex(signature),
    algorithm: 'RSASSA-PKCS1-v1_5 with SHA-256',
  }
}
