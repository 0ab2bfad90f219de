/** Recipes by name: a server with many certificates tells by the name that it is asked for which one is meant. */
import type { AlternativeName, CertificatePlan, ChainPlan, ExtensionPlan, NamePart } from './chain'
import { HOST } from './plain'
import type { NamedChain } from './recipe'

/** The name that a recipe is served by: below localhost, which never leaves the machine (RFC 6761 section 6.3). */
export function servedName({ id }: Pick<NamedChain, 'id'>): string {
  return `${id}.${HOST}`
}

/** The id of the recipe that a name stands for; undefined for a name that stands for none. */
export function recipeServedBy(name: string): string | undefined {
  const [, id] = /^([a-z0-9-]+)\.localhost\.?$/.exec(name.toLowerCase()) ?? []
  return id
}

/**
 * A recipe's chain for the name that it is served by: what is for this machine is for that name as well. A recipe about another host stays
 * as it is, and is asked for by that one.
 */
export function chainServedByName(named: NamedChain): ChainPlan {
  const { chain } = named
  if (chain.host !== HOST) return chain
  const name = servedName(named)
  return {
    ...chain,
    host: name,
    certificates: chain.certificates.map((plan) => (plan.id === chain.leaf ? renamed(plan, name) : plan)),
  }
}

function renamed(plan: CertificatePlan, name: string): CertificatePlan {
  const part = (each: NamePart): NamePart => (each.text === HOST ? { ...each, text: name } : each)
  const extension = (each: ExtensionPlan): ExtensionPlan =>
    each.kind === 'subjectAltName'
      ? { ...each, names: each.names.flatMap((one) => withName(one, name)) }
      : each
  return { ...plan, subject: plan.subject.map(part), extensions: plan.extensions.map(extension) }
}

/** What begins with this machine's name, with a NUL behind it for one, begins with the other. */
function withName(one: AlternativeName, name: string): readonly AlternativeName[] {
  if (one.kind !== 'DNS' || !one.value.startsWith(HOST)) return [one]
  const other = { ...one, value: name + one.value.slice(HOST.length) }
  return one.value === HOST ? [one, other] : [other]
}
