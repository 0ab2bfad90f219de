/** A path with everything that its checks ask for, and helpers to word what they find. */
import type { Verification } from '../../crypto/pki/verify'
import { isoTime } from '../../time'
import type { PathFinding } from './verdict'
import type { CertificateDescription } from '../x509/types'
import type { BuiltPath } from './build'
import { titleOf } from './facts'

/** What the first certificate of a path is judged as. */
export type JudgedAs = 'server' | 'authority'

export interface JudgedPath extends BuiltPath {
  readonly as: JudgedAs
  /** At each place whether the next certificate's key made the signature; the last is by its own key. */
  readonly signatures: readonly Verification[]
  /** Milliseconds since the Unix epoch. */
  readonly now: number
  /** Empty when no host was asked for. */
  readonly host: string
}

/** A finding without its place. */
export type Found = Omit<PathFinding, 'position'>

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
export function nameAt(path: JudgedPath, position: number): string {
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
