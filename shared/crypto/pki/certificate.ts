/** X.509 certificates (RFC 5280) read into plain data, by node-forge; the signed bytes are kept as they stood. */
import forge from 'node-forge'
import { fromBinaryString, toBinaryString, toHex, type Bytes } from '../../bytes'
import { LabError, passOwnFault } from '../../errors'
import { recently } from '../../remember'
import { byForge } from '../encodings/asn1'
import { readChildren, readElement } from '../encodings/der'
import { decodePem, encodePem } from '../encodings/pem'
import { publicKeyFromSpki, type RsaPublicKey } from '../primitives/rsa'
import type { CryptoProvider } from '../provider'
import { oidNamed } from '../encodings/oids'

const SHA256_WITH_RSA = oidNamed('sha256WithRSAEncryption')

/** One name form of a subjectAltName; `kind` is `other` where this program has no text form for it. */
export interface AlternativeName {
  readonly kind: 'DNS' | 'IP' | 'email' | 'URI' | 'other'
  readonly value: string
}

/** A distinguished name: its text, and its common name where it has just one. */
export interface DistinguishedName {
  readonly text: string
  readonly commonName: string | undefined
}

/** An extension with its value decoded into one line of text. */
export interface CertificateExtension {
  readonly oid: string
  readonly name: string
  readonly critical: boolean
  readonly text: string
}

/** A certificate as data. Times are milliseconds since the Unix epoch, the serial number is hex. */
export interface Certificate {
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
  readonly extensions: readonly CertificateExtension[]
  readonly basicConstraints:
    { readonly authority: boolean; readonly pathLength: number | undefined } | undefined
  readonly keyUsage: readonly string[] | undefined
  readonly extendedKeyUsage: readonly string[] | undefined
  readonly subjectAltName: readonly AlternativeName[] | undefined
  readonly subjectKeyIdentifier: Bytes | undefined
}

/**
 * Reads a PEM certificate with an RSA key.
 * @throws LabError `bad_certificate_text` when it can't be read
 */
export const parseCertificate = recently((pem: string): Certificate => {
  try {
    return readCertificate(decodePem('CERTIFICATE', pem))
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError('bad_certificate_text', 'The text is not an X.509 certificate with an RSA key.', {
      cause,
    })
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

function readCertificate(der: Bytes): Certificate {
  const parsed = byForge('There is no certificate.', () =>
    forge.pki.certificateFromAsn1(forge.asn1.fromDer(toBinaryString(der))),
  )
  const outer = readElement(der)
  const [signedPart] = readChildren(der, outer)
  // version, serialNumber, signature, issuer, validity, subject, subjectPublicKeyInfo; the version is explicit [0].
  const parts = signedPart ? readChildren(der, signedPart) : []
  const spki = parts[parts[0]?.tag === 0xa0 ? 6 : 5]
  if (!signedPart || !spki || outer.end !== der.length) throw new SyntaxError('Not a whole certificate.')

  const extensions = new Map(parsed.extensions.map((extension: ForgeExtension) => [extension.id, extension]))
  // RFC 5280 section 4.2: else it would depend on the reader which of two holds.
  if (extensions.size < parsed.extensions.length) throw new SyntaxError('An extension is there twice.')
  const basic = extensions.get(oidNamed('basicConstraints'))
  const identifier = extensions.get(oidNamed('subjectKeyIdentifier'))
  return {
    pem: encodePem('CERTIFICATE', der),
    der,
    signedPart: der.slice(signedPart.start, signedPart.end),
    signature: fromBinaryString(parsed.signature as string),
    signatureOid: parsed.signatureOid,
    signatureName: oidName(parsed.signatureOid),
    version: parsed.version + 1,
    serial: parsed.serialNumber.toLowerCase(),
    subject: readName(parsed.subject.attributes),
    issuer: readName(parsed.issuer.attributes),
    notBefore: parsed.validity.notBefore.getTime(),
    notAfter: parsed.validity.notAfter.getTime(),
    publicKey: publicKeyFromSpki(der.slice(spki.start, spki.end)),
    extensions: [...extensions.values()].map(describeExtension),
    basicConstraints: basic && { authority: basic.cA === true, pathLength: basic.pathLenConstraint },
    keyUsage: flags(extensions.get(oidNamed('keyUsage'))),
    extendedKeyUsage: flags(extensions.get(oidNamed('extKeyUsage'))),
    subjectAltName: extensions.get(oidNamed('subjectAltName'))?.altNames?.map(readAlternativeName),
    subjectKeyIdentifier: identifier && keyIdentifier(identifier.value),
  }
}

/** The parts of node-forge's extension objects that are used here. */
interface ForgeExtension {
  readonly id: string
  readonly name?: string
  readonly critical: boolean
  readonly value: string
  readonly cA?: boolean
  readonly pathLenConstraint?: number
  readonly altNames?: readonly { readonly type: number; readonly value: unknown; readonly ip?: string }[]
  readonly [flag: string]: unknown
}

function readName(attributes: readonly forge.pki.CertificateField[]): DistinguishedName {
  const common = attributes.filter((attribute) => attribute.type === oidNamed('commonName'))
  const text = attributes.map(
    (part) => `${part.shortName ?? part.name ?? part.type ?? '?'}=${String(part.value)}`,
  )
  return { text: text.join(', '), commonName: common.length === 1 ? String(common[0]?.value) : undefined }
}

/** Names of the flags that node-forge sets to true on a usage extension. */
function flags(extension: ForgeExtension | undefined): readonly string[] | undefined {
  if (!extension) return undefined
  return Object.entries(extension)
    .filter(([name, value]) => value === true && name !== 'critical')
    .map(([name]) => name)
}

function readAlternativeName(name: { type: number; value: unknown; ip?: string }): AlternativeName {
  const kinds: Readonly<Record<number, AlternativeName['kind']>> = { 1: 'email', 2: 'DNS', 6: 'URI', 7: 'IP' }
  const kind = kinds[name.type]
  if (!kind) return { kind: 'other', value: `type ${name.type}` }
  return { kind, value: kind === 'IP' ? (name.ip ?? '') : String(name.value) }
}

function keyIdentifier(value: string): Bytes {
  const der = fromBinaryString(value)
  const element = readElement(der)
  return der.slice(element.contentStart, element.end)
}

function describeExtension(extension: ForgeExtension): CertificateExtension {
  return {
    oid: extension.id,
    name: extension.name ?? extension.id,
    critical: extension.critical,
    text: extensionText(extension),
  }
}

function extensionText(extension: ForgeExtension): string {
  switch (extension.id) {
    case oidNamed('basicConstraints'): {
      const length = extension.pathLenConstraint
      return `CA: ${extension.cA === true ? 'yes' : 'no'}${length === undefined ? '' : `, path length ${length}`}`
    }
    case oidNamed('keyUsage'):
    case oidNamed('extKeyUsage'):
      return (flags(extension) ?? []).join(', ')
    case oidNamed('subjectAltName'):
    case oidNamed('issuerAltName'):
      return (extension.altNames ?? [])
        .map(readAlternativeName)
        .map((name) => `${name.kind}: ${name.value}`)
        .join(', ')
    case oidNamed('subjectKeyIdentifier'):
      return toHex(keyIdentifier(extension.value), ':')
    case oidNamed('authorityKeyIdentifier'):
      return authorityKeyIdentifierText(extension.value)
    default:
      return toHex(fromBinaryString(extension.value), ' ')
  }
}

/** Decodes the keyIdentifier [0] of an authorityKeyIdentifier (RFC 5280 section 4.2.1.1). */
function authorityKeyIdentifierText(value: string): string {
  const der = fromBinaryString(value)
  const identifier = readChildren(der, readElement(der)).find((part) => part.tag === 0x80)
  return identifier ? toHex(der.subarray(identifier.contentStart, identifier.end), ':') : toHex(der, ' ')
}

function oidName(oid: string): string {
  return (forge.pki.oids as Readonly<Record<string, string | undefined>>)[oid] ?? oid
}
