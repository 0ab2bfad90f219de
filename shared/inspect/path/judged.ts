/** A path with everything that its checks ask for, and helpers to word what they find. */
import type { Verification } from '../../crypto/pki/verify'
import { isoTime } from '../../time'
import type { ProfileId } from '../artifact'
import type { PathCheckId, PathFinding } from './verdict'
import type { CertificateDescription } from '../x509/types'
import type { BuiltPath } from './build'
import { titleOf } from './facts'

/** What the first certificate of a path is judged as. */
export type JudgedAs = 'server' | 'authority'

/** What may be asked for beyond a profile. */
export type AskedBeyond = Partial<Pick<PathBefore, 'judgesPolicies' | 'maxIntermediates'>>

/** A path before revocation lists were asked. */
export interface PathBefore extends BuiltPath {
  readonly as: JudgedAs
  readonly profile: PathProfile
  /** How many authorities may stand between the certificate and its anchor; those that renew their own key don’t count. */
  readonly maxIntermediates: number
  /** At each place whether the next certificate's key made the signature; the last is by its own key. */
  readonly signatures: readonly Verification[]
  /** True where certificate policies are judged (RFC 5280 section 6.1). */
  readonly judgesPolicies: boolean
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** Empty when no host was asked for. */
  readonly host: string
}

export interface JudgedPath extends PathBefore {
  /** What revocation lists say of it; empty without any. */
  readonly revocation: readonly PathFinding[]
}

/** A finding without its place. */
export type Found = Omit<PathFinding, 'position'>

/** Where a rule looks. */
export interface RulePlace {
  readonly path: JudgedPath
  readonly position: number
  /** The certificate as the subject of a sentence. */
  readonly subject: string
  /** It is trusted for itself. */
  readonly isAnchor: boolean
  /** It is the one that is judged, as a server's. */
  readonly isServer: boolean
}

/** Something that a profile asks for beyond the checks that all have; it speaks as a part of one of them. */
export interface ProfileRule {
  readonly check: PathCheckId
  readonly find: (certificate: CertificateDescription, place: RulePlace) => Found | undefined
}

/** A judge, as data. */
export interface PathProfile {
  readonly id: ProfileId
  /** True when a path may end at any trust anchor, and not only at one that has signed itself. */
  readonly endsAtAnyAnchor: boolean
  /** How many paths are judged, when the first one is refused: one of the others may hold (RFC 4158). */
  readonly paths: number
  /** Checks of which also what others only warn of refuses, but for a trust anchor above others. */
  readonly strict: ReadonlySet<PathCheckId>
  readonly judgesPolicies: boolean
  readonly rules: readonly ProfileRule[]
}

/** Makes a finding for each certificate; those of which there is nothing to say are left out. */
export function findEach(
  path: JudgedPath,
  find: (certificate: CertificateDescription, position: number) => Found | undefined,
): readonly PathFinding[] {
  return path.certificates.flatMap((certificate, position) => {
    const found = find(certificate, position)
    return found ? [{ position, ...found }] : []
  })
}

/**
 * The weight of what a certificate must not do by RFC 5280's profile (OpenSSL: `-x509_strict`). A certificate that vouches
 * for itself alone is not bound by it (RFC 6818 section 2).
 */
export function strictly(path: JudgedPath): 'failed' | 'warning' {
  return path.certificates.length > 1 ? 'failed' : 'warning'
}

/** The certificate at a place, as the subject of a sentence. */
export function nameAt(path: PathBefore, position: number): string {
  const certificate = path.certificates[position]
  return position === 0 || !certificate ? 'The certificate' : `The certificate of ${titleOf(certificate)}`
}

/** True for certificates that have to be an authority's: all but a server's own. */
export function isAuthorityPlace({ as }: JudgedPath, position: number): boolean {
  return position > 0 || as === 'authority'
}

export function dateText(time: number | undefined): string {
  return time === undefined ? 'a time that can’t be read' : isoTime(time)
}
