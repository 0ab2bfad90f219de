/**
 * Issues X.509 certificates: as protocol.md section 2 profiles them, and what a template says, for keys of any kind. node-forge
 * writes the structure, the provider signs it: no RSA operation runs as JavaScript arithmetic.
 */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, toUtf8, type Bytes } from '../../bytes'
import {
  bits,
  context,
  implicit,
  integer,
  nothing,
  octets,
  oid,
  sequence,
  set,
  text,
  time,
} from '../encodings/asn1'
import { childAt, contentBytes, readElement } from '../encodings/der'
import { oidNamed } from '../encodings/oids'
import { encodePem } from '../encodings/pem'
import { hashBytes } from '../primitives/hashes'
import type { RsaKeyPair, RsaPrivateKey, RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'
import { parseCertificate, type Certificate } from './certificate'
import { addressBytes } from './host-name'

/** Dates in milliseconds since the Unix epoch; certificates hold whole seconds. */
export interface Validity {
  readonly notBefore: number
  readonly notAfter: number
}

/** Signs with RSASSA-PKCS1-v1_5 and SHA-256. */
export type Signer = Pick<CryptoProvider, 'signPkcs1'>

/** The authority that signs: its certificate and the private key to it. */
export interface Issuer {
  readonly certificate: Certificate
  readonly privateKey: RsaPrivateKey
}

/** What this program signs with, as an AlgorithmIdentifier (RFC 4055 section 5). */
export const SIGNATURE_ALGORITHM = sequence(oid(oidNamed('sha256WithRSAEncryption')), nothing())

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

/** What an authority adds to the certificates of servers where it is set to (protocol.md section 2). */
export interface Additions {
  /** Names after those of this machine: DNS names and addresses. */
  readonly names?: readonly string[]
  /** Where its revocation list is: a URL. */
  readonly listAt?: string | undefined
}

/** Issues a server's certificate: not a CA, for TLS-like key transport and signatures, valid for this machine. */
export function issueServerCertificate(
  issuer: Issuer,
  request: {
    readonly identity: string
    readonly publicKey: RsaPublicKey
    readonly serial: Bytes
    readonly validity: Validity
    readonly additions?: Additions
  },
  crypto: Signer,
): Promise<Certificate> {
  const issuerName = issuer.certificate.subject.commonName ?? ''
  const template: Template = {
    ...request,
    subject: request.identity,
    issuer: issuerName,
    extensions: serverExtensions(issuer, request.additions),
  }
  return issue(request.publicKey, issuer.privateKey, template, crypto)
}

/** What a server's certificate says besides its names, dates and key (protocol.md section 2). */
export function serverExtensions(
  issuer: Pick<Issuer, 'certificate'>,
  { names = [], listAt }: Additions = {},
): readonly ExtensionTemplate[] {
  return [
    { name: 'basicConstraints', critical: true, cA: false },
    { name: 'keyUsage', critical: true, digitalSignature: true, keyEncipherment: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectKeyIdentifier' },
    authorityKeyIdentifier(issuer),
    namesExtension([...OWN_NAMES, ...names]),
    ...(listAt === undefined ? [] : [listAddress(listAt)]),
  ]
}

/** The names of this machine, which every server's certificate has. */
const OWN_NAMES = ['localhost', '127.0.0.1'] as const

/** By which key of the issuer it is signed (RFC 5280 section 4.2.1.1). */
export function authorityKeyIdentifier({ certificate }: Pick<Issuer, 'certificate'>): ExtensionTemplate {
  return { name: 'authorityKeyIdentifier', keyIdentifier: toBinaryString(keyIdentifierOf(certificate)) }
}

/** The identifier of an authority's key: as its certificate says, or made of the key. */
export function keyIdentifierOf({ subjectKeyIdentifier, publicKey }: Certificate): Bytes {
  return subjectKeyIdentifier ?? keyIdentifier(publicKey.spki)
}

/** DNS names, addresses and, with an `@`, mailboxes, each once, as subjectAltName (RFC 5280 section 4.2.1.6). */
export function namesExtension(names: readonly string[], critical = false): ExtensionTemplate {
  const written = [...new Set(names)].map((value) => {
    const address = addressBytes(value)
    return address ? implicit(7, address) : implicit(value.includes('@') ? 1 : 2, toUtf8(value))
  })
  return { name: 'subjectAltName', critical, value: toBinaryString(sequence(...written)) }
}

/** Where the issuer's revocation list is, as cRLDistributionPoints (RFC 5280 section 4.2.1.13). */
export function listAddress(url: string): ExtensionTemplate {
  const point = sequence(context(0, context(0, implicit(6, toUtf8(url)))))
  return { id: oidNamed('cRLDistributionPoints'), value: toBinaryString(sequence(point)) }
}

/** An extension in node-forge's form: by its name, or by its OID with the DER of its value. */
export type ExtensionTemplate = ({ readonly name: string } | { readonly id: string }) &
  Readonly<Record<string, unknown>>

/** What a certificate says, whether it should or not; names are common names, or the DER of a Name. */
export interface Template {
  readonly subject: string | Bytes
  readonly issuer: string | Bytes
  readonly serial: Bytes
  readonly validity: Validity
  readonly extensions: readonly ExtensionTemplate[]
}

/** Issues a certificate for an RSA key that says what the template says, good or not. */
export async function issue(
  publicKey: RsaPublicKey,
  signer: RsaPrivateKey,
  template: Template,
  crypto: Signer,
): Promise<Certificate> {
  return parseCertificate(encodePem('CERTIFICATE', await issueFor(publicKey.spki, signer, template, crypto)))
}

/**
 * Issues a certificate for a key of any kind (RFC 5280 section 4.1), DER.
 * @param spki SubjectPublicKeyInfo of the key, DER
 */
export async function issueFor(
  spki: Bytes,
  signer: RsaPrivateKey,
  template: Template,
  { signPkcs1 }: Signer,
): Promise<Bytes> {
  const { serial, validity, subject, issuer, extensions } = template
  const signed = sequence(
    context(0, integer(2)),
    integer(serial),
    SIGNATURE_ALGORITHM,
    nameOf(issuer),
    sequence(time(validity.notBefore), time(validity.notAfter)),
    nameOf(subject),
    spki,
    extensionsOf(spki, extensions),
  )
  const signature = await signPkcs1(signer, signed)
  return sequence(signed, SIGNATURE_ALGORITHM, bits(signature))
}

/** SHA-1 of the key's bits (RFC 5280 section 4.2.1.2, method 1). */
export function keyIdentifier(spki: Bytes): Bytes {
  const keyBits = childAt(spki, readElement(spki), 1)
  return hashBytes('SHA-1', contentBytes(spki, keyBits).slice(1))
}

function extensionsOf(spki: Bytes, templates: readonly ExtensionTemplate[]): Bytes {
  const certificate = forge.pki.createCertificate()
  // Copies, because node-forge writes the encoded value into what it is given.
  certificate.setExtensions(templates.map((extension) => ({ ...extension, ...valueFor(spki, extension) })))
  const written = forge.pki.certificateExtensionsToAsn1(certificate.extensions)
  return fromBinaryString(forge.asn1.toDer(written).getBytes())
}

/** The identifier of the subject's key is made here: node-forge makes it of RSA keys alone. */
function valueFor(spki: Bytes, extension: ExtensionTemplate): Readonly<Record<string, unknown>> {
  if (extension['name'] !== 'subjectKeyIdentifier') return {}
  return { value: toBinaryString(octets(keyIdentifier(spki))) }
}

/** A Name as it stands, or of a common name: UTF8String, because identities may hold an underscore, which PrintableString can't. */
function nameOf(name: string | Bytes): Bytes {
  if (typeof name !== 'string') return name
  return sequence(set(sequence(oid(oidNamed('commonName')), text('UTF8String', name))))
}
