/** Certificate revocation lists (RFC 5280 section 5) as data. What keeps one from being used is told, not thrown. */
import { equalBytes, toHex, type Bytes } from '../../bytes'
import { requireDer } from '../../crypto/asn1/strict'
import { decodeTime } from '../../crypto/asn1/times'
import { oidNamed } from '../../crypto/encodings/oids'
import { LabError, passOwnFault } from '../../errors'
import { readAlgorithm } from './algorithms'
import { directoryKey, readIssuingPoint, type IssuingPoint } from './distribution-points'
import { readExtensions } from './extensions'
import { readGeneralNames } from './general-names'
import { readName, readNameDer } from './names'
import {
  bitsOfPart,
  contentBytes,
  faultOfDer,
  fieldOf,
  numberOfPart,
  partsOf,
  readWhole,
  required,
  wholeBytes,
  type Part,
} from './parts'
import type { AlgorithmView, DistinguishedNameView, ExtensionView } from './types'

/** What a list says of a certificate. */
export interface RevokedEntry {
  /** As RFC 5280 section 5.3.1 names it; `unspecified` when it gives none. */
  readonly reason: string
  /** Milliseconds since the Unix epoch; undefined when it can't be read. */
  readonly since: number | undefined
}

/** What a list of any kind says. Times are milliseconds since the Unix epoch. */
export interface RevocationListDescription {
  /** tbsCertList, the bytes that its issuer signed. */
  readonly signedPart: Bytes
  readonly signature: Bytes
  readonly signatureAlgorithm: AlgorithmView
  readonly issuer: DistinguishedNameView
  readonly thisUpdate: number | undefined
  readonly nextUpdate: number | undefined
  readonly keyIdentifier: Bytes | undefined
  readonly number: bigint | undefined
  /** Of a delta, the number of the list that it adds to (RFC 5280 section 5.2.4). */
  readonly base: bigint | undefined
  readonly point: IssuingPoint | undefined
  /** Why it can't be used, as a sentence; undefined when nothing is known against it. */
  readonly fault: string | undefined
  /** By {@link entryKey}. */
  readonly entries: ReadonlyMap<string, RevokedEntry>
}

const UNDERSTOOD: ReadonlySet<string> = new Set(
  [
    'authorityKeyIdentifier',
    'issuerAltName',
    'cRLNumber',
    'deltaCRLIndicator',
    'issuingDistributionPoint',
    'freshestCRL',
  ].map(oidNamed),
)
const UNDERSTOOD_OF_ENTRIES: ReadonlySet<string> = new Set(
  ['cRLReason', 'certificateIssuer', 'invalidityDate', 'holdInstructionCode'].map(oidNamed),
)
const [REASON, CERTIFICATE_ISSUER] = [oidNamed('cRLReason'), oidNamed('certificateIssuer')] as const
const REASONS: Readonly<Record<number, string>> = {
  ...{ 0: 'unspecified', 1: 'keyCompromise', 2: 'cACompromise', 3: 'affiliationChanged', 4: 'superseded' },
  ...{ 5: 'cessationOfOperation', 6: 'certificateHold', 8: 'removeFromCRL', 9: 'privilegeWithdrawn' },
  10: 'aACompromise',
}
/** The reason of an entry that takes an earlier one back (RFC 5280 section 5.3.1). */
export const REMOVED = 'removeFromCRL'
const ENUMERATED = 10
/** RFC 5280 section 5.2.3: at most 20, and a sign. */
const MOST_NUMBER_BYTES = 21
const WHAT =
  'The bytes are no revocation list: tbsCertList, signatureAlgorithm and signatureValue are expected (RFC 5280 section 5.1).'

/** What an entry is found by: who issued the certificate, and its serial number as hex of the INTEGER's content. */
export function entryKey(issuer: string, serial: string): string {
  return `${serial} ${issuer}`
}

/**
 * Reads a list, DER.
 * @throws LabError `bad_crl` when the bytes are no list at all
 */
export function readRevocationList(der: Bytes): RevocationListDescription {
  const whole = readWhole(der, 'CertificateList', 'bad_crl')
  const list = required(fieldOf(whole, 'tbsCertList'), 'bad_crl', WHAT)
  const issuer = readName(required(fieldOf(list, 'issuer'), 'bad_crl', WHAT), [], 'The issuer')
  const { extensions, standard } = readExtensions(fieldOf(list, 'crlExtensions'), [])
  const valueOf = (name: string): Bytes | undefined =>
    extensions.find((extension) => extension.oid === oidNamed(name) && extension.problem === undefined)?.value
  const broken = new Faults()
  const point = valueOf('issuingDistributionPoint')
  const thisUpdate = readTime(fieldOf(list, 'thisUpdate'))
  const nextUpdate = fieldOf(list, 'nextUpdate')
  const until = nextUpdate && readTime(nextUpdate)
  const number = broken.without(() => numberIn(valueOf('cRLNumber')))
  const base = broken.without(() => numberIn(valueOf('deltaCRLIndicator')))
  const scope = broken.without(() => point && readIssuingPoint(point, issuer))
  const { entries, fault } = readEntries(fieldOf(list, 'revokedCertificates'), issuer, broken)
  return {
    signedPart: wholeBytes(list),
    signature: bitsOfPart(fieldOf(whole, 'signatureValue')) ?? new Uint8Array(),
    signatureAlgorithm: readAlgorithm(fieldOf(whole, 'signatureAlgorithm')),
    issuer,
    thisUpdate,
    nextUpdate: until,
    keyIdentifier: standard.authorityKeyIdentifier?.keyIdentifier,
    number,
    base,
    point: scope,
    fault:
      faultOfForm(der, whole, list) ??
      faultOfExtensions(extensions, UNDERSTOOD, 'It') ??
      fault ??
      broken.first ??
      (thisUpdate === undefined || (nextUpdate && until === undefined)
        ? 'It has a date that can’t be read.'
        : undefined),
    entries,
  }
}

/**
 * Parts that can't be read, as sentences. A list with one is told to be of no use: left out, it would say nothing against whom it
 * revokes.
 */
class Faults {
  first: string | undefined

  /** What reading gives; undefined where it fails. */
  without<T>(read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      passOwnFault(error)
      this.first ??= error instanceof Error ? error.message : String(error)
      return undefined
    }
  }
}

function faultOfForm(der: Bytes, whole: Part, list: Part): string | undefined {
  const notDer = faultOfDer(() => requireDer(der, 'CertificateList'))
  if (notDer !== undefined) return `It is not DER. ${notDer}`
  const [inner, outer] = [fieldOf(list, 'signature'), fieldOf(whole, 'signatureAlgorithm')]
  if (!inner || !outer || !equalBytes(wholeBytes(inner), wholeBytes(outer)))
    return 'It names one signature algorithm inside the signed part and another outside.'
  const version = numberOfPart(fieldOf(list, 'version')) ?? 0
  if (version > 1 || version < 0) return `There is no version ${version + 1} of lists.`
  return version === 0 && fieldOf(list, 'crlExtensions')
    ? 'It has extensions, which only version 2 knows.'
    : undefined
}

/** RFC 5280 section 5.2: a list with a critical extension that is not understood says nothing. */
function faultOfExtensions(
  extensions: readonly ExtensionView[],
  understood: ReadonlySet<string>,
  what: string,
): string | undefined {
  const unknown = extensions.find(({ critical, oid }) => critical && !understood.has(oid))
  if (unknown) return `${what} has a critical extension that is not understood here, ${unknown.name}.`
  const broken = extensions.find(({ problem, oid }) => problem !== undefined && understood.has(oid))
  return broken && `${what} has an extension that can’t be read, ${broken.name}. ${broken.problem ?? ''}`
}

function readEntries(
  part: Part | undefined,
  issuer: DistinguishedNameView,
  broken: Faults,
): Pick<RevocationListDescription, 'entries' | 'fault'> {
  const entries = new Map<string, RevokedEntry>()
  let of = directoryKey(issuer)
  let fault: string | undefined
  for (const entry of part ? partsOf(part) : []) {
    const [serial, date, held] = partsOf(entry)
    let reason = 'unspecified'
    if (held) {
      const { extensions } = readExtensions(held, [])
      fault ??= faultOfExtensions(extensions, UNDERSTOOD_OF_ENTRIES, 'An entry of it')
      for (const { oid, value, problem } of extensions) {
        if (problem !== undefined) continue
        if (oid === REASON) reason = broken.without(() => reasonIn(value)) ?? reason
        // It is of the entries that follow, too (RFC 5280 section 5.3.3).
        if (oid === CERTIFICATE_ISSUER) of = broken.without(() => issuerIn(value)) ?? of
      }
    }
    if (!serial) continue
    const key = entryKey(of, toHex(contentBytes(serial)))
    // Of two for one certificate the one that revokes it counts.
    if ((entries.get(key)?.reason ?? REMOVED) === REMOVED) entries.set(key, { reason, since: readTime(date) })
  }
  return { entries, fault }
}

function reasonIn(value: Bytes): string {
  const { node, structure } = readWhole(value, 'CRLReason', 'bad_crl')
  const [number] = node.universal === ENUMERATED ? contentBytes({ node, structure }) : []
  return REASONS[number ?? 0] ?? 'unspecified'
}

function issuerIn(value: Bytes): string | undefined {
  const names = readGeneralNames(readWhole(value, 'GeneralNames', 'bad_crl'))
  const named = names.find(({ kind }) => kind === 'directoryName')
  return named && directoryKey(readNameDer(named.content))
}

function numberIn(value: Bytes | undefined): bigint | undefined {
  if (!value) return undefined
  const content = contentBytes(readWhole(value, 'CRLNumber', 'bad_crl'))
  const [first = 0x80] = content
  if (first >= 0x80 || content.length > MOST_NUMBER_BYTES)
    throw new LabError('bad_crl', 'Its number is negative, or longer than 20 bytes (RFC 5280 section 5.2.3).')
  return BigInt(`0x${toHex(content)}`)
}

function readTime(part: Part | undefined): number | undefined {
  const { time, problem } = part
    ? decodeTime(part.node.universal ?? 0, contentBytes(part))
    : { time: undefined, problem: undefined }
  return problem === undefined ? time : undefined
}
