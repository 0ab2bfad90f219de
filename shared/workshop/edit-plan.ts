/** Changes to a chain's plan, as a person makes them one by one: each gives a new plan, and never one with a certificate too few. */
import { UNREGISTERED } from '../crypto/encodings/oids'
import type { CertificatePlan, ChainPlan, ExtensionKind, ExtensionPlan, NamePart } from './chain'
import { intermediatePlan } from './plain'
import { MOST_CERTIFICATES } from './plan-schema'

/** The plan with one of its certificates replaced. */
export function withCertificate(plan: ChainPlan, changed: CertificatePlan): ChainPlan {
  return {
    ...plan,
    certificates: plan.certificates.map((each) => (each.id === changed.id ? changed : each)),
  }
}

/** The plan with another authority between the server's certificate and who has issued it; the same where it is long enough. */
export function withIntermediate(plan: ChainPlan): ChainPlan {
  const { certificates, leaf, sent } = plan
  const server = certificates.find(({ id }) => id === leaf)
  if (!server || server.issuer === leaf || certificates.length >= MOST_CERTIFICATES) return plan
  const ids = new Set(certificates.map(({ id }) => id))
  let number = 1
  while (ids.has(`intermediate-${number}`)) number++
  const id = `intermediate-${number}`
  const added = intermediatePlan(id, server.issuer, `Workshop Intermediate ${number}`)
  const at = certificates.indexOf(server)
  return {
    ...plan,
    certificates: [
      ...certificates.slice(0, at),
      added,
      { ...server, issuer: id },
      ...certificates.slice(at + 1),
    ],
    sent: [id, ...sent],
  }
}

/** Whether a certificate can be left out: the server's can't, nor the only trust anchor. */
export function mayGo({ leaf, anchors }: ChainPlan, id: string): boolean {
  return id !== leaf && anchors.some((anchor) => anchor !== id)
}

/**
 * The plan without a certificate: what it has issued has its own issuer for one, or itself where it was a root; who had its key gets one
 * of its own. The same where it can't be left out.
 */
export function withoutCertificate(plan: ChainPlan, id: string): ChainPlan {
  const gone = plan.certificates.find((each) => each.id === id)
  if (!gone || !mayGo(plan, id)) return plan
  const others = (ids: readonly string[]): readonly string[] => ids.filter((each) => each !== id)
  return {
    ...plan,
    certificates: plan.certificates
      .filter((each) => each !== gone)
      .map((each) => ({
        ...each,
        issuer: each.issuer !== id ? each.issuer : gone.issuer === id ? each.id : gone.issuer,
        key: each.key.kind === 'of' && each.key.id === id ? { kind: 'EC', curve: 'P-256' } : each.key,
      })),
    sent: others(plan.sent),
    anchors: others(plan.anchors),
    lists: plan.lists
      .filter(({ issuer, signedBy }) => issuer !== id && signedBy !== id)
      .map((list) => ({ ...list, revoked: list.revoked.filter((entry) => entry.id !== id) })),
  }
}

/** A name with the text of one attribute changed: it is added where it was missing, and left out with an empty text. */
export function withPart(
  name: readonly NamePart[],
  type: NamePart['type'],
  text: string,
): readonly NamePart[] {
  if (text === '') return name.filter((part) => part.type !== type)
  if (!name.some((part) => part.type === type)) return [...name, { type, text }]
  return name.map((part) => (part.type === type ? { ...part, text } : part))
}

/** The text of an attribute; empty where the name has none. */
export function partOf(name: readonly NamePart[], type: NamePart['type']): string {
  return name.find((part) => part.type === type)?.text ?? ''
}

/** An extension as it is when it is added: as a certificate of its kind usually has it. */
export function newExtension(kind: ExtensionKind): ExtensionPlan {
  switch (kind) {
    case 'basicConstraints':
      return { kind, critical: true, authority: false }
    case 'keyUsage':
      return { kind, critical: true, usages: ['digitalSignature'] }
    case 'extKeyUsage':
      return { kind, purposes: ['serverAuth'] }
    case 'subjectAltName':
      return { kind, names: [{ kind: 'DNS', value: 'localhost' }] }
    case 'subjectKeyIdentifier':
    case 'authorityKeyIdentifier':
      return { kind }
    case 'nameConstraints':
      return { kind, critical: true, permitted: [{ kind: 'DNS', value: 'localhost' }] }
    case 'raw':
      return { kind, name: UNREGISTERED, value: '0500' }
  }
}
