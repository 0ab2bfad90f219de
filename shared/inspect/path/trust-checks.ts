/** Who vouches, since when and until when, and for which host: trust anchor, issuers, signatures, dates, host name. */
import { addressBytes, matchDnsName, namesAddress, type DnsMatch } from '../../crypto/pki/host-name'
import { firstOf } from '../../words'
import type { PathFinding } from './verdict'
import type { CertificateDescription } from '../x509/types'
import { generalNameText } from '../x509/general-names'
import { MAX_INTERMEDIATES } from './build'
import { isSelfSigned, misfitOf, shownHex, titleOf } from './facts'
import { dateText, findEach, nameAt, type Found, type JudgedPath } from './judged'

/** Whether the path ends at a certificate that is trusted for itself. */
export function checkTrustAnchor(path: JudgedPath): readonly PathFinding[] {
  const position = path.certificates.length - 1
  const last = path.certificates[position]
  if (!last) return []
  return [{ position, ...endOf(path, last, position) }]
}

function endOf(path: JudgedPath, last: CertificateDescription, position: number): Found {
  const subject = nameAt(path, position)
  const found = titleOf(last)
  const expected = 'a trust anchor'
  switch (path.end) {
    case 'anchor':
      return { result: 'ok', reason: `The path ends at ${found}, which is a trust anchor.`, found }
    case 'self_signed': {
      const reason = `${subject} has signed itself and is not among the trust anchors: nobody who is trusted vouches for it.`
      return { result: 'failed', reason, found, expected }
    }
    case 'anchor_issuer_missing': {
      const reason = `${subject} is among the trust anchors, but another authority has issued it, and that one is missing: a path ends at a certificate that has signed itself.`
      return { result: 'failed', reason, found, expected }
    }
    case 'too_long': {
      const reason = `The path has more than ${MAX_INTERMEDIATES} authorities in between and no trust anchor yet.`
      return { result: 'failed', reason, found, expected }
    }
    case 'no_issuer': {
      const reason = `The path ends at ${found} without a trust anchor: the certificate of its issuer is missing.`
      return { result: 'failed', reason, found: last.issuer.text, expected }
    }
  }
}

/** Whether each certificate names the next one as its issuer, by name and by key identifier. */
export function checkIssuers(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const issuer = path.certificates[position + 1]
    const subject = nameAt(path, position)
    const found = certificate.issuer.text
    if (issuer) {
      const identifier = certificate.standard.authorityKeyIdentifier?.keyIdentifier
      const byKey = identifier && issuer.standard.subjectKeyIdentifier ? ', also by its key identifier' : ''
      return { result: 'ok', reason: `${subject} names ${titleOf(issuer)} as its issuer${byKey}.`, found }
    }
    if (isSelfSigned(certificate)) return { result: 'ok', reason: `${subject} is its own issuer.`, found }
    if (path.end === 'anchor') {
      const reason = `${subject} is a trust anchor: who issued it does not matter.`
      return { result: 'ok', reason, found }
    }
    if (path.end === 'too_long')
      return {
        result: 'not_made',
        reason: 'The path is too long already: its issuer was not asked for.',
        found,
      }
    return missingIssuer(path, certificate, subject)
  })
}

function missingIssuer(path: JudgedPath, certificate: CertificateDescription, subject: string): Found {
  const found = certificate.issuer.text
  const [namesake] = path.namesakes
  if (!namesake) {
    const reason = `${subject} names an issuer whose certificate is not known here. Open that one with it.`
    return { result: 'failed', reason, found }
  }
  switch (misfitOf(namesake, certificate)) {
    case 'key_identifier':
      return {
        result: 'failed',
        reason: `A certificate with the issuer’s name is known, but it is of another key: perhaps of an authority with the same name that took its place.`,
        found: `key ${shownHex(namesake.standard.subjectKeyIdentifier ?? new Uint8Array())}`,
        expected: `key ${shownHex(certificate.standard.authorityKeyIdentifier?.keyIdentifier ?? new Uint8Array())}`,
      }
    case 'serial':
      return {
        result: 'failed',
        reason: 'A certificate with the issuer’s name is known, but another one of that name is meant.',
        found: `serial number ${namesake.serial}`,
        expected: `serial number ${certificate.standard.authorityKeyIdentifier?.serial ?? ''}`,
      }
    case 'algorithm':
      return {
        result: 'failed',
        reason:
          'A certificate with the issuer’s name is known, but its key can’t make signatures of this kind.',
        found: namesake.publicKey.text,
        expected: `a key for ${certificate.signatureAlgorithm.name}`,
      }
    default:
      return {
        result: 'failed',
        reason: `${subject} has an issuer that leads to no trust anchor.`,
        found,
      }
  }
}

/** Whether each issuer's key made the signature. A trust anchor's own is looked at, without power to refuse. */
export function checkSignatures(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const issuer = path.certificates[position + 1]
    const verification = path.signatures[position]
    const subject = nameAt(path, position)
    const found = certificate.signatureAlgorithm.name
    if (!issuer && path.end !== 'anchor' && !isSelfSigned(certificate)) {
      return { result: 'not_made', reason: `Without its issuer’s key the signature can’t be checked.`, found }
    }
    if (!issuer && !isSelfSigned(certificate)) {
      const reason = `${subject} is a trust anchor: nothing depends on its own signature.`
      return { result: 'ok', reason, found }
    }
    const by = issuer ? `the key of ${titleOf(issuer)}` : 'its own key'
    if (!verification || verification.result === 'unsupported') {
      const why = verification?.reason ?? 'It was not tried.'
      const result = issuer ? 'not_made' : 'warning'
      return { result, reason: `${subject}: the signature was not checked. ${why}`, found }
    }
    if (verification.result === 'valid' && certificate.algorithmsAgree) {
      const reason = `${subject} was signed with ${by}, over the bytes as they stand.`
      return { result: 'ok', reason, found }
    }
    const disagree =
      'names one signature algorithm inside and another outside, so its signature does not count.'
    const wrong = `has a signature that ${by} did not make over these bytes.`
    const reason = `${subject} ${verification.result === 'valid' ? disagree : wrong}`
    if (issuer) return { result: 'failed', reason, found, expected: `a signature by ${by}` }
    return {
      result: 'warning',
      reason: `${reason} A trust anchor is trusted for itself all the same.`,
      found,
    }
  })
}

/** Whether now is within each certificate's dates, both ends included (RFC 5280 section 4.1.2.5). */
export function checkDates(path: JudgedPath): readonly PathFinding[] {
  // Certificates hold whole seconds.
  const now = Math.floor(path.now / 1000) * 1000
  return findEach(path, (certificate, position) => {
    const { notBefore, notAfter, datesFault } = certificate
    const subject = nameAt(path, position)
    const found = `${dateText(notBefore)} to ${dateText(notAfter)}`
    const expected = dateText(now)
    if (notBefore === undefined || notAfter === undefined)
      return { result: 'failed', reason: `${subject} has dates that can’t be read.`, found, expected }
    if (datesFault !== undefined)
      return {
        result: 'failed',
        reason: `${subject} has dates of a wrong form. ${datesFault}`,
        found,
        expected: 'YYMMDDhhmmssZ, from 2050 on YYYYMMDDhhmmssZ',
      }
    if (now < notBefore) return { result: 'failed', reason: `${subject} is not valid yet.`, found, expected }
    if (now > notAfter) return { result: 'failed', reason: `${subject} has expired.`, found, expected }
    return { result: 'ok', reason: `${subject} is valid now.`, found, expected }
  })
}

/** Whether the certificate is for the host. Its common name counts only when it has no DNS name, as OpenSSL has it. */
export function checkHostName(path: JudgedPath): readonly PathFinding[] {
  const [leaf] = path.certificates
  if (!leaf) return []
  const { host, as } = path
  if (as === 'authority')
    return [{ position: 0, result: 'not_made', reason: 'An authority’s certificate is not for a host.' }]
  if (host === '') return [{ position: 0, result: 'not_made', reason: 'No host was named.' }]
  return [{ position: 0, ...(addressBytes(host) ? findAddress(leaf, host) : findHost(leaf, host)) }]
}

function findAddress(leaf: CertificateDescription, host: string): Found {
  const names = leaf.standard.subjectAltName ?? []
  const found = shownNames(leaf)
  const expected = `IP: ${host}`
  if (namesAddress(names, host)) {
    return { result: 'ok', reason: 'The certificate names the address.', found, expected }
  }
  const asText = names.some(({ kind, value }) => kind === 'DNS' && value === host)
  const reason = asText
    ? 'The certificate has the address as a DNS name, which does not count: an address has to be there as an address.'
    : 'The certificate does not name the address.'
  return { result: 'failed', reason, found, expected }
}

function findHost(leaf: CertificateDescription, host: string): Found {
  const dnsNames = (leaf.standard.subjectAltName ?? []).filter(({ kind }) => kind === 'DNS')
  const found = shownNames(leaf)
  const expected = `DNS: ${host}`
  const match = bestMatch(dnsNames, host)
  if (match) return { ...MATCHES[match], found, expected }
  const commonNames = leaf.subject.attributes.filter(({ name }) => name === 'CN')
  if (dnsNames.length === 0 && bestMatch(commonNames, host)) {
    const reason =
      'Only the common name is the host’s: OpenSSL takes that when there is no DNS name, browsers and RFC 9525 don’t.'
    return { result: 'warning', reason, found: leaf.subject.text, expected }
  }
  return { result: 'failed', reason: 'The certificate does not name the host.', found, expected }
}

const MATCHES: Readonly<Record<DnsMatch, Found>> = {
  exact: { result: 'ok', reason: 'The certificate names the host.' },
  wildcard: { result: 'ok', reason: 'The certificate names the host with a wildcard for its first label.' },
  partial: {
    result: 'warning',
    reason:
      'Only a wildcard for a part of a label covers the host: OpenSSL takes that, browsers and RFC 9525 don’t.',
  },
}

function bestMatch(names: readonly { readonly value: string }[], host: string): DnsMatch | undefined {
  const matches = new Set(names.map(({ value }) => matchDnsName(value, host)))
  return (['exact', 'wildcard', 'partial'] as const).find((match) => matches.has(match))
}

function shownNames({ standard }: CertificateDescription): string {
  const names = standard.subjectAltName ?? []
  return firstOf(names.map(generalNameText)) || 'none'
}
