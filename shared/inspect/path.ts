/**
 * Judges a certificate as a server's by its path to a trust anchor (RFC 5280 section 6, RFC 9525), with the strictness of
 * `openssl verify -x509_strict -purpose sslserver -auth_level 2`. Where it differs and why: docs/decisions/0014.
 */
import type { Bytes } from '../bytes'
import { assertNever } from '../errors'
import type { InspectContext } from './artifact'
import {
  PATH_CHECK_IDS,
  type PathCheck,
  type PathCheckId,
  type PathFinding,
  type PathMember,
  type Verdict,
} from './path/verdict'
import type { CheckOutcome } from './check'
import { buildPath } from './path/build'
import { titleOf } from './path/facts'
import type { JudgedAs, JudgedPath } from './path/judged'
import { PathMemory } from './path/memory'
import { checkNameConstraints } from './path/name-constraints'
import {
  checkCriticalExtensions,
  checkExtensions,
  checkForm,
  checkKeyIdentifiers,
  checkNames,
} from './path/profile-checks'
import { checkKeySize, checkSignatureHash } from './path/strength-checks'
import {
  checkDates,
  checkHostName,
  checkIssuers,
  checkSignatures,
  checkTrustAnchor,
} from './path/trust-checks'
import {
  checkBasicConstraints,
  checkExtendedKeyUsage,
  checkKeyUsage,
  checkPathLength,
} from './path/use-checks'

/** Titles and purposes of the checks. */
export const PATH_CHECKS: Readonly<
  Record<PathCheckId, { readonly title: string; readonly purpose: string }>
> = {
  trust_anchor: {
    title: 'Trust anchor',
    purpose: 'The path has to end at a certificate that you trust for itself.',
  },
  issuer: {
    title: 'Issuer',
    purpose: 'Each certificate has to be issued by the next one in the path.',
  },
  signature: {
    title: 'Signature',
    purpose: 'Each issuer’s key has to have signed the very bytes of the certificate below it.',
  },
  dates: {
    title: 'Dates',
    purpose: 'Every certificate of the path has to be valid now.',
  },
  host_name: {
    title: 'Host name',
    purpose: 'The certificate has to be for the host that one connects to, not just for any.',
  },
  basic_constraints: {
    title: 'Basic constraints',
    purpose: 'Only certificates of authorities may issue others.',
  },
  path_length: {
    title: 'Path length',
    purpose: 'An authority may limit how many authorities can be below it.',
  },
  key_usage: {
    title: 'Key usage',
    purpose: 'A key is used only for what its issuer allowed: signing certificates, or a server’s work.',
  },
  extended_key_usage: {
    title: 'Extended key usage',
    purpose: 'A certificate for another purpose, mail for one, must not pass as a server’s.',
  },
  name_constraints: {
    title: 'Name constraints',
    purpose: 'An authority may be limited to some names; those below it must keep to them.',
  },
  key_size: {
    title: 'Key size',
    purpose: 'A key that can be computed from its public half protects nothing.',
  },
  signature_hash: {
    title: 'Signature hash',
    purpose: 'With a weak hash a second certificate can be made that the same signature fits.',
  },
  critical_extensions: {
    title: 'Critical extensions',
    purpose: 'What is marked as critical has to be understood, or the certificate be refused.',
  },
  extensions: {
    title: 'Extensions',
    purpose: 'Each extension has to be there only once and be readable.',
  },
  key_identifiers: {
    title: 'Key identifiers',
    purpose: 'They tell which of an authority’s keys signed, when it has several.',
  },
  names: {
    title: 'Names',
    purpose: 'A certificate has to say who issued it and whom it is for.',
  },
  form: {
    title: 'Version and algorithms',
    purpose: 'A certificate that contradicts itself can be read in two ways.',
  },
  revocation: {
    title: 'Revocation',
    purpose: 'An authority can take a certificate back before it expires.',
  },
}

/** Heaviest first. */
const WEIGHTS: readonly CheckOutcome[] = ['failed', 'not_made', 'warning', 'ok']
const NOTHING_TO_CHECK = 'Nothing in the path asks for this check.'

/**
 * Judges a certificate, DER: as that of a server with the name or address of the context, or as an authority's.
 * @throws LabError as `readCertificate` does, when the bytes are no certificate
 */
export async function judgeCertificate(
  der: Bytes,
  context: InspectContext,
  as: JudgedAs = 'server',
  memory = new PathMemory(),
): Promise<Verdict> {
  const built = await buildPath(memory.read(der), context, memory)
  const signatures = await Promise.all(
    built.certificates.map((certificate, position) =>
      memory.verify(certificate, built.certificates[position + 1] ?? certificate),
    ),
  )
  const path: JudgedPath = { ...built, as, signatures, now: context.now, host: context.host }
  const checks = PATH_CHECK_IDS.map((id) => summed(id, findingsOf(id, path)))
  const refusal = checks.find(({ result }) => result === 'failed') ?? checks.find(refuses)
  return {
    accepted: refusal === undefined,
    conclusion: concluded(path, checks, refusal),
    path: membersOf(path),
    checks,
  }
}

/** True for a check that keeps a certificate from being accepted: one that failed, or that matters and could not be made. */
export function refuses({ id, result }: Pick<PathCheck, 'id' | 'result'>): boolean {
  return result === 'failed' || (result === 'not_made' && id !== 'revocation' && id !== 'host_name')
}

function findingsOf(id: PathCheckId, path: JudgedPath): readonly PathFinding[] {
  switch (id) {
    case 'trust_anchor':
      return checkTrustAnchor(path)
    case 'issuer':
      return checkIssuers(path)
    case 'signature':
      return checkSignatures(path)
    case 'dates':
      return checkDates(path)
    case 'host_name':
      return checkHostName(path)
    case 'basic_constraints':
      return checkBasicConstraints(path)
    case 'path_length':
      return checkPathLength(path)
    case 'key_usage':
      return checkKeyUsage(path)
    case 'extended_key_usage':
      return checkExtendedKeyUsage(path)
    case 'name_constraints':
      return checkNameConstraints(path)
    case 'key_size':
      return checkKeySize(path)
    case 'signature_hash':
      return checkSignatureHash(path)
    case 'critical_extensions':
      return checkCriticalExtensions(path)
    case 'extensions':
      return checkExtensions(path)
    case 'key_identifiers':
      return checkKeyIdentifiers(path)
    case 'names':
      return checkNames(path)
    case 'form':
      return checkForm(path)
    case 'revocation':
      return [
        {
          position: 0,
          result: 'not_made',
          reason: 'No list of certificates that were taken back is known here.',
        },
      ]
    default:
      return assertNever(id)
  }
}

/** The heaviest finding stands for all. */
function summed(id: PathCheckId, findings: readonly PathFinding[]): PathCheck {
  const heaviest = WEIGHTS.flatMap((weight) => findings.filter(({ result }) => result === weight))[0]
  const nothing: PathFinding = { position: 0, result: 'ok', reason: NOTHING_TO_CHECK }
  return { id, ...PATH_CHECKS[id], ...(heaviest ?? nothing), findings }
}

function concluded(path: JudgedPath, checks: readonly PathCheck[], refusal: PathCheck | undefined): string {
  if (refusal) {
    const others = checks.filter((check) => check !== refusal && check.result === 'failed').length
    const more =
      others === 0 ? '' : ` ${others} more ${others === 1 ? 'check speaks' : 'checks speak'} against it.`
    const isOpen = refusal.result === 'not_made'
    return `${isOpen ? 'It can’t be judged here' : 'Not to be relied on'}. ${refusal.reason}${more}`
  }
  const warnings = checks.filter(({ result }) => result === 'warning').length
  const host = path.host === '' ? '' : ` for ${path.host}`
  const what = path.as === 'authority' ? 'A trusted authority' : `A trusted server certificate${host}`
  const also =
    warnings === 0 ? '' : ` ${warnings} ${warnings === 1 ? 'check has' : 'checks have'} something to note.`
  return `${what}: no check has failed.${also}`
}

function membersOf(path: JudgedPath): readonly PathMember[] {
  return path.certificates.map((certificate, position) => ({
    der: certificate.der,
    title: titleOf(certificate),
    role: roleAt(path, position),
  }))
}

function roleAt(path: JudgedPath, position: number): PathMember['role'] {
  if (path.end === 'anchor' && position === path.certificates.length - 1) return 'anchor'
  return position === 0 ? 'leaf' : 'intermediate'
}
