/** What judging a path asks of one certificate, and of two that may follow one another. */
import { equalBytes, toHex } from '../../bytes'
import { orUndefined } from '../../errors'
import { readElement } from '../../crypto/encodings/der'
import { signatureAlgorithm } from '../../crypto/pki/verify'
import { readNameDer, sameName } from '../x509/names'
import type {
  CertificateDescription,
  DistinguishedNameView,
  ExtensionView,
  GeneralNameView,
  KeyFamily,
} from '../x509/types'
import { generalNameText } from '../x509/general-names'
import { oidNamed } from '../../crypto/encodings/oids'

/** OIDs of the extensions that are asked for by themselves. */
export const EXTENSIONS = {
  subjectKeyIdentifier: oidNamed('subjectKeyIdentifier'),
  keyUsage: oidNamed('keyUsage'),
  subjectAltName: oidNamed('subjectAltName'),
  basicConstraints: oidNamed('basicConstraints'),
  nameConstraints: oidNamed('nameConstraints'),
  crlDistributionPoints: oidNamed('cRLDistributionPoints'),
  certificatePolicies: oidNamed('certificatePolicies'),
  policyMappings: oidNamed('policyMappings'),
  authorityKeyIdentifier: oidNamed('authorityKeyIdentifier'),
  policyConstraints: oidNamed('policyConstraints'),
  extendedKeyUsage: oidNamed('extKeyUsage'),
  inhibitAnyPolicy: oidNamed('inhibitAnyPolicy'),
  ocspNoCheck: oidNamed('ocspNoCheck'),
  proxyCertInfo: oidNamed('proxyCertInfo'),
  netscapeCertType: oidNamed('netscapeCertType'),
} as const

const SM2_WITH_SM3 = oidNamed('SM2-with-SM3')
/** Bits of the Netscape certificate type, which old certificates have in the place of extended key usage. */
const NETSCAPE_SERVER = 0x40
const NETSCAPE_ANY_AUTHORITY = 0x07
const directoryNames = new WeakMap<GeneralNameView, DistinguishedNameView>()

/** The first extension with this OID. */
export function extensionOf(certificate: CertificateDescription, oid: string): ExtensionView | undefined {
  return certificate.extensions.find((extension) => extension.oid === oid)
}

export function isCritical(certificate: CertificateDescription, oid: string): boolean {
  return extensionOf(certificate, oid)?.critical === true
}

/** Its subject for people. */
export function titleOf({ subject, standard }: CertificateDescription): string {
  if (subject.text !== '') return subject.text
  const [name] = standard.subjectAltName ?? []
  return name ? generalNameText(name) : 'a certificate without a name'
}

/** Subject and issuer are one name. */
export function isSelfIssued(certificate: CertificateDescription): boolean {
  return sameName(certificate.subject, certificate.issuer)
}

/** By its names, key identifiers and algorithm it is signed with its own key; the signature itself is not asked. */
export function isSelfSigned(certificate: CertificateDescription): boolean {
  return mayHaveIssued(certificate, certificate)
}

/** The names fit, and nothing else in the two certificates speaks against it. */
export function mayHaveIssued(issuer: CertificateDescription, subject: CertificateDescription): boolean {
  return sameName(issuer.subject, subject.issuer) && misfitOf(issuer, subject) === undefined
}

/** Why a certificate with the right name is not the one that issued another: what differs; undefined when nothing does. */
export function misfitOf(
  issuer: CertificateDescription,
  subject: CertificateDescription,
): 'key_identifier' | 'serial' | 'algorithm' | undefined {
  const wanted = subject.standard.authorityKeyIdentifier
  const own = issuer.standard.subjectKeyIdentifier
  if (wanted?.keyIdentifier && own && !equalBytes(wanted.keyIdentifier, own)) return 'key_identifier'
  if (wanted?.serial !== undefined && plainHex(wanted.serial) !== plainHex(issuer.serial)) return 'serial'
  const named = wanted?.issuer?.find(({ kind }) => kind === 'directoryName')
  if (named && !sameName(directoryNameOf(named), issuer.issuer)) return 'serial'
  if (!signsWith(issuer.publicKey.family, subject.signatureAlgorithm.oid)) return 'algorithm'
  return undefined
}

/** The name is read once, however many certificates it is compared with. */
function directoryNameOf(view: GeneralNameView): DistinguishedNameView {
  const name = directoryNames.get(view) ?? readNameDer(view.content)
  directoryNames.set(view, name)
  return name
}

/** How a certificate says that it is an authority's. `implied`: by older means than basicConstraints, or `keyCertSign` alone. */
export function authorityOf(certificate: CertificateDescription): 'authority' | 'implied' | 'none' {
  const { keyUsage, basicConstraints } = certificate.standard
  if (keyUsage && !keyUsage.includes('keyCertSign')) return 'none'
  if (basicConstraints) return basicConstraints.authority ? 'authority' : 'none'
  const byAge = certificate.version === 1 && isSelfSigned(certificate)
  const netscape = netscapeType(certificate) ?? 0
  return byAge || keyUsage || (netscape & NETSCAPE_ANY_AUTHORITY) !== 0 ? 'implied' : 'none'
}

/** Undefined without the Netscape certificate type; else whether it allows a server. */
export function netscapeServer(certificate: CertificateDescription): boolean | undefined {
  const type = netscapeType(certificate)
  return type === undefined ? undefined : (type & NETSCAPE_SERVER) !== 0
}

/** Extensions that stand in a certificate more than once. */
export function duplicateExtensions({ extensions }: CertificateDescription): readonly ExtensionView[] {
  const seen = new Set<string>()
  return extensions.filter(({ oid }) => seen.size === seen.add(oid).size)
}

function netscapeType(certificate: CertificateDescription): number | undefined {
  const extension = extensionOf(certificate, EXTENSIONS.netscapeCertType)
  if (!extension) return undefined
  return orUndefined(() => {
    const bits = readElement(extension.value)
    return bits.tag === 0x03 ? (extension.value[bits.contentStart + 1] ?? 0) : undefined
  })
}

function signsWith(family: KeyFamily, algorithm: string): boolean {
  const known = signatureAlgorithm(algorithm)
  // What neither is known of may fit; whether it does can't be judged, and is said so.
  if (!known) return family === 'other' || (family === 'EC' && algorithm === SM2_WITH_SM3)
  return family === known.key || (family === 'RSA-PSS' && known.scheme === 'RSASSA-PSS')
}

function plainHex(hex: string): string {
  return hex.toLowerCase().replace(/^(?:00)+(?=..)/, '')
}

/** Hex with colons, as key identifiers are shown. */
export function shownHex(bytes: Uint8Array): string {
  return toHex(bytes, ':')
}
