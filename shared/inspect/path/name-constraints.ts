/** Name constraints (RFC 5280 section 4.2.1.10): which names an authority lets those below it have. */
import { fromBinaryString, toBinaryString, type Bytes } from '../../bytes'
import { orUndefined } from '../../errors'
import { readChildren, readElement, writeElement } from '../../crypto/encodings/der'
import { addressBytes, matchDnsName } from '../../crypto/pki/host-name'
import type { PathFinding } from './verdict'
import { readNameDer, sameName } from '../x509/names'
import type { CertificateDescription, GeneralNameKind, GeneralNameView } from '../x509/types'
import { EXTENSIONS, extensionOf, isSelfIssued, titleOf } from './facts'
import { findEach, nameAt, type Found, type JudgedPath } from './judged'
import { oidNamed } from '../../crypto/encodings/oids'

const SEQUENCE = 0x30
const EMAIL_ATTRIBUTE = oidNamed('emailAddress')
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
    const names = namesOf(certificate, position)
    if (names.length * above.reduce((sum, authority) => sum + countOf(authority), 0) > MAX_COMPARISONS) {
      const reason = `${nameAt(path, position)} has so many names, under so many constraints, that they are not compared.`
      return { result: 'failed', reason }
    }
    for (const authority of above) {
      if (hasDistances(authority)) {
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
  const ofKind = permitted.filter((each) => each.kind === name.kind)
  const forbidden = excluded.filter((each) => each.kind === name.kind)
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

/** The subject, its mail addresses, all alternative names; of a server without DNS names also its common name. */
function namesOf(certificate: CertificateDescription, position: number): readonly GeneralNameView[] {
  const { subject, standard } = certificate
  const alternative = standard.subjectAltName ?? []
  const directory: GeneralNameView[] =
    subject.attributes.length === 0
      ? []
      : [{ kind: 'directoryName', value: subject.text, content: subject.der }]
  const emails = subject.attributes
    .filter(({ oid }) => oid === EMAIL_ATTRIBUTE)
    .map(({ value }): GeneralNameView => textName('email', value))
  const commonNames =
    position > 0 || alternative.some(({ kind }) => kind === 'DNS')
      ? []
      : subject.attributes
          .filter(({ name, value }) => name === 'CN' && looksLikeHost(value))
          .map(({ value }): GeneralNameView => textName('DNS', value))
  return [...directory, ...emails, ...alternative, ...commonNames]
}

function isWithin(name: GeneralNameView, base: GeneralNameView): boolean {
  switch (name.kind) {
    case 'DNS':
      return isDnsWithin(textOf(name), textOf(base))
    case 'email':
      return isEmailWithin(toBinaryString(name.content), toBinaryString(base.content))
    case 'URI':
      return isUriWithin(textOf(name), textOf(base))
    case 'IP':
      return isAddressWithin(name.content, base.content)
    default:
      return isNameWithin(name.content, base.content)
  }
}

/** What has no host or address in it is neither within nor outside of a base. */
function isComparable(name: GeneralNameView): boolean {
  switch (name.kind) {
    case 'email':
      return textOf(name).includes('@')
    case 'URI':
      return hostOf(textOf(name)) !== undefined
    case 'IP':
      return name.content.length === 4 || name.content.length === 16
    default:
      return true
  }
}

function isComparableBase({ kind, content }: GeneralNameView): boolean {
  return kind !== 'IP' || content.length === 8 || content.length === 32
}

/** True when a subtree has a minimum or maximum beside its base. */
function hasDistances(authority: CertificateDescription): boolean {
  const value = extensionOf(authority, EXTENSIONS.nameConstraints)?.value
  if (!value) return false
  return (
    orUndefined(() => {
      const subtrees = readChildren(value, readElement(value)).flatMap((list) => readChildren(value, list))
      return subtrees.some((subtree) => readChildren(value, subtree).length > 1)
    }) ?? true
  )
}

/** The base itself or anything to its left, by whole labels; an empty base is every name. */
function isDnsWithin(name: string, base: string): boolean {
  if (base === '' || name === base) return true
  return name.endsWith(base) && (base.startsWith('.') || name.at(-base.length - 1) === '.')
}

/** A whole mailbox, a host, or with a leading dot a domain. The part before the `@` is compared with its case. */
function isEmailWithin(name: string, base: string): boolean {
  const at = name.lastIndexOf('@')
  if (at === -1) return false
  const host = name.slice(at + 1).toLowerCase()
  const baseAt = base.lastIndexOf('@')
  const baseHost = base.slice(baseAt + 1).toLowerCase()
  if (baseAt === -1) return baseHost.startsWith('.') ? host.endsWith(baseHost) : host === baseHost
  const sameMailbox = baseAt === 0 || name.slice(0, at) === base.slice(0, baseAt)
  return sameMailbox && host === baseHost
}

function isUriWithin(name: string, base: string): boolean {
  const host = hostOf(name)
  if (host === undefined) return false
  return base.startsWith('.') ? host.endsWith(base) && host !== base : host === base
}

/** The name begins with all parts of the base. */
function isNameWithin(name: Bytes, base: Bytes): boolean {
  return (
    orUndefined(() => {
      const parts = readChildren(name, readElement(name))
      const { length } = readChildren(base, readElement(base))
      const first = parts.slice(0, length).map(({ start, end }) => name.subarray(start, end))
      return sameName(readNameDer(writeElement(SEQUENCE, ...first)), readNameDer(base))
    }) ?? false
  )
}

function hostOf(uri: string): string | undefined {
  return /^[^:/]+:\/\/(?:[^/@]*@)?([^:/?#]+)/.exec(uri)?.[1]
}

/** An address and a mask of the same length. */
function isAddressWithin(address: Bytes, base: Bytes): boolean {
  if (base.length !== address.length * 2) return false
  return address.every((byte, index) => {
    const mask = base[address.length + index] ?? 0
    return (byte & mask) === ((base[index] ?? 0) & mask)
  })
}

function looksLikeHost(text: string): boolean {
  return text.includes('.') && matchDnsName(text, text) !== undefined && addressBytes(text) === undefined
}

function textName(kind: 'email' | 'DNS', value: string): GeneralNameView {
  return { kind, value, content: fromBinaryString(value) }
}

/** Characters of an IA5String, lower case. */
function textOf({ content }: GeneralNameView): string {
  return toBinaryString(content).toLowerCase()
}
