/**
 * What browsers ask for beyond `openssl verify -x509_strict`: RFC 5280's profile to the letter, RFC 9525, and the Baseline
 * Requirements of the CA/Browser Forum, as far as a certificate shows whether it keeps to them.
 */
import { equalBytes, toBinaryString } from '../../bytes'
import { oidNamed } from '../../crypto/encodings/oids'
import { lowerAscii } from '../../crypto/pki/host-name'
import { signatureAlgorithm } from '../../crypto/pki/verify'
import { firstOf } from '../../words'
import type { CertificateDescription, GeneralNameView } from '../x509/types'
import { EXTENSIONS, isCritical, isSelfIssued, titleOf } from './facts'
import type { Found, ProfileRule, RulePlace } from './judged'
import { isWithin } from './name-within'

const [SERVER, ANY] = [oidNamed('serverAuth'), oidNamed('anyExtendedKeyUsage')] as const
const CURVES: ReadonlySet<string> = new Set(['P-256', 'P-384', 'P-521'])
const HASHES: ReadonlySet<string> = new Set(['SHA-256', 'SHA-384', 'SHA-512'])
const MIN_RSA_BITS = 2048
/** Baseline Requirements section 6.3.2: a day is 86,400 seconds, and each begun one counts. */
const MOST_DAYS = 398
const DAY = 86_400_000

/** In the order in which their findings are shown. */
export const WEB_RULES: readonly ProfileRule[] = [
  { check: 'host_name', find: alternativeName },
  { check: 'dates', find: lifetime },
  { check: 'extended_key_usage', find: purpose },
  { check: 'name_constraints', find: constraintsOfTheRight },
  { check: 'name_constraints', find: wildcardOverExcluded },
  { check: 'key_size', find: keyKind },
  { check: 'signature_hash', find: signatureKind },
  { check: 'key_identifiers', find: authorityKey },
  { check: 'names', find: alternativeNames },
]

/** RFC 9525 section 6.3: names stand in subjectAltName, and nowhere else. */
function alternativeName(
  { standard }: CertificateDescription,
  { subject, isServer }: RulePlace,
): Found | undefined {
  if (!isServer || standard.subjectAltName?.some(({ kind }) => kind === 'DNS' || kind === 'IP'))
    return undefined
  const reason = `${subject} has no DNS name and no address among its alternative names, and a common name does not count (RFC 9525 section 6.3).`
  return { result: 'failed', reason, found: 'none', expected: 'subjectAltName' }
}

/** Only authorities that everyone trusts are bound to it: a note, since who is trusted here is the person's choice. */
function lifetime(
  { notBefore, notAfter }: CertificateDescription,
  { subject, isServer }: RulePlace,
): Found | undefined {
  if (!isServer || notBefore === undefined || notAfter === undefined) return undefined
  // Both ends are included.
  const days = Math.ceil((notAfter - notBefore + 1000) / DAY)
  if (days <= MOST_DAYS) return undefined
  const reason = `${subject} is valid for more than ${MOST_DAYS} days: from an authority that browsers trust by themselves they would refuse it (Baseline Requirements section 6.3.2).`
  return { result: 'warning', reason, found: `${days} days`, expected: `at most ${MOST_DAYS} days` }
}

/** Baseline Requirements sections 7.1.2.1.2, 7.1.2.7.6 and 7.1.2.7.10. */
function purpose(
  certificate: CertificateDescription,
  { subject, isServer, isAnchor, position }: RulePlace,
): Found | undefined {
  const purposes = certificate.standard.extendedKeyUsage
  const found = purposes ? firstOf(purposes.map(({ name }) => name)) : 'none'
  const failed = (reason: string, expected: string): Found => ({
    result: 'failed',
    reason: `${subject} ${reason}`,
    found,
    expected,
  })
  if (isAnchor && position > 0 && purposes)
    return failed(
      'is a trust anchor, and limits what it is for: a root has no extended key usage (Baseline Requirements section 7.1.2.1.2).',
      'none',
    )
  if (!isServer) return undefined
  if (!purposes)
    return failed(
      'does not say that it is for a server (Baseline Requirements section 7.1.2.7.6).',
      'serverAuth',
    )
  if (isCritical(certificate, EXTENSIONS.extendedKeyUsage))
    return failed(
      'marks its extended key usage as critical (Baseline Requirements section 7.1.2.7.6).',
      'not critical',
    )
  if (purposes.some(({ oid }) => oid === ANY))
    return failed('is for any purpose (Baseline Requirements section 7.1.2.7.10).', 'serverAuth')
  return purposes.some(({ oid }) => oid === SERVER)
    ? undefined
    : failed('does not name servers among its purposes.', 'serverAuth')
}

/** RFC 5280 section 4.2.1.10: in certificates of authorities alone, and never empty. */
function constraintsOfTheRight(
  { standard }: CertificateDescription,
  { subject }: RulePlace,
): Found | undefined {
  const { nameConstraints, basicConstraints } = standard
  if (!nameConstraints) return undefined
  if (basicConstraints?.authority !== true) {
    const reason = `${subject} constrains names without being an authority’s (RFC 5280 section 4.2.1.10).`
    return { result: 'failed', reason, found: 'nameConstraints', expected: 'none' }
  }
  if (nameConstraints.permitted.length + nameConstraints.excluded.length > 0) return undefined
  const reason = `${subject} has name constraints that permit and exclude nothing (RFC 5280 section 4.2.1.10).`
  return { result: 'failed', reason, found: 'no subtrees', expected: 'at least one subtree' }
}

/** A wildcard covers hosts that may be excluded: it has no place above an excluded name. */
function wildcardOverExcluded(
  { standard }: CertificateDescription,
  { path, position, subject }: RulePlace,
): Found | undefined {
  const domains = (standard.subjectAltName ?? []).filter(
    ({ kind, value }) => kind === 'DNS' && value.startsWith('*.'),
  )
  if (domains.length === 0) return undefined
  for (const authority of path.certificates.slice(position + 1)) {
    const excluded = (authority.standard.nameConstraints?.excluded ?? []).filter(({ kind }) => kind === 'DNS')
    for (const domain of domains.slice(0, MOST_COMPARED)) {
      const hit = excluded.slice(0, MOST_COMPARED).find((base) => isUnderWildcard(base, domain))
      if (!hit) continue
      const reason = `${subject} has a wildcard that covers a host which ${titleOf(authority)} excludes.`
      return {
        result: 'failed',
        reason,
        found: `DNS: ${domain.value}`,
        expected: `no name within ${hit.value}`,
      }
    }
  }
  return undefined
}

/** Of a certificate with more names, or under more constraints, no more are compared here; the check of all knows it is too long. */
const MOST_COMPARED = 1024

function isUnderWildcard(base: GeneralNameView, wildcard: GeneralNameView): boolean {
  const parent = { ...wildcard, content: wildcard.content.slice(2) }
  const [host, above] = [lowerAscii(toBinaryString(base.content)), lowerAscii(toBinaryString(parent.content))]
  return host !== above && isWithin(base, parent)
}

/** Baseline Requirements section 6.1.5. */
function keyKind({ publicKey }: CertificateDescription, { subject }: RulePlace): Found | undefined {
  const { family, bits, curve } = publicKey
  const isRsa = family === 'RSA' && bits !== undefined && bits >= MIN_RSA_BITS && bits % 8 === 0
  if (isRsa || (family === 'EC' && CURVES.has(curve ?? ''))) return undefined
  const reason = `${subject} has a key of a kind that browsers don’t take (Baseline Requirements section 6.1.5).`
  return {
    result: 'failed',
    reason,
    found: publicKey.text,
    expected: `RSA with ${MIN_RSA_BITS} bits or more, P-256, P-384 or P-521`,
  }
}

/** Baseline Requirements section 7.1.3.2. Nothing depends on how a trust anchor is signed. */
function signatureKind(
  { signatureAlgorithm: algorithm }: CertificateDescription,
  { subject, isAnchor }: RulePlace,
): Found | undefined {
  const key = signatureAlgorithm(algorithm.oid)?.key
  if (isAnchor || ((key === 'RSA' || key === 'EC') && HASHES.has(algorithm.hash ?? ''))) return undefined
  const reason = `${subject} is signed in a way that browsers don’t take (Baseline Requirements section 7.1.3.2).`
  return {
    result: 'failed',
    reason,
    found: algorithm.name,
    expected: 'RSA or ECDSA with SHA-256, SHA-384 or SHA-512',
  }
}

/** Baseline Requirements section 7.1.2.1.3, RFC 5280 section 4.2.1.1. */
function authorityKey(
  certificate: CertificateDescription,
  { subject, isAnchor, position }: RulePlace,
): Found | undefined {
  const { authorityKeyIdentifier: issuer, subjectKeyIdentifier: own } = certificate.standard
  const failed = (reason: string, expected: string): Found => ({
    result: 'failed',
    reason: `${subject} ${reason}`,
    expected,
  })
  if (issuer && (issuer.issuer ?? issuer.serial) !== undefined)
    return failed(
      'names its issuer’s certificate beside the key (Baseline Requirements section 7.1.2.1.3).',
      'a key identifier alone',
    )
  if (!isAnchor || position === 0) return undefined
  if (issuer ? !issuer.keyIdentifier : !isSelfIssued(certificate))
    return failed(
      'does not say which key signed it (RFC 5280 section 4.2.1.1).',
      'an authority key identifier',
    )
  if (issuer?.keyIdentifier && own && isSelfIssued(certificate) && !equalBytes(issuer.keyIdentifier, own))
    return failed(
      'has signed itself, and names another key than its own as the signer’s (Baseline Requirements section 7.1.2.1.3).',
      'one key identifier',
    )
  return undefined
}

/** RFC 5280 section 4.2.1.6, Baseline Requirements section 7.1.2.7.12: critical where there is no subject, and only there. */
function alternativeNames(
  certificate: CertificateDescription,
  { subject, isServer }: RulePlace,
): Found | undefined {
  if (!isServer || certificate.subject.attributes.length === 0) return undefined
  if (!isCritical(certificate, EXTENSIONS.subjectAltName)) return undefined
  const reason = `${subject} marks its alternative names as critical although it has a subject (Baseline Requirements section 7.1.2.7.12).`
  return { result: 'failed', reason, found: 'critical', expected: 'not critical' }
}
