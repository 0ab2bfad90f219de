/**
 * Certificate policies (RFC 5280 section 6.1), for somebody who takes any policy: whether one holds down the whole path, where an authority
 * asks for that. The section's tree is kept as its lowest level, one node for a policy, so that no path makes it grow without bounds.
 */
import { oidNamed } from '../../crypto/encodings/oids'
import { fieldOf, numberOfPart, oidOfPart, partsOf, readWhole, unwrapped, type Part } from '../x509/parts'
import type { CertificateDescription } from '../x509/types'
import type { PathFinding } from './verdict'
import { EXTENSIONS, extensionOf, isSelfIssued } from './facts'
import { findEach, nameAt, type JudgedPath } from './judged'

const ANY = oidNamed('anyPolicy')

/** The policies that hold so far, and as what each stands in the next certificate; undefined when none does any more. */
type Level = ReadonlyMap<string, ReadonlySet<string>>

/** What becomes of a path on the way down. Numbers count certificates until something is in force. */
interface State {
  level: Level | undefined
  explicit: number
  mapping: number
  any: number
}

/** Judges the policies of a path, or, for a profile that doesn't, notes who asks for them. */
export function checkPolicies(path: JudgedPath): readonly PathFinding[] {
  if (!path.judgesPolicies) {
    return findEach(path, (certificate, position) => {
      if (!extensionOf(certificate, EXTENSIONS.policyConstraints)) return undefined
      const reason = `${nameAt(path, position)} asks for policies on the path; this profile does not judge them.`
      return { result: 'warning', reason, found: 'policyConstraints' }
    })
  }
  const below = path.certificates.slice(0, path.end === 'anchor' ? -1 : undefined)
  const { length } = below
  const state: State = {
    level: new Map([[ANY, new Set([ANY])]]),
    ...{ explicit: length + 1, mapping: length + 1, any: length + 1 },
  }
  for (let position = length - 1; position >= 0; position--) {
    const certificate = below[position]
    if (!certificate) break
    const fault = goOn(state, certificate, position === 0)
    if (fault !== undefined)
      return [
        {
          position,
          result: 'failed',
          reason: `${nameAt(path, position)} ${fault}`,
          found: policiesText(certificate),
        },
      ]
  }
  const asked = path.certificates.some((each) => extensionOf(each, EXTENSIONS.policyConstraints))
  return asked
    ? [
        {
          position: 0,
          result: 'ok',
          reason: 'The path keeps to a policy wherever an authority asks for one.',
        },
      ]
    : []
}

const NONE_HOLDS = 'follows no policy that holds down the whole path, and an authority above asks for one.'

/** RFC 5280 sections 6.1.3 to 6.1.5 for one certificate; what is wrong as a sentence's predicate. */
function goOn(state: State, certificate: CertificateDescription, isLast: boolean): string | undefined {
  const selfIssued = isSelfIssued(certificate)
  const policies = certificate.standard.certificatePolicies?.map(({ oid }) => oid)
  const takesAny = state.any > 0 || (!isLast && selfIssued)
  state.level = policies && state.level && within(state.level, policies, takesAny)
  if (state.explicit === 0 && !state.level) return NONE_HOLDS
  const { requireExplicit, inhibitMapping, inhibitAny } = constraintsOf(certificate)
  if (isLast) {
    if (state.explicit > 0) state.explicit--
    if (requireExplicit === 0) state.explicit = 0
    return state.explicit === 0 && !state.level ? NONE_HOLDS : undefined
  }
  const mappings = mappingsOf(certificate)
  if (mappings.has(ANY) || [...mappings.values()].some((to) => to.has(ANY)))
    return 'maps any policy to another, or another to any.'
  state.level = state.level && mapped(state.level, mappings, state.mapping > 0)
  for (const counter of selfIssued ? [] : (['explicit', 'mapping', 'any'] as const))
    if (state[counter] > 0) state[counter]--
  state.explicit = Math.min(state.explicit, requireExplicit ?? Infinity)
  state.mapping = Math.min(state.mapping, inhibitMapping ?? Infinity)
  state.any = Math.min(state.any, inhibitAny ?? Infinity)
  return undefined
}

/** RFC 5280 section 6.1.3 (d): the next level. */
function within(level: Level, policies: readonly string[], takesAny: boolean): Level | undefined {
  const expected = new Set([...level.values()].flatMap((names) => [...names]))
  const next = new Map<string, ReadonlySet<string>>()
  for (const policy of policies) {
    if (policy !== ANY && (expected.has(policy) || level.has(ANY))) next.set(policy, new Set([policy]))
  }
  if (takesAny && policies.includes(ANY)) {
    for (const policy of expected) if (!next.has(policy)) next.set(policy, new Set([policy]))
  }
  return next.size === 0 ? undefined : next
}

/** RFC 5280 section 6.1.4 (b). */
function mapped(
  level: Level,
  mappings: ReadonlyMap<string, ReadonlySet<string>>,
  isAllowed: boolean,
): Level | undefined {
  const next = new Map(level)
  for (const [from, to] of mappings) {
    if (!isAllowed) next.delete(from)
    else if (level.has(from) || level.has(ANY)) next.set(from, to)
  }
  return next.size === 0 ? undefined : next
}

function mappingsOf(certificate: CertificateDescription): ReadonlyMap<string, ReadonlySet<string>> {
  const value = valueOf(certificate, EXTENSIONS.policyMappings, 'PolicyMappings')
  const mappings = new Map<string, Set<string>>()
  for (const mapping of value ? partsOf(value) : []) {
    const [from, to] = partsOf(mapping).map((part) => oidOfPart(part) ?? '')
    mappings.set(from ?? '', (mappings.get(from ?? '') ?? new Set()).add(to ?? ''))
  }
  return mappings
}

function constraintsOf(certificate: CertificateDescription): {
  readonly requireExplicit: number | undefined
  readonly inhibitMapping: number | undefined
  readonly inhibitAny: number | undefined
} {
  const constraints = valueOf(certificate, EXTENSIONS.policyConstraints, 'PolicyConstraints')
  const inhibit = valueOf(certificate, EXTENSIONS.inhibitAnyPolicy, 'SkipCerts')
  return {
    requireExplicit: countIn(fieldOf(constraints, 'requireExplicitPolicy')),
    inhibitMapping: countIn(fieldOf(constraints, 'inhibitPolicyMapping')),
    inhibitAny: countIn(inhibit),
  }
}

/** A number below zero is none: it holds from here on. One that is too long for a path never does. */
function countIn(part: Part | undefined): number | undefined {
  return part && Math.max(0, numberOfPart(part) ?? Infinity)
}

function valueOf(certificate: CertificateDescription, oid: string, type: string): Part | undefined {
  const extension = extensionOf(certificate, oid)
  if (!extension || extension.problem !== undefined) return undefined
  return unwrapped(readWhole(extension.value, type, 'bad_certificate'))
}

function policiesText({ standard }: CertificateDescription): string {
  return standard.certificatePolicies?.map(({ name }) => name).join(', ') ?? 'no policies'
}
