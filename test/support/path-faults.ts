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

/** How far partners are from each other: prime, so that they differ. */
const STEP = 37

/** Every fault alone. */
export function allFaults(): readonly Fault[] {
  return [...valueFaults(), ...nameFaults(), ...keyFaults(), ...formFaults()]
}

/** The server's certificate is the trust anchor itself: RFC 5280's profile doesn't bind it (RFC 6818 section 2). */
const TRUSTED_ALONE: Fault = {
  kind: 'signatures',
  name: 'signatures: its own, and trusted for itself',
  apply: (plan) => {
    plan.alone = true
    plan.leaf.extensions.delete('issuerKey')
  },
}

/** The good chain, each fault alone, each with one of another kind, and those that a trusted certificate can have by itself. */
export function faultyChains(faults = allFaults()): readonly FaultyChain[] {
  const pairs = faults.map((first, index) => {
    const others = faults.filter(({ kind }) => kind !== first.kind)
    return [first, others[(index * STEP) % others.length]!]
  })
  const trusted = faults
    .filter(({ name }) => !/\((?:authority|root)\)|authority’s|^constraints: |: ECDSA/.test(name))
    .map((fault) => [TRUSTED_ALONE, fault])
  return [[], ...faults.map((fault) => [fault]), ...pairs, ...trusted].map((chosen) => ({
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
