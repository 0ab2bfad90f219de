/** Chains of a root, an authority and a server with one fault or with two, some hundreds of them. */
import { goodChain, makeChain, type Chain } from './path-faults/chain'
import type { Fault, FaultKind } from './path-faults/fault'
import { formFaults } from './path-faults/forms'
import { keyFaults } from './path-faults/keys'
import { nameFaults } from './path-faults/named'
import { valueFaults } from './path-faults/values'

/** A spoilt chain. */
export interface FaultyChain {
  readonly name: string
  /** The one or two that it has. */
  readonly faults: readonly string[]
  readonly kinds: readonly FaultKind[]
  readonly chain: () => Chain
}

/** Pairs for each fault. The step is prime, so that partners differ. */
const [PAIRS, STEP] = [1, 37] as const

/** Every fault alone. */
export function allFaults(): readonly Fault[] {
  return [...valueFaults(), ...nameFaults(), ...keyFaults(), ...formFaults()]
}

/** The good chain, each fault alone, and each with a few of the other kinds. */
export function faultyChains(faults = allFaults()): readonly FaultyChain[] {
  const pairs = faults.flatMap((first, index) =>
    Array.from({ length: PAIRS }, (_, round) => {
      const others = faults.filter(({ kind }) => kind !== first.kind)
      return [first, others[(index * STEP + round * 211) % others.length]!]
    }),
  )
  return [[], ...faults.map((fault) => [fault]), ...pairs].map((chosen) => ({
    name: chosen.map(({ name }) => name).join(' + ') || 'good',
    faults: chosen.map(({ name }) => name),
    kinds: chosen.map(({ kind }) => kind),
    chain: () => {
      const plan = goodChain()
      for (const { apply } of chosen) apply(plan)
      return makeChain(plan)
    },
  }))
}
