/** What each certificate is allowed to do: basic constraints, path length, key usage, extended key usage. */
import { firstOf } from '../../words'
import type { PathFinding } from './verdict'
import type { CertificateDescription } from '../x509/types'
import { authorityOf, EXTENSIONS, isCritical, isSelfIssued, netscapeServer } from './facts'
import { findEach, isAuthorityPlace, nameAt, strictly, type Found, type JudgedPath } from './judged'
import { oidNamed } from '../../crypto/encodings/oids'

/** A server signs, opens what was encrypted for it, or agrees on a key: one of these is enough. */
const SERVER_USAGES = ['digitalSignature', 'keyEncipherment', 'keyAgreement']
/** serverAuth, and two names that it had before. */
const SERVER_PURPOSES = new Set([
  oidNamed('serverAuth'),
  oidNamed('msServerGatedCrypto'),
  oidNamed('netscapeServerGatedCrypto'),
])
const ANY_PURPOSE = oidNamed('anyExtendedKeyUsage')

/** Whether every issuer is an authority, and the certificate itself says clearly what it is (RFC 5280 section 4.2.1.9). */
export function checkBasicConstraints(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const { basicConstraints } = certificate.standard
    const subject = nameAt(path, position)
    const found = basicConstraints ? `CA: ${basicConstraints.authority ? 'yes' : 'no'}` : 'none'
    const isAuthority = basicConstraints?.authority === true
    if (isAuthority && !isCritical(certificate, EXTENSIONS.basicConstraints)) {
      const reason = `${subject} is an authority’s, but does not mark that as critical.`
      if (strictly(path) === 'failed') return { result: 'failed', reason, found, expected: 'critical' }
    }
    if (isAuthorityPlace(path, position)) return ofIssuer(isAuthority, subject, found)
    if (isAuthority) {
      const reason = `${subject} is an authority’s own: whoever holds its key can issue others.`
      return { result: 'warning', reason, found, expected: 'CA: no' }
    }
    if (authorityOf(certificate) === 'implied') {
      const reason = `${subject} does not say whether it is an authority’s, yet its key may sign certificates.`
      return { result: 'failed', reason, found, expected: 'CA: no' }
    }
    if (!basicConstraints) {
      const reason = `${subject} does not say that it is no authority; without a word it is none.`
      return { result: 'ok', reason, found, expected: 'CA: no' }
    }
    return {
      result: 'ok',
      reason: `${subject} is no authority: it is not allowed to issue others.`,
      found,
      expected: 'CA: no',
    }
  })
}

function ofIssuer(isAuthority: boolean, subject: string, found: string): Found {
  return isAuthority
    ? { result: 'ok', reason: `${subject} may issue certificates.`, found, expected: 'CA: yes' }
    : {
        result: 'failed',
        reason: `${subject} is not an authority’s: what its key signed doesn’t count.`,
        found,
        expected: 'CA: yes',
      }
}

/** Whether no authority has more of them below it than it allows; those that renew their own key don’t count. */
export function checkPathLength(path: JudgedPath): readonly PathFinding[] {
  let below = 0
  const end = path.end === 'anchor' ? -1 : undefined
  const between = path.certificates.slice(1, end).filter((certificate) => !isSelfIssued(certificate)).length
  return findEach(path, (certificate, position) => {
    if (position === 0 && between > path.maxIntermediates) {
      const reason = `There ${between === 1 ? 'is' : 'are'} ${between} between the certificate and its trust anchor, and ${authorities(path.maxIntermediates)} may be.`
      return {
        result: 'failed',
        reason,
        found: `${between} between`,
        expected: `at most ${path.maxIntermediates}`,
      }
    }
    const { basicConstraints, keyUsage } = certificate.standard
    const limit = basicConstraints?.pathLength
    const count = below
    if (position > 0 && !isSelfIssued(certificate)) below++
    const subject = nameAt(path, position)
    if (limit === undefined) {
      if (position === 0) return undefined
      return { result: 'ok', reason: `${subject} sets no limit.`, found: `${count} below it` }
    }
    const found = `${count} below it, path length ${limit}`
    if (basicConstraints?.authority !== true) {
      const reason = `${subject} limits the authorities below it without being one.`
      return { result: strictly(path), reason, found, expected: 'no path length' }
    }
    if (!keyUsage?.includes('keyCertSign')) {
      const reason = `${subject} limits the authorities below it, but its key may not sign certificates.`
      return { result: strictly(path), reason, found, expected: 'key usage keyCertSign' }
    }
    const expected = `at most ${limit} below it`
    if (count > limit) {
      const reason = `${subject} allows ${authorities(limit)} below it, and there ${count === 1 ? 'is' : 'are'} ${count}.`
      return { result: 'failed', reason, found, expected }
    }
    return {
      result: 'ok',
      reason: `${subject} has no more authorities below it than it allows.`,
      found,
      expected,
    }
  })
}

function authorities(limit: number): string {
  if (limit === 0) return 'no authority'
  return limit === 1 ? 'only 1 authority' : `only ${limit} authorities`
}

/** Whether the keys may be used for what they are used for (RFC 5280 section 4.2.1.3). */
export function checkKeyUsage(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const { keyUsage, basicConstraints } = certificate.standard
    const subject = nameAt(path, position)
    const found = keyUsage?.join(', ') ?? 'none'
    const isAuthority = basicConstraints?.authority === true
    const serves = !keyUsage || SERVER_USAGES.some((usage) => keyUsage.includes(usage))
    if (!serves && !isAuthorityPlace(path, position)) {
      const reason = `${subject} has a key that is not allowed for what a server does with it.`
      return { result: 'failed', reason, found, expected: SERVER_USAGES.join(' or ') }
    }
    if (isAuthority && !keyUsage) {
      const reason = `${subject} is an authority’s, but does not say what its key is for.`
      return { result: strictly(path), reason, found, expected: 'keyCertSign' }
    }
    if (!isAuthority && keyUsage?.includes('keyCertSign')) {
      const reason = `${subject} has a key that may sign certificates, but it is no authority’s.`
      return { result: strictly(path), reason, found, expected: 'CA: yes, or no keyCertSign' }
    }
    if (isAuthorityPlace(path, position)) {
      const ok = !keyUsage || keyUsage.includes('keyCertSign')
      const reason = ok
        ? `${subject} may sign certificates.`
        : `${subject} has a key that may not sign certificates.`
      return { result: ok ? 'ok' : 'failed', reason, found, expected: 'keyCertSign' }
    }
    const expected = SERVER_USAGES.join(' or ')
    if (!keyUsage) {
      const reason = `${subject} does not say what its key is for: any use is allowed.`
      return { result: 'warning', reason, found, expected }
    }
    return { result: 'ok', reason: `${subject} has a key that may be used as a server’s.`, found, expected }
  })
}

/** Whether no certificate of the path is for other purposes alone (RFC 5280 section 4.2.1.12). */
export function checkExtendedKeyUsage(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const { extendedKeyUsage } = certificate.standard
    const subject = nameAt(path, position)
    const expected = 'serverAuth'
    const isAuthority = isAuthorityPlace(path, position)
    if (!isAuthority && netscapeServer(certificate) === false) {
      const reason = `${subject} has a Netscape certificate type, and that is not for servers.`
      return { result: 'failed', reason, expected }
    }
    if (!extendedKeyUsage) {
      if (isAuthority)
        return { result: 'ok', reason: `${subject} is not limited to purposes.`, found: 'none' }
      const reason = `${subject} does not say that it is for a server: any purpose is allowed.`
      return { result: 'warning', reason, found: 'none', expected }
    }
    const found = firstOf(extendedKeyUsage.map(({ name }) => name))
    if (extendedKeyUsage.some(({ oid }) => SERVER_PURPOSES.has(oid))) {
      return { result: 'ok', reason: `${subject} is for servers.`, found, expected }
    }
    const any = extendedKeyUsage.some(({ oid }) => oid === ANY_PURPOSE)
    const reason = any
      ? `${subject} is for any purpose, but does not name servers: neither OpenSSL nor browsers take that for a server.`
      : `${subject} is for other purposes than a server.`
    // An authority that is judged for itself may be one for other purposes.
    return { result: position === 0 && isAuthority ? 'warning' : 'failed', reason, found, expected }
  })
}

/** True for a certificate that names servers among its purposes. */
export function isForServers({ standard }: CertificateDescription): boolean {
  return standard.extendedKeyUsage?.some(({ oid }) => SERVER_PURPOSES.has(oid)) ?? false
}
