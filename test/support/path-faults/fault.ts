/** A fault: how one thing in a chain is spoilt. */
import type { Bytes } from '#shared/bytes'
import { extension } from '../der'
import { IDS, type CertificatePlan, type ChainPlan } from './chain'

/** The kinds, of which pairs are made: two faults of one kind would be in each other's way. */
export const FAULT_KINDS = [
  'times',
  'integers',
  'strings',
  'names',
  'hosts',
  'constraints',
  'keys',
  'signatures',
  'extensions',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

export interface Fault {
  readonly kind: FaultKind
  /** What is spoilt, and where: stable. */
  readonly name: string
  readonly apply: (plan: ChainPlan) => void
}

type Place = 'leaf' | 'between' | 'root'
type Spoil = (certificate: CertificatePlan, plan: ChainPlan) => void

const WORDS: Readonly<Record<Place, string>> = { leaf: '', between: ' (authority)', root: ' (root)' }

/** Faults of certificates, in all of these places. */
export function faultsIn(
  kind: FaultKind,
  places: readonly Place[],
  spoils: Readonly<Record<string, Spoil>>,
): readonly Fault[] {
  return places.flatMap((place) =>
    Object.entries(spoils).map(([name, spoil]) => ({
      kind,
      name: `${kind}: ${name}${WORDS[place]}`,
      apply: (plan: ChainPlan) => spoil(plan[place], plan),
    })),
  )
}

/** Replaces the value of a known extension. */
export function withValue(name: keyof typeof IDS, value: Bytes, critical = false): Spoil {
  return (certificate) => {
    certificate.extensions.set(name, extension(IDS[name], value, critical))
  }
}

/** An extension beside the others. */
export function withMore(...extensions: readonly Bytes[]): Spoil {
  return (certificate) => {
    extensions.forEach((each, index) => certificate.extensions.set(`more ${index}`, each))
  }
}
