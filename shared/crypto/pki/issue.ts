/**
 * Issues X.509 certificates as protocol.md section 2 profiles them. node-forge writes the structure, the provider signs it:
 * no RSA operation runs as JavaScript arithmetic.
 */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, toHex, type Bytes } from '../../bytes'
import { encodePem } from '../encodings/pem'
import { parseCertificate, type Certificate } from './certificate'
import type { RsaKeyPair, RsaPrivateKey, RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'

/** Dates in milliseconds since the Unix epoch; certificates hold whole seconds. */
export interface Validity {
  readonly notBefore: number
  readonly notAfter: number
}

type Signer = Pick<CryptoProvider, 'signPkcs1'>

/** The authority that signs: its certificate and the private key to it. */
export interface Issuer {
  readonly certificate: Certificate
  readonly privateKey: RsaPrivateKey
}

const SERIAL_BYTES = 16
/** How far certificates are dated back, so that a clock a little behind still accepts them. */
const BACKDATE_MS = 60_000
const DAY_MS = 86_400_000

/** Validity of `days` days from now, dated back a minute. */
export function validFor(days: number, now: number): Validity {
  return { notBefore: now - BACKDATE_MS, notAfter: now + days * DAY_MS }
}

/** A random positive serial number of exactly 16 bytes, from 16 random ones. */
export function serialFrom(random: Bytes): Bytes {
  const serial = random.slice(0, SERIAL_BYTES)
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40
  return serial
}

/** Issues the authority's own certificate, self-signed: CA, path length 0, signs certificates and revocation lists. */
export function issueAuthorityCertificate(
  keyPair: RsaKeyPair,
  request: { readonly identity: string; readonly serial: Bytes; readonly validity: Validity },
  crypto: Signer,
): Promise<Certificate> {
  const template: Template = {
    ...request,
    subject: request.identity,
    issuer: request.identity,
    extensions: [
      { name: 'basicConstraints', critical: true, cA: true, pathLenConstraint: 0 },
      { name: 'keyUsage', critical: true, keyCertSign: true, cRLSign: true },
      { name: 'subjectKeyIdentifier' },
    ],
  }
  return issue(keyPair.publicKey, keyPair.privateKey, template, crypto)
}

/** Issues a server's certificate: not a CA, for TLS-like key transport and signatures, valid for this machine. */
export function issueServerCertificate(
  issuer: Issuer,
  request: {
    readonly identity: string
    readonly publicKey: RsaPublicKey
    readonly serial: Bytes
    readonly validity: Validity
  },
  crypto: Signer,
): Promise<Certificate> {
  const issuerName = issuer.certificate.subject.commonName ?? ''
  const template: Template = {
    ...request,
    subject: request.identity,
    issuer: issuerName,
    extensions: serverExtensions(issuer),
  }
  return issue(request.publicKey, issuer.privateKey, template, crypto)
}

/** An extension in node-forge's form. */
export type ExtensionTemplate = { readonly name: string } & Readonly<Record<string, unknown>>

/** What a server's certificate says besides its names, dates and key (protocol.md section 2). */
export function serverExtensions({ certificate }: Pick<Issuer, 'certificate'>): readonly ExtensionTemplate[] {
  const issuerKey = certificate.subjectKeyIdentifier ?? subjectKeyIdentifier(certificate.publicKey)
  return [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    { name: 'authorityKeyIdentifier', keyIdentifier: toBinaryString(issuerKey) },
    {
      name: 'subjectAltName',
      altNames: [
        { type: 2, value: 'localhost' },
        { type: 7, ip: '127.0.0.1' },
      ],
    },
  ]
}

/** What a certificate says, whether it should or not; names are common names. */
export interface Template {
  readonly subject: string
  readonly issuer: string
  readonly serial: Bytes
  readonly validity: Validity
  readonly extensions: readonly ExtensionTemplate[]
}

/** Issues a certificate that says what the template says, good or not. */
export async function issue(
  publicKey: RsaPublicKey,
  signer: RsaPrivateKey,
  template: Template,
  { signPkcs1 }: Signer,
): Promise<Certificate> {
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = readPublicKey(publicKey)
  certificate.serialNumber = toHex(template.serial)
  certificate.validity.notBefore = new Date(template.validity.notBefore)
  certificate.validity.notAfter = new Date(template.validity.notAfter)
  certificate.setSubject(commonName(template.subject))
  certificate.setIssuer(commonName(template.issuer))
  // Copies, because node-forge writes the encoded value into what it is given.
  certificate.setExtensions(template.extensions.map((extension) => ({ ...extension })))
  const oid = forge.pki.oids['sha256WithRSAEncryption'] ?? ''
  certificate.signatureOid = oid
  certificate.siginfo.algorithmOid = oid
  certificate.tbsCertificate = forge.pki.getTBSCertificate(certificate)
  const signedPart = fromBinaryString(forge.asn1.toDer(certificate.tbsCertificate).getBytes())
  certificate.signature = toBinaryString(await signPkcs1(signer, signedPart))
  const der = forge.asn1.toDer(forge.pki.certificateToAsn1(certificate)).getBytes()
  return parseCertificate(encodePem('CERTIFICATE', fromBinaryString(der)))
}

/** UTF8String, because identities may hold an underscore, which PrintableString can't. */
function commonName(value: string): forge.pki.CertificateField[] {
  return [{ name: 'commonName', value, valueTagClass: forge.asn1.Type.UTF8 as unknown as forge.asn1.Class }]
}

function readPublicKey(key: RsaPublicKey): forge.pki.rsa.PublicKey {
  return forge.pki.publicKeyFromAsn1(forge.asn1.fromDer(toBinaryString(key.spki))) as forge.pki.rsa.PublicKey
}

/** SHA-1 of the key's bits (RFC 5280 section 4.2.1.2, method 1). */
function subjectKeyIdentifier(key: RsaPublicKey): Bytes {
  const digest = forge.pki.getPublicKeyFingerprint(readPublicKey(key), { type: 'RSAPublicKey' })
  return fromBinaryString(digest.getBytes())
}
