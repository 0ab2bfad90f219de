/**
 * Whether certificates of a path are revoked, by the lists that are at hand (RFC 5280 section 6.3): complete and delta lists, those
 * of one scope or some reasons, and indirect ones. Nothing is fetched.
 */
import { isoTime } from '../../time'
import { ALL_REASONS, directoryKey, type DistributionPoint } from '../x509/distribution-points'
import { readDistributionPoints } from '../x509/distribution-points'
import { sameName } from '../x509/names'
import { entryKey, REMOVED, type RevocationListDescription } from '../x509/revocation-list'
import type { CertificateDescription } from '../x509/types'
import type { PathFinding } from './verdict'
import { EXTENSIONS, extensionOf } from './facts'
import { nameAt, type Found, type PathBefore } from './judged'
import type { ListSigners } from './list-signers'

/** Without distribution points: whoever issued the certificate has a list of everything (RFC 5280 section 6.3.3). */
const IMPLIED: DistributionPoint = { names: undefined, reasons: ALL_REASONS, issuer: undefined }
/** Points of one certificate that are looked at. */
const MOST_POINTS = 32

/** What lists say of one certificate; `unknown`: one is meant for it, and can't answer; `none`: there is none for it. */
type Status =
  | { readonly result: 'good'; readonly list: RevocationListDescription }
  | {
      readonly result: 'revoked'
      readonly list: RevocationListDescription
      readonly reason: string
      readonly since: number | undefined
    }
  | { readonly result: 'unknown'; readonly why: string; readonly list: RevocationListDescription }
  | { readonly result: 'none' }

/** Judges every certificate of a path. A trust anchor is asked only whether it has revoked itself. */
export async function judgeRevocation(
  path: PathBefore,
  lists: readonly RevocationListDescription[],
  signers: ListSigners,
): Promise<readonly PathFinding[]> {
  const findings: PathFinding[] = []
  for (const [position, certificate] of path.certificates.entries()) {
    const isAnchor = path.end === 'anchor' && position === path.certificates.length - 1
    const status = await statusOf(path, position, certificate, lists, signers)
    if (isAnchor && status.result !== 'revoked') continue
    findings.push({ position, ...worded(status, nameAt(path, position)) })
  }
  return findings
}

function worded(status: Status, subject: string): Found {
  if (status.result === 'none') {
    const reason = `No revocation list for it is open here: whether ${subject[0]?.toLowerCase()}${subject.slice(1)} is revoked is not known.`
    return { result: 'not_made', reason, found: 'no list' }
  }
  const { list } = status
  const found = `list of ${list.issuer.text}${list.thisUpdate === undefined ? '' : `, ${isoTime(list.thisUpdate)}`}`
  switch (status.result) {
    case 'good':
      return { result: 'ok', reason: `${subject} is not revoked: the list does not have it.`, found }
    case 'revoked': {
      const since = status.since === undefined ? '' : ` on ${isoTime(status.since)}`
      const why = REASON_WORDS[status.reason]
      return {
        result: 'failed',
        reason: `${subject} was revoked${since}${why ? `, because ${why}` : ''}.`,
        found,
        expected: 'not on the list',
      }
    }
    case 'unknown':
      return {
        result: 'failed',
        reason: `Whether ${subject[0]?.toLowerCase()}${subject.slice(1)} is revoked can’t be known. ${status.why}`,
        found,
        expected: 'a list that can be relied on',
      }
  }
}

/** RFC 5280 section 5.3.1. */
const REASON_WORDS: Readonly<Record<string, string>> = {
  keyCompromise: 'its key is no longer secret',
  cACompromise: 'its authority’s key is no longer secret',
  affiliationChanged: 'what it says of its subject changed',
  superseded: 'another one took its place',
  cessationOfOperation: 'it is no longer needed',
  certificateHold: 'it is on hold',
  privilegeWithdrawn: 'what it allowed was withdrawn',
  aACompromise: 'the key of an attribute authority is no longer secret',
}

async function statusOf(
  path: PathBefore,
  position: number,
  certificate: CertificateDescription,
  lists: readonly RevocationListDescription[],
  signers: ListSigners,
): Promise<Status> {
  const covered = new Set<string>()
  let problem: { readonly why: string; readonly list: RevocationListDescription } | undefined
  let last: RevocationListDescription | undefined
  for (const point of [...pointsOf(certificate), IMPLIED]) {
    for (const list of lists) {
      if (list.base !== undefined || !isFrom(list, point, certificate)) continue
      const misfit = misfitOf(list, point, certificate)
      const reasons = [...point.reasons].filter((reason) => (list.point?.reasons ?? ALL_REASONS).has(reason))
      if (misfit === undefined && reasons.every((reason) => covered.has(reason))) continue
      const why = misfit ?? (await faultOf(list, path, position, signers))
      if (why !== undefined) {
        problem ??= { why, list }
        continue
      }
      const delta = deltaFor(list, lists, path.now)
      const faultOfDelta = delta && (await faultOf(delta, path, position, signers))
      if (faultOfDelta !== undefined) {
        problem ??= { why: `There is a delta to its list. ${faultOfDelta}`, list }
        continue
      }
      const key = entryKey(directoryKey(certificate.issuer), certificate.serial)
      const entry = delta?.entries.get(key) ?? list.entries.get(key)
      if (entry && entry.reason !== REMOVED) return { result: 'revoked', list, ...entry }
      for (const reason of reasons) covered.add(reason)
      last = list
    }
  }
  if (last && covered.size === ALL_REASONS.size) return { result: 'good', list: last }
  if (problem) return { result: 'unknown', ...problem }
  if (last)
    return {
      result: 'unknown',
      why: 'The lists here leave out some reasons for which it may be revoked.',
      list: last,
    }
  const only = lists.find((list) => list.base !== undefined && sameName(list.issuer, certificate.issuer))
  if (only)
    return {
      result: 'unknown',
      why: 'Its list is a delta, and the complete list that it adds to is not here.',
      list: only,
    }
  return { result: 'none' }
}

function pointsOf(certificate: CertificateDescription): readonly DistributionPoint[] {
  const extension = extensionOf(certificate, EXTENSIONS.crlDistributionPoints)
  if (!extension || extension.problem !== undefined) return []
  return readDistributionPoints(extension.value, certificate.issuer).slice(0, MOST_POINTS)
}

/** The list is by who issued the certificate, or by whom the point names in its place. */
function isFrom(
  list: RevocationListDescription,
  { issuer }: DistributionPoint,
  certificate: CertificateDescription,
): boolean {
  return issuer
    ? issuer.distinguished.has(directoryKey(list.issuer))
    : sameName(list.issuer, certificate.issuer)
}

/** RFC 5280 section 6.3.3 (b): why a list does not cover the certificate, in a sentence. */
function misfitOf(
  { point: scope }: RevocationListDescription,
  point: DistributionPoint,
  { standard, issuer }: CertificateDescription,
): string | undefined {
  if (point.issuer && scope?.indirect !== true)
    return 'Its list is of another authority, and does not say that it covers those of others.'
  if (!scope) return undefined
  const isAuthority = standard.basicConstraints?.authority === true
  if (scope.only === 'user' && isAuthority) return 'Its list has no certificates of authorities.'
  if (scope.only === 'authority' && !isAuthority) return 'Its list has certificates of authorities alone.'
  if (scope.only === 'attribute') return 'Its list has attribute certificates alone.'
  if (!scope.names) return undefined
  const wanted = point.names ?? point.issuer?.names ?? new Set([directoryKey(issuer)])
  return [...wanted].some((name) => scope.names?.has(name))
    ? undefined
    : 'Its list is for another distribution point.'
}

/** Why a list can't be relied on, in a sentence. */
async function faultOf(
  list: RevocationListDescription,
  path: PathBefore,
  position: number,
  signers: ListSigners,
): Promise<string | undefined> {
  if (list.fault !== undefined) return `Its list can’t be used. ${list.fault}`
  return faultOfDates(list, path.now) ?? signers.faultOf(list, path, position)
}

function faultOfDates(
  { thisUpdate, nextUpdate }: RevocationListDescription,
  time: number,
): string | undefined {
  // Lists hold whole seconds.
  const now = Math.floor(time / 1000) * 1000
  if (thisUpdate !== undefined && now < thisUpdate)
    return `Its list is from the future: ${isoTime(thisUpdate)}.`
  return nextUpdate !== undefined && now > nextUpdate
    ? `Its list is out of date: the next one was due on ${isoTime(nextUpdate)}.`
    : undefined
}

/** RFC 5280 section 6.3.3 (c): of the current deltas of the same issuer and scope that add to the list, the newest. */
function deltaFor(
  list: RevocationListDescription,
  lists: readonly RevocationListDescription[],
  time: number,
): RevocationListDescription | undefined {
  const { number } = list
  if (number === undefined) return undefined
  return lists
    .filter(
      (delta) =>
        delta.base !== undefined &&
        delta.number !== undefined &&
        delta.base <= number &&
        faultOfDates(delta, time) === undefined &&
        number < delta.number &&
        sameName(delta.issuer, list.issuer) &&
        delta.point?.scope === list.point?.scope &&
        String(delta.keyIdentifier) === String(list.keyIdentifier),
    )
    .reduce<RevocationListDescription | undefined>(
      (newest, delta) => (newest && (newest.number ?? 0n) >= (delta.number ?? 0n) ? newest : delta),
      undefined,
    )
}
