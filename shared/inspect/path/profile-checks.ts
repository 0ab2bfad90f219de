/** Whether the certificates have the form that RFC 5280 asks for: extensions, key identifiers, names, version. */
import { NEEDED_EXTENSIONS } from '../../crypto/pki/extensions'
import { firstOf } from '../../words'
import type { PathFinding } from './verdict'
import type { CertificateDescription } from '../x509/types'
import { duplicateExtensions, EXTENSIONS, extensionOf, isCritical } from './facts'
import { findEach, nameAt, strictly, type Found, type JudgedPath } from './judged'

/** Extensions that may be critical because they are understood, or because nothing of what is decided here depends on them. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSIONS.keyUsage,
  EXTENSIONS.subjectAltName,
  EXTENSIONS.basicConstraints,
  EXTENSIONS.nameConstraints,
  EXTENSIONS.crlDistributionPoints,
  EXTENSIONS.certificatePolicies,
  EXTENSIONS.policyMappings,
  EXTENSIONS.policyConstraints,
  EXTENSIONS.extendedKeyUsage,
  EXTENSIONS.inhibitAnyPolicy,
  EXTENSIONS.ocspNoCheck,
  EXTENSIONS.netscapeCertType,
])

/** Whether everything that is marked as critical is understood (RFC 5280 section 4.2). */
export function checkCriticalExtensions(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const subject = nameAt(path, position)
    if (extensionOf(certificate, EXTENSIONS.proxyCertInfo)) {
      const reason = `${subject} is a proxy certificate (RFC 3820), which stands for its owner without an authority’s word.`
      return { result: 'failed', reason, found: 'proxyCertInfo' }
    }
    const unknown = certificate.extensions.filter(({ critical, oid }) => critical && !UNDERSTOOD.has(oid))
    if (unknown.length > 0) {
      const reason = `${subject} has a critical extension that is not understood here: it may change what the certificate means.`
      return { result: 'failed', reason, found: firstOf(unknown.map(({ name }) => name)) }
    }
    const critical = certificate.extensions.filter((extension) => extension.critical)
    const found = firstOf(critical.map(({ name }) => name)) || 'none'
    return { result: 'ok', reason: `${subject} has no critical extension that is not understood.`, found }
  })
}

/** Whether each extension is there once and can be read. */
export function checkExtensions(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const subject = nameAt(path, position)
    const [twice] = duplicateExtensions(certificate)
    if (twice) {
      const reason = `${subject} has one extension twice, and nothing says which of them counts.`
      return { result: 'failed', reason, found: twice.name, expected: 'each extension once' }
    }
    if (certificate.standard.keyUsage?.length === 0) {
      const reason = `${subject} has a key usage that allows nothing.`
      return { result: 'failed', reason, found: 'no usage', expected: 'at least one usage' }
    }
    const limit = certificate.standard.basicConstraints?.pathLength
    if (limit !== undefined && limit < 0) {
      const reason = `${subject} has a path length below zero.`
      return { result: 'failed', reason, found: String(limit), expected: '0 or more' }
    }
    const unreadable = certificate.extensions.filter(({ problem }) => problem !== undefined)
    const serious = unreadable.find(({ oid, critical }) => critical || NEEDED_EXTENSIONS.has(oid))
    const [extension] = serious ? [serious] : unreadable
    if (extension) {
      const reason = `${subject} has an extension that can’t be read: ${extension.problem ?? ''}`
      return { result: serious ? 'failed' : 'warning', reason, found: extension.name }
    }
    const found = firstOf(certificate.extensions.map(({ name }) => name)) || 'none'
    return { result: 'ok', reason: `${subject} has each extension once, and all can be read.`, found }
  })
}

/** Whether issuer and key can be told by their identifiers (RFC 5280 sections 4.2.1.1 and 4.2.1.2). */
export function checkKeyIdentifiers(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const subject = nameAt(path, position)
    const { authorityKeyIdentifier, subjectKeyIdentifier, basicConstraints } = certificate.standard
    const found = [
      authorityKeyIdentifier?.keyIdentifier ? 'of the issuer’s key' : undefined,
      subjectKeyIdentifier ? 'of its own key' : undefined,
    ]
    const shown = found.filter((each) => each !== undefined).join(', ') || 'none'
    const fail = (reason: string, expected: string): Found => ({
      result: strictly(path),
      reason: `${subject} ${reason}`,
      found: shown,
      expected,
    })
    if (certificate.version >= 3) {
      const hasIssuer = position < path.certificates.length - 1
      if (hasIssuer && !authorityKeyIdentifier?.keyIdentifier)
        return fail('does not say which key of its issuer signed it.', 'an authority key identifier')
      if (basicConstraints?.authority === true && !subjectKeyIdentifier)
        return fail('is an authority’s and has no identifier of its own key.', 'a subject key identifier')
    }
    return { result: 'ok', reason: `${subject} has the key identifiers that it needs.`, found: shown }
  })
}

/** Whether the certificate says who issued it and for whom it is (RFC 5280 sections 4.1.2.4, 4.1.2.6 and 4.2.1.6). */
export function checkNames(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const problem = problemOfNames(certificate)
    const subject = nameAt(path, position)
    if (problem) return { result: strictly(path), reason: `${subject} ${problem}` }
    const found = certificate.subject.text || 'none'
    return { result: 'ok', reason: `${subject} names its issuer and its subject.`, found }
  })
}

function problemOfNames(certificate: CertificateDescription): string | undefined {
  const { subjectAltName, keyUsage, basicConstraints } = certificate.standard
  if (certificate.issuer.attributes.length === 0) return 'does not name its issuer.'
  if (subjectAltName?.length === 0) return 'has an empty list of alternative names.'
  if (certificate.subject.attributes.length > 0) return undefined
  if (basicConstraints?.authority === true || keyUsage?.includes('cRLSign') || !subjectAltName)
    return 'has no subject.'
  return isCritical(certificate, EXTENSIONS.subjectAltName)
    ? undefined
    : 'has no subject, and does not mark its alternative names as critical.'
}

/** Whether version, algorithms and the form of the key are as they should be (RFC 5280 sections 4.1.1.2 and 4.1.2.1). */
export function checkForm(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const subject = nameAt(path, position)
    const { version, extensions, publicKey } = certificate
    const found = `version ${version}`
    if (version < 1 || version > 3) {
      const reason = `${subject} has a version that does not exist.`
      return { result: 'failed', reason, found, expected: 'version 3' }
    }
    if (certificate.notDer !== undefined) {
      const reason = `${subject} is not DER, and could be read in more than one way. ${certificate.notDer}`
      return { result: 'failed', reason, found, expected: 'DER' }
    }
    if (version < 3 && extensions.length > 0) {
      const reason = `${subject} has extensions, which only version 3 knows.`
      return { result: strictly(path), reason, found, expected: 'version 3' }
    }
    if (!certificate.algorithmsAgree) {
      const reason = `${subject} names one signature algorithm inside the signed part and another outside.`
      return { result: strictly(path), reason, found: certificate.signatureAlgorithm.name }
    }
    // RFC 5480 section 2.1.1: numbers could be chosen so that a stranger's key looks like one's own.
    if (publicKey.family === 'EC' && (publicKey.curve ?? 'own').startsWith('own')) {
      const reason = `${subject} has a key on a curve that is spelt out in numbers instead of named.`
      return { result: strictly(path), reason, found: publicKey.text, expected: 'a named curve' }
    }
    const [oddity] = certificate.oddities
    if (oddity !== undefined) {
      const reason = `${subject} has something that RFC 5280 does not allow. ${oddity}`
      return { result: 'warning', reason, found, expected: 'the forms of RFC 5280' }
    }
    if (version < 3) {
      const reason = `${subject} is of an old version that can’t say what it is for.`
      return { result: 'warning', reason, found, expected: 'version 3' }
    }
    return { result: 'ok', reason: `${subject} is of version 3, and its algorithms agree.`, found }
  })
}
