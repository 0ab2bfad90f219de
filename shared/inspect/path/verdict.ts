/** The verdict on a certificate's path, as data. Texts are whole sentences for people. */
import type { Bytes } from '../../bytes'
import type { CheckOutcome } from '../check'

/** The checks of a certificate's path (RFC 5280 section 6), in the order in which they are shown. */
export const PATH_CHECK_IDS = [
  'trust_anchor',
  'issuer',
  'signature',
  'dates',
  'host_name',
  'basic_constraints',
  'path_length',
  'key_usage',
  'extended_key_usage',
  'name_constraints',
  'policies',
  'key_size',
  'signature_hash',
  'critical_extensions',
  'extensions',
  'key_identifiers',
  'names',
  'form',
  'revocation',
] as const
export type PathCheckId = (typeof PATH_CHECK_IDS)[number]

/** What a check saw in one certificate of the path. */
export interface PathFinding {
  /** The certificate's place in {@link Verdict.path}: 0 is the one that is judged. */
  readonly position: number
  readonly result: CheckOutcome
  readonly reason: string
  readonly found?: string
  readonly expected?: string
}

/** One check over the whole path: the result that weighs most, in the words of the certificate that it is about. */
export interface PathCheck extends PathFinding {
  readonly id: PathCheckId
  readonly title: string
  /** What it is for, in one sentence. */
  readonly purpose: string
  /** Every certificate that the check looked at, in the order of the path. */
  readonly findings: readonly PathFinding[]
}

/** One certificate of a path. */
export interface PathMember {
  readonly der: Bytes
  /** Its subject; for an empty one a text that says so. */
  readonly title: string
  /** `leaf` is the one that is judged, `anchor` one that is trusted for itself; a trusted leaf is an `anchor`. */
  readonly role: 'leaf' | 'intermediate' | 'anchor'
}

/** Whether a certificate may be taken as a server's, and why. */
export interface Verdict {
  /** True when no check has failed. */
  readonly accepted: boolean
  /** The whole in one sentence; when refused, with the first reason. */
  readonly conclusion: string
  /** From the certificate that is judged to the trust anchor, or as far as it got. */
  readonly path: readonly PathMember[]
  /** One for each of {@link PATH_CHECK_IDS}, in that order. */
  readonly checks: readonly PathCheck[]
}
