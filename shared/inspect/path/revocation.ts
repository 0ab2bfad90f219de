/**
 * Whether certificates of a path are revoked, by the lists that are at hand (RFC 5280 section 6.3): complete and delta lists, those
 * of one scope or some reasons, and indirect ones. Nothing is fetched.
 */
import { isoTime } from '../../time'
import { ALL_REASONS, directoryKey, type DistributionPoint } from '../x509/distribution-points'
import { entryKey, REMOVED, type RevocationListDescription, type RevokedEntry } from '../x509/revocation-list'
import type { CertificateDescription } from '../x509/types'
import type { PathFinding } from './verdict'
import { nameAt, type Found, type PathBefore } from './judged'
import {
  deltasFor,
  faultOfDates,
  issuersAt,
  misfitOf,
  newestOf,
  pointsOf,
  type ReliableList,
} from './list-choice'
import type { ListSigners } from './list-signers'
import type { OpenLists } from './open-lists'

/** What lists say of one certificate; `unknown`: one is meant for it, and can't answer; `none`: there is none for it. */
type Status =
  | { readonly result: 'good'; readonly list: RevocationListDescription }
  | {
      readonly result: 'revoked'
      readonly list: RevocationListDescription
      readonly reason: string
      readonly since: number | undefined
    }
  | ({ readonly result: 'unknown' } & Problem)
  | { readonly result: 'none' }

/** Why lists can't answer, in a sentence. */
interface Problem {
  readonly why: string
  /** Undefined where lists were left out. */
  readonly list: RevocationListDescription | undefined
  /** True when a list that may revoke was not asked, because there are too many: then no other one clears. */
  readonly isOpen?: boolean
}

const TOO_MANY = 'Too many lists are open: not all of them were asked.'
const NO_ANCHOR: Found = {
  result: 'not_made',
  reason: 'The path leads to no trust anchor: no list can be relied on.',
}

/** Judges every certificate of a path. A trust anchor is asked only whether it has revoked itself. */
export async function judgeRevocation(
  path: PathBefore,
  lists: OpenLists,
  signers: ListSigners,
): Promise<readonly PathFinding[]> {
  // Who signs lists is trusted by the anchor, as everybody is.
  if (path.end !== 'anchor') return path.certificates.map((_, position) => ({ position, ...NO_ANCHOR }))
  const findings: PathFinding[] = []
  for (const [position, certificate] of path.certificates.entries()) {
    const isAnchor = position === path.certificates.length - 1
    const status = await statusOf({ path, position, certificate, lists, signers })
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
  const found = status.list ? titleOf(status.list) : 'lists that were not read'
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

function titleOf({ issuer, thisUpdate }: RevocationListDescription): string {
  return `list of ${issuer.text}${thisUpdate === undefined ? '' : `, ${isoTime(thisUpdate)}`}`
}

/** A certificate of a path, and who answers for it. */
interface Asked {
  readonly path: PathBefore
  readonly position: number
  readonly certificate: CertificateDescription
  readonly lists: OpenLists
  readonly signers: ListSigners
}

/** Every list that can be relied on is asked, whatever their order, and one that revokes is enough. */
async function statusOf(asked: Asked): Promise<Status> {
  const { certificate, lists } = asked
  const key = entryKey(directoryKey(certificate.issuer), certificate.serial)
  const covered = new Set<string>()
  const problems: Problem[] = []
  let last: RevocationListDescription | undefined
  for (const point of pointsOf(certificate)) {
    const { reliable, own } = await listsAt(point, asked, problems)
    for (const one of [...newestOf(reliable), ...newestOf(own)]) {
      const { list } = one
      const { deltas, problem } = await deltasOf(list, asked)
      if (problem) problems.push(problem)
      const entry = entryOf(key, deltas) ?? list.entries.get(key)
      if (entry && entry.reason !== REMOVED) return { result: 'revoked', list, ...entry }
      if (own.includes(one) || (problem && deltas.length === 0)) continue
      for (const reason of point.reasons) {
        if ((list.point?.reasons ?? ALL_REASONS).has(reason)) covered.add(reason)
      }
      last = list
    }
  }
  const open = problems.find(({ isOpen }) => isOpen)
  if (open) return { result: 'unknown', ...open }
  if (last && covered.size === ALL_REASONS.size) return { result: 'good', list: last }
  const [problem] = problems
  if (problem) return { result: 'unknown', ...problem }
  if (last)
    return {
      result: 'unknown',
      why: 'The lists here leave out some reasons for which it may be revoked.',
      list: last,
    }
  const only = lists.of(directoryKey(certificate.issuer)).find(({ base }) => base !== undefined)
  if (only)
    return {
      result: 'unknown',
      why: 'Its list is a delta, and the complete list that it adds to is not here.',
      list: only,
    }
  return { result: 'none' }
}

/** Complete lists that cover a certificate by a point; `own`: signed by whoever is asked about, which clears nobody. */
async function listsAt(
  point: DistributionPoint,
  asked: Asked,
  problems: Problem[],
): Promise<{ readonly reliable: readonly ReliableList[]; readonly own: readonly ReliableList[] }> {
  const { certificate, lists, signers } = asked
  const [reliable, own]: [ReliableList[], ReliableList[]] = [[], []]
  for (const issuer of issuersAt(point, certificate)) {
    const complete = lists.of(issuer).filter(({ base }) => base === undefined)
    if (lists.isShort(issuer)) problems.push({ why: TOO_MANY, list: undefined, isOpen: true })
    for (const list of complete) {
      if (!signers.mayAsk(1)) {
        problems.push({ why: TOO_MANY, list, isOpen: true })
        break
      }
      const misfit = misfitOf(list, point, certificate)
      const answer = misfit === undefined ? await answerOf(list, asked) : { why: misfit }
      if ('why' in answer) problems.push({ ...answer, list })
      else (answer.isOwn ? own : reliable).push({ list, signer: answer.signer })
    }
  }
  return { reliable, own }
}

/** The newest deltas to a list that can be relied on: those with one number. A problem is why none can be, or not all were asked. */
async function deltasOf(
  list: RevocationListDescription,
  asked: Asked,
): Promise<{ readonly deltas: readonly RevocationListDescription[]; readonly problem?: Problem }> {
  const ofIssuer = asked.lists.of(directoryKey(list.issuer))
  if (!asked.signers.mayAsk(ofIssuer.length))
    return { deltas: [], problem: { why: TOO_MANY, list, isOpen: true } }
  const deltas: RevocationListDescription[] = []
  let problem: Problem | undefined
  for (const delta of deltasFor(list, ofIssuer, asked.path.now)) {
    const [newest = delta] = deltas
    if (delta.number !== newest.number) break
    const answer = await answerOf(delta, asked)
    if (!('why' in answer)) deltas.push(delta)
    else if (!problem || answer.isOpen === true)
      problem = { ...answer, why: `There is a delta to its list. ${answer.why}`, list }
  }
  const isOf = problem !== undefined && (deltas.length === 0 || problem.isOpen === true)
  return isOf && problem ? { deltas, problem } : { deltas }
}

/** Of several entries for one certificate the one that revokes it counts. */
function entryOf(key: string, lists: readonly RevocationListDescription[]): RevokedEntry | undefined {
  const entries = lists.flatMap(({ entries }) => entries.get(key) ?? [])
  return entries.find(({ reason }) => reason !== REMOVED) ?? entries[0]
}

/** Who signed a list, or why it can't be relied on. */
async function answerOf(
  list: RevocationListDescription,
  { path, position, signers }: Asked,
): ReturnType<ListSigners['signerOf']> {
  if (list.fault !== undefined) return { why: `Its list can’t be used. ${list.fault}` }
  const why = faultOfDates(list, path.now)
  return why === undefined ? signers.signerOf(list, path, position) : { why }
}
