/** Issues X.509 certificates with any fault a test wants: node-forge writes them, Node's own crypto signs them. */
import { createSign } from 'node:crypto'
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import type { RsaPrivateKey, RsaPublicKey } from '#shared/crypto/primitives/rsa'

/** node-forge's form of an extension. */
export type ExtensionTemplate = { readonly name: string } & Readonly<Record<string, unknown>>

/** What a certificate says. Dates are milliseconds since the Unix epoch. */
export interface CertificateTemplate {
  /** The private key that signs. */
  readonly signer: RsaPrivateKey
  readonly issuer: string
  /** One common name each. */
  readonly subject: readonly string[]
  readonly publicKey: RsaPublicKey
  readonly notBefore: number
  readonly notAfter: number
  readonly extensions: readonly ExtensionTemplate[]
  readonly hash?: 'sha256' | 'sha1'
  /** The hash that the certificate says it was signed with, where that is not the true one. */
  readonly statedHash?: 'sha256' | 'sha1'
  /** A SubjectPublicKeyInfo in the place of `publicKey`, of any algorithm. */
  readonly otherKey?: Bytes
  /** In hex; the same for all unless given. */
  readonly serial?: string
}

/** The extensions that protocol.md section 2 asks of a server's certificate, by name, to leave out or replace. */
export const SERVER_EXTENSIONS = {
  basicConstraints: { name: 'basicConstraints', critical: true, cA: false },
  keyUsage: { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
  extKeyUsage: { name: 'extKeyUsage', serverAuth: true },
  subjectAltName: {
    name: 'subjectAltName',
    altNames: [
      { type: 2, value: 'localhost' },
      { type: 7, ip: '127.0.0.1' },
    ],
  },
} as const satisfies Readonly<Record<string, ExtensionTemplate>>

/** Position of subjectPublicKeyInfo in a version 3 certificate's signed part. */
const KEY_FIELD = 6

/** Issues a certificate as the template says, good or not, as PEM. */
export function issueFaulty(template: CertificateTemplate): string {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(template.publicKey.pem) as forge.pki.rsa.PublicKey
  certificate.serialNumber = template.serial ?? '4000000000000000000000000000beef'
  certificate.validity.notBefore = new Date(template.notBefore)
  certificate.validity.notAfter = new Date(template.notAfter)
  certificate.setSubject(template.subject.map(commonName))
  certificate.setIssuer([commonName(template.issuer)])
  // Copies, because node-forge writes the encoded value into what it is given.
  certificate.setExtensions(template.extensions.map((extension) => ({ ...extension })))
  const hash = template.hash ?? 'sha256'
  const oid = forge.pki.oids[`${template.statedHash ?? hash}WithRSAEncryption`]!
  certificate.signatureOid = oid
  certificate.siginfo.algorithmOid = oid
  certificate.tbsCertificate = forge.pki.getTBSCertificate(certificate)
  if (template.otherKey) {
    const fields = certificate.tbsCertificate.value as forge.asn1.Asn1[]
    fields[KEY_FIELD] = forge.asn1.fromDer(toBinaryString(template.otherKey))
  }
  const signedPart = fromBinaryString(forge.asn1.toDer(certificate.tbsCertificate).getBytes())
  certificate.signature = createSign(hash).update(signedPart).sign(template.signer.pem, 'binary')
  const whole = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes()
  return encodePem('CERTIFICATE', fromBinaryString(whole))
}

function commonName(value: string): forge.pki.CertificateField {
  return { name: 'commonName', value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class }
}
