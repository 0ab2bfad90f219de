/** Name constraints (RFC 5280 section 4.2.1.10): which names an authority lets those below it have. */
import { toUtf8 } from '../../bytes'
import { orUndefined } from '../../errors'
import { readChildren, readElement } from '../../crypto/encodings/der'
import { addressBytes, matchDnsName } from '../../crypto/pki/host-name'
import type { PathFinding } from './verdict'
import { GENERAL_NAME_KINDS } from '../x509/general-names'
import { textsOf } from '../x509/names'
import type { CertificateDescription, GeneralNameKind, GeneralNameView } from '../x509/types'
import { EXTENSIONS, extensionOf, isSelfIssued, titleOf } from './facts'
import { findEach, nameAt, type Found, type JudgedPath } from './judged'
import { oidNamed } from '../../crypto/encodings/oids'
import {
  commonNameAsHost,
  isComparable,
  isComparableBase,
  isWithin,
  mailboxOf,
  otherNameType,
} from './name-within'

const [EMAIL_ATTRIBUTE, COMMON_NAME] = [oidNamed('emailAddress'), oidNamed('commonName')]
const [IA5_STRING, TAG_NUMBER] = [22, 0x1f] as const
/** More comparisons than this are not made: a certificate must not hold the program up (OpenSSL's limit too). */
const MAX_COMPARISONS = 2 ** 20
/** Kinds of names whose constraints can be judged here. */
const JUDGED: ReadonlySet<GeneralNameKind> = new Set(['DNS', 'email', 'URI', 'IP', 'directoryName'])

/** Checks every certificate's names against the constraints of all authorities above it. */
export function checkNameConstraints(path: JudgedPath): readonly PathFinding[] {
  return findEach(path, (certificate, position) => {
    const above = path.certificates
      .slice(position + 1)
      .filter((authority) => authority.standard.nameConstraints)
    if (above.length === 0) return undefined
    // An authority that renews its own key keeps its name, whatever is above it.
    if (position > 0 && isSelfIssued(certificate)) return undefined
    const unreadable = unreadableName(certificate, position)
    if (unreadable !== undefined) {
      const reason = `${nameAt(path, position)} has a name that can’t be compared with what the authorities above it permit or exclude.`
      return { result: 'failed', reason, found: unreadable }
    }
    const names = namesOf(certificate, position, wantedName(path))
    if (names.length * above.reduce((sum, authority) => sum + countOf(authority), 0) > MAX_COMPARISONS) {
      const reason = `${nameAt(path, position)} has so many names, under so many constraints, that they are not compared.`
      return { result: 'failed', reason }
    }
    for (const authority of above) {
      if (hasDistances(authority, names)) {
        const reason = `${nameAt(path, position)} is below ${titleOf(authority)}, whose constraints count labels: RFC 5280 has no use for that.`
        return { result: 'failed', reason }
      }
      for (const name of names) {
        const problem = problemOf(name, authority)
        if (problem) return { ...problem, reason: `${nameAt(path, position)} ${problem.reason}` }
      }
    }
    const reason = `${nameAt(path, position)} has only names that the authorities above it allow.`
    return { result: 'ok', reason }
  })
}

function countOf({ standard }: CertificateDescription): number {
  const { permitted = [], excluded = [] } = standard.nameConstraints ?? {}
  return permitted.length + excluded.length
}

function problemOf(name: GeneralNameView, authority: CertificateDescription): Found | undefined {
  const { permitted = [], excluded = [] } = authority.standard.nameConstraints ?? {}
  const isOfKind = (each: GeneralNameView): boolean =>
    each.kind === name.kind && otherNameType(each) === otherNameType(name)
  const ofKind = permitted.filter(isOfKind)
  const forbidden = excluded.filter(isOfKind)
  if (ofKind.length + forbidden.length === 0) return undefined
  const found = `${name.kind}: ${name.value}`
  const by = titleOf(authority)
  if (!JUDGED.has(name.kind)) {
    const reason = `has a name of a kind whose constraints can’t be judged here, and ${by} constrains it.`
    return { result: 'failed', reason, found }
  }
  if (!isComparable(name) || ![...ofKind, ...forbidden].every(isComparableBase)) {
    const reason = `has a name that can’t be compared with what ${by} permits or excludes.`
    return { result: 'failed', reason, found }
  }
  const hit = forbidden.find((base) => isWithin(name, base))
  if (hit) {
    const reason = `has a name that ${by} excludes.`
    return { result: 'failed', reason, found, expected: `no name within ${hit.value}` }
  }
  if (ofKind.length > 0 && !ofKind.some((base) => isWithin(name, base))) {
    const reason = `has a name outside of what ${by} permits.`
    const expected = `a name within ${ofKind.map((base) => base.value).join(' or ')}`
    return { result: 'failed', reason, found, expected }
  }
  return undefined
}

/** The DNS name that the certificate is judged for; empty without one. */
function wantedName({ as, host }: JudgedPath): string {
  return as === 'server' && !addressBytes(host) ? host : ''
}

/** The subject, its mail addresses, all alternative names; of a server without DNS names also its common name. */
function namesOf(
  certificate: CertificateDescription,
  position: number,
  wanted: string,
): readonly GeneralNameView[] {
  const { subject, standard } = certificate
  const alternative = standard.subjectAltName ?? []
  const directory: GeneralNameView[] =
    subject.attributes.length === 0
      ? []
      : [{ kind: 'directoryName', value: subject.text, content: subject.der }]
  const emails = textsOf(subject, EMAIL_ATTRIBUTE).map(({ text }) => textName('email', text))
  const commonNames = countingCommonNames(certificate, position)
    // Also the host that one is taken for: it may look like none, or cover more than stands there.
    .flatMap((text) => [commonNameAsHost(text) ?? [], matchDnsName(text, wanted) ? wanted : []].flat())
    .map((host) => textName('DNS', host))
  return [...directory, ...emails, ...alternative.map((name) => mailboxOf(name) ?? name), ...commonNames]
}

/** Common names of a server without DNS names: they are taken for hosts. NULs at their end don’t count, as OpenSSL has it. */
function countingCommonNames(
  { subject, standard }: CertificateDescription,
  position: number,
): readonly string[] {
  if (position > 0 || standard.subjectAltName?.some(({ kind }) => kind === 'DNS')) return []
  return textsOf(subject, COMMON_NAME).map(({ text }) => text.replace(/\0+$/, ''))
}

/** A name in the subject that nothing can be compared with, by what it is. */
function unreadableName(certificate: CertificateDescription, position: number): string | undefined {
  // RFC 5280 appendix A.1: an IA5String.
  if (textsOf(certificate.subject, EMAIL_ATTRIBUTE).some(({ tag }) => tag !== IA5_STRING))
    return 'a mail address that is no IA5String'
  const names = countingCommonNames(certificate, position)
  return names.some((name) => name.includes('\0')) ? 'a common name with a NUL in it' : undefined
}

/** True when a subtree for one of these names has a minimum or maximum beside its base: only then it matters. */
function hasDistances(authority: CertificateDescription, names: readonly GeneralNameView[]): boolean {
  const value = extensionOf(authority, EXTENSIONS.nameConstraints)?.value
  if (!value) return false
  const kinds = new Set(names.map(({ kind }) => kind))
  return (
    orUndefined(() => {
      const subtrees = readChildren(value, readElement(value)).flatMap((list) => readChildren(value, list))
      return subtrees.some((subtree) => {
        const [base, ...distances] = readChildren(value, subtree)
        const kind = GENERAL_NAME_KINDS[(base?.tag ?? 0) & TAG_NUMBER]
        return distances.length > 0 && kind !== undefined && kinds.has(kind)
      })
    }) ?? true
  )
}

function textName(kind: 'email' | 'DNS', value: string): GeneralNameView {
  return { kind, value, content: toUtf8(value) }
}
