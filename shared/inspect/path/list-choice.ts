/** Which revocation lists are asked about a certificate (RFC 5280 section 6.3.3 (a) to (c)): by issuer, scope, dates and number. */
import { isoTime } from '../../time'
import { ALL_REASONS, directoryKey, readDistributionPoints } from '../x509/distribution-points'
import type { DistributionPoint } from '../x509/distribution-points'
import type { RevocationListDescription } from '../x509/revocation-list'
import type { CertificateDescription } from '../x509/types'
import { EXTENSIONS, extensionOf } from './facts'

/** Without distribution points: whoever issued the certificate has a list of everything (RFC 5280 section 6.3.3). */
const IMPLIED: DistributionPoint = { names: undefined, reasons: ALL_REASONS, issuer: undefined }
/** Points of one certificate that are looked at. */
const MOST_POINTS = 32

/** A list that can be relied on, and whose certificate is of the key that signed it. */
export interface ReliableList {
  readonly list: RevocationListDescription
  readonly signer: CertificateDescription
}

export function pointsOf(certificate: CertificateDescription): readonly DistributionPoint[] {
  const extension = extensionOf(certificate, EXTENSIONS.crlDistributionPoints)
  if (!extension || extension.problem !== undefined) return [IMPLIED]
  const points = readDistributionPoints(extension.value, certificate.issuer)
  return [...points.slice(0, MOST_POINTS), IMPLIED]
}

/** Whose lists cover a certificate: who issued it, or whom the point names in its place. */
export function issuersAt(
  { issuer }: DistributionPoint,
  certificate: CertificateDescription,
): readonly string[] {
  return issuer ? [...issuer.distinguished] : [directoryKey(certificate.issuer)]
}

/** RFC 5280 section 6.3.3 (b): why a list does not cover the certificate, in a sentence. */
export function misfitOf(
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

export function faultOfDates(
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

/** Of lists of one signer and scope the newest, whatever their order: an older one does not know who was revoked since. */
export function newestOf(lists: readonly ReliableList[]): readonly ReliableList[] {
  return lists.filter(
    (one) =>
      !lists.some(
        (other) =>
          other.signer === one.signer &&
          other.list.point?.scope === one.list.point?.scope &&
          isNewer(other.list, one.list),
      ),
  )
}

function isNewer(a: RevocationListDescription, b: RevocationListDescription): boolean {
  const [at, before] = [a.thisUpdate ?? 0, b.thisUpdate ?? 0]
  return at > before || (at === before && (a.number ?? -1n) > (b.number ?? -1n))
}

/** RFC 5280 section 6.3.3 (c): the current deltas of the same issuer and scope that add to a list, the newest first. */
export function deltasFor(
  list: RevocationListDescription,
  ofIssuer: readonly RevocationListDescription[],
  time: number,
): readonly RevocationListDescription[] {
  const { number } = list
  if (number === undefined) return []
  return ofIssuer
    .filter(
      (delta) =>
        delta.base !== undefined &&
        delta.number !== undefined &&
        delta.base <= number &&
        number < delta.number &&
        faultOfDates(delta, time) === undefined &&
        delta.point?.scope === list.point?.scope &&
        String(delta.keyIdentifier) === String(list.keyIdentifier),
    )
    .sort((a, b) => (isNumberedAfter(a, b) ? -1 : isNumberedAfter(b, a) ? 1 : 0))
}

function isNumberedAfter(a: RevocationListDescription, b: RevocationListDescription): boolean {
  return (a.number ?? -1n) > (b.number ?? -1n)
}
