/** A chain with nothing wrong: a root, authorities below it, a server's certificate for this machine; and how parts of it are changed. */
import type {
  AlternativeName,
  CertificatePlan,
  ChainPlan,
  ExtensionKind,
  ExtensionPlan,
  KeyKind,
  NamePart,
  SignaturePlan,
  TimePlan,
} from './chain'

/** The host of chains that are for no other: what listens on this machine. */
export const HOST = 'localhost'
export const HERE: readonly AlternativeName[] = [
  { kind: 'DNS', value: HOST },
  { kind: 'IP', value: '127.0.0.1' },
]

/** A key on P-256 is made in a fraction of a millisecond, so every chain has its own. */
const KEY: KeyKind = { kind: 'EC', curve: 'P-256' }
const SIGNATURE: SignaturePlan = { hash: 'SHA-256' }

export const days = (count: number): TimePlan => ({ at: { days: count } })

const ORGANISATION: NamePart = { type: 'organizationName', text: 'Handshake Lab' }
/** A name in the organisation of all chains. */
export const named = (commonName: string): readonly NamePart[] => [
  ORGANISATION,
  { type: 'commonName', text: commonName },
]

const AUTHORITY: readonly ExtensionPlan[] = [
  { kind: 'basicConstraints', critical: true, authority: true },
  { kind: 'keyUsage', critical: true, usages: ['keyCertSign', 'cRLSign'] },
  { kind: 'subjectKeyIdentifier' },
]

const COMMON = { version: 3, serial: 'fresh', key: KEY, signature: SIGNATURE } as const

/** An authority that has signed itself. */
export function rootPlan(id = 'root', commonName = 'Workshop Root'): CertificatePlan {
  const dates = { notBefore: days(-30), notAfter: days(3650) }
  return { id, issuer: id, subject: named(commonName), ...COMMON, ...dates, extensions: AUTHORITY }
}

/** An authority below another. */
export function intermediatePlan(
  id = 'intermediate',
  issuer = 'root',
  commonName = 'Workshop Intermediate',
): CertificatePlan {
  const dates = { notBefore: days(-20), notAfter: days(1825) }
  const extensions: readonly ExtensionPlan[] = [...AUTHORITY, { kind: 'authorityKeyIdentifier' }]
  return { id, issuer, subject: named(commonName), ...COMMON, ...dates, extensions }
}

/** A server's certificate. */
export function leafPlan(issuer = 'intermediate'): CertificatePlan {
  return {
    id: 'leaf',
    issuer,
    subject: named('Workshop Server'),
    ...COMMON,
    notBefore: days(-10),
    notAfter: days(90),
    extensions: [
      { kind: 'basicConstraints', critical: true, authority: false },
      { kind: 'keyUsage', critical: true, usages: ['digitalSignature'] },
      { kind: 'extKeyUsage', purposes: ['serverAuth'] },
      { kind: 'subjectKeyIdentifier' },
      { kind: 'authorityKeyIdentifier' },
      { kind: 'subjectAltName', names: HERE },
    ],
  }
}

/** The root of chains with nothing wrong with theirs: they may share one that was made. */
export const PLAIN_ROOT = rootPlan()

/** Root, intermediate and server, with nothing wrong. */
export const PLAIN: ChainPlan = {
  certificates: [PLAIN_ROOT, intermediatePlan(), leafPlan()],
  leaf: 'leaf',
  sent: ['intermediate'],
  anchors: ['root'],
  lists: [],
  host: HOST,
}

type Change = Partial<Omit<CertificatePlan, 'id' | 'extensions'>> & {
  /** Extensions in the place of those of the same kind, or beside the others. */
  readonly put?: readonly ExtensionPlan[]
  /** Kinds that are left out. */
  readonly without?: readonly ExtensionKind[]
  /** Extensions beside those of the same kind. */
  readonly add?: readonly ExtensionPlan[]
}

/** The chain with one certificate changed. */
export function changed(id: string, change: Change, chain: ChainPlan = PLAIN): ChainPlan {
  return {
    ...chain,
    certificates: chain.certificates.map((plan) => (plan.id === id ? changedPlan(plan, change) : plan)),
  }
}

/** A plan with some of it changed. */
export function changedPlan(
  plan: CertificatePlan,
  { put = [], without = [], add = [], ...rest }: Change,
): CertificatePlan {
  const gone = new Set<ExtensionKind>([
    ...without,
    ...put.map(({ kind }) => kind).filter((kind) => kind !== 'raw'),
  ])
  const kept = plan.extensions.filter(({ kind }) => !gone.has(kind))
  return { ...plan, ...rest, extensions: [...kept, ...put, ...add] }
}

/** A server's certificate changed, under the usual authorities. */
export const leaf = (change: Change): ChainPlan => changed('leaf', change)

/** The same for another host, which is its one alternative name unless names are given. */
export function leafFor(host: string, names: readonly string[] = [host], change: Change = {}): ChainPlan {
  const dns = names.map((value): AlternativeName => ({ kind: 'DNS', value }))
  const chain = leaf({ ...change, put: [{ kind: 'subjectAltName', names: dns }, ...(change.put ?? [])] })
  return { ...chain, host }
}
