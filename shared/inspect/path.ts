/**
 * Judges a certificate as a server's by its path to a trust anchor (RFC 5280 section 6, RFC 9525), with the strictness of
 * `openssl verify -x509_strict -purpose sslserver -auth_level 2`, or of browsers. Where it differs and why: docs/decisions/0014
 * and docs/decisions/0050.
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
import { buildPath, otherPaths, type BuiltPath } from './path/build'
import { PATH_CHECKS } from './path/check-texts'
import { titleOf } from './path/facts'
import { nameAt, type AskedBeyond, type JudgedAs, type JudgedPath, type PathBefore } from './path/judged'
import { ListSigners } from './path/list-signers'
import { PathMemory } from './path/memory'
import { PROFILES } from './path/profile'
import { checkNameConstraints } from './path/name-constraints'
import { checkPolicies } from './path/policies'
import {
  checkCriticalExtensions,
  checkExtensions,
  checkForm,
  checkKeyIdentifiers,
  checkNames,
} from './path/profile-checks'
import { judgeRevocation } from './path/revocation'
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

/** Heaviest first. */
const WEIGHTS: readonly CheckOutcome[] = ['failed', 'not_made', 'warning', 'ok']
const NO_LISTS: PathFinding = {
  position: 0,
  result: 'not_made',
  reason: 'No list of certificates that were taken back is known here.',
}
const NOTHING_TO_CHECK = 'Nothing in the path asks for this check.'

/**
 * Judges a certificate, DER: as that of a server with the name or address of the context, or as an authority's.
 * @param more what is asked for beyond the profile, as test suites of others do
 * @throws LabError as `readCertificate` does, when the bytes are no certificate
 */
export async function judgeCertificate(
  der: Bytes,
  context: InspectContext,
  as: JudgedAs = 'server',
  memory = new PathMemory(),
  more: AskedBeyond = {},
): Promise<Verdict> {
  const profile = PROFILES[context.profile ?? 'openssl']
  const leaf = memory.read(der)
  const material = { ...context, endsAtAnyAnchor: profile.endsAtAnyAnchor }
  const signers = signersFor(context, memory, more)
  const judge = (path: BuiltPath): Promise<Verdict> =>
    judgePath(path, { ...context, ...more }, as, memory, signers)
  const first = await judge(await buildPath(leaf, material, memory))
  if (first.accepted || profile.paths === 1) return first
  for await (const path of otherPaths(leaf, material, memory, profile.paths)) {
    const other = await judge(path)
    if (other.accepted) return other
  }
  return first
}

async function judgePath(
  built: BuiltPath,
  context: InspectContext & AskedBeyond,
  as: JudgedAs,
  memory: PathMemory,
  signers: ListSigners,
): Promise<Verdict> {
  const signatures = await Promise.all(
    built.certificates.map((certificate, position) =>
      memory.verify(certificate, built.certificates[position + 1] ?? certificate),
    ),
  )
  const profile = PROFILES[context.profile ?? 'openssl']
  const before: PathBefore = {
    ...{ ...built, as, signatures },
    profile,
    judgesPolicies: context.judgesPolicies ?? profile.judgesPolicies,
    now: context.now,
    host: context.host,
    maxIntermediates: context.maxIntermediates ?? Infinity,
  }
  const lists = memory.listsOf(context.revocationLists ?? [])
  const revocation = lists.size === 0 ? [] : await judgeRevocation(before, lists, signers)
  const path: JudgedPath = { ...before, revocation }
  const checks = PATH_CHECK_IDS.map((id) => summed(id, findingsByProfile(id, path)))
  const refusal = checks.find(({ result }) => result === 'failed') ?? checks.find(refuses)
  return {
    accepted: refusal === undefined,
    conclusion: concluded(path, checks, refusal),
    path: membersOf(path),
    checks,
  }
}

/** Judges who has signed a list and is not on the path: as a certificate of its own, whatever it is for. */
function signersFor(context: InspectContext, memory: PathMemory, more: AskedBeyond): ListSigners {
  const known = memory.readAll([...context.trustAnchors, ...context.intermediates])
  const signers: ListSigners = new ListSigners(known, async (signer, anchor) => {
    const only = { ...context, host: '', trustAnchors: [anchor.der] }
    const built = await buildPath(signer, { ...only, endsAtAnyAnchor: true }, memory)
    if (built.end !== 'anchor') return 'does not lead to the same trust anchor.'
    const { checks } = await judgePath(built, { ...only, ...more }, 'authority', memory, signers)
    const against = checks
      .flatMap(({ id, findings }) => findings.map((finding) => ({ ...finding, id })))
      .find((finding) => refuses(finding) && !(finding.position === 0 && OF_PURPOSE.has(finding.id)))
    return against && `is not to be relied on. ${against.reason}`
  })
  return signers
}

/** Checks of what a certificate is for, and for whom: what signs lists need be neither a server's nor an authority's. */
const OF_PURPOSE: ReadonlySet<PathCheckId> = new Set([
  'host_name',
  'basic_constraints',
  'key_usage',
  'extended_key_usage',
])

/** True for a check that keeps a certificate from being accepted: one that failed, or that matters and could not be made. */
export function refuses({ id, result }: Pick<PathCheck, 'id' | 'result'>): boolean {
  return result === 'failed' || (result === 'not_made' && id !== 'revocation' && id !== 'host_name')
}

/** What a check finds by the profile: its own findings, heavier where the profile is strict, and those of the profile's rules. */
function findingsByProfile(id: PathCheckId, path: JudgedPath): readonly PathFinding[] {
  const { strict, rules } = path.profile
  const last = path.end === 'anchor' ? path.certificates.length - 1 : -1
  const own = findingsOf(id, path).map((finding): PathFinding => {
    const isBound = strict.has(id) && !(finding.position === last && last > 0)
    return isBound && finding.result === 'warning' ? { ...finding, result: 'failed' } : finding
  })
  const more = path.certificates.flatMap((certificate, position) => {
    const isServer = position === 0 && path.as === 'server'
    const place = { path, position, subject: nameAt(path, position), isAnchor: position === last, isServer }
    return rules
      .filter(({ check }) => check === id)
      .flatMap(({ find }): readonly PathFinding[] => {
        const found = find(certificate, place)
        return found ? [{ position, ...found }] : []
      })
  })
  // At each place what weighs most; of two that weigh the same the check's own.
  const all = [...own, ...more]
  return path.certificates.flatMap((_, position) => {
    const here = all.filter((finding) => finding.position === position)
    return WEIGHTS.flatMap((weight) => here.filter(({ result }) => result === weight)).slice(0, 1)
  })
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
    case 'policies':
      return checkPolicies(path)
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
      return path.revocation.length > 0 ? path.revocation : [NO_LISTS]
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
