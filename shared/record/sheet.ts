/** The sheet of a step in a suite: all that is said of its message, as data. What happens with it is the step's conduct. */
import type { Derivation } from './derivation'
import type { StepExplanation } from './explanation'
import { formulaOf } from './formula'
import type { MemberSpec } from './member'
import { layersOf, membersOf, objectsOf, type Term, type TermLayer } from './term'

/** The symbols and identifiers of a protocol, as types. */
export interface ProtocolTypes {
  readonly role: string
  readonly suite: string
  readonly key: string
  readonly check: string
  /** Codes of alerts. */
  readonly code: string
  readonly weakness: string
}

/** A layer as a sheet has it; `origins` where this suite's roles have the key from elsewhere than its entry says. */
export interface SheetLayer<T extends ProtocolTypes = ProtocolTypes> extends TermLayer<T['key']> {
  readonly origins?: Readonly<Partial<Record<T['role'], string>>>
}

/** What is written down of a step. */
export interface SheetSource<T extends ProtocolTypes = ProtocolTypes> extends StepExplanation<T['weakness']> {
  readonly term: Term<T['key']>
  /** Values that this step is the first to need, by symbol, in the order in which they are worked out. */
  readonly derivations: Readonly<Record<string, Derivation<T['key']>>>
  /** The step's own checks, in the order in which they are made. */
  readonly checks: readonly T['check'][]
  /** Where a role has a layer's key from, by key, where that is another way than the key's own entry says. */
  readonly origins?: Readonly<Partial<Record<T['key'], Readonly<Partial<Record<T['role'], string>>>>>>
}

/** What is written down of a step, and what follows from it. `M`: its members, to type what its conduct works with. */
export interface Sheet<
  T extends ProtocolTypes = ProtocolTypes,
  M extends MemberSpec<T['key']> = MemberSpec<T['key']>,
> extends SheetSource<T> {
  /** The message as a formula in the protocol's symbols. */
  readonly formula: string
  /** Every member, in the order of the formula. */
  readonly members: readonly M[]
  /** The members of each plaintext, a JSON object. */
  readonly objects: readonly (readonly MemberSpec<T['key']>[])[]
  /** Outermost first. */
  readonly layers: readonly SheetLayer<T>[]
}

/** Works out what follows from a sheet's term. */
export function completeSheet<T extends ProtocolTypes>(source: SheetSource<T>): Sheet<T> {
  const { term, origins } = source
  const layers = layersOf<T['key']>(term).map((layer): SheetLayer<T> => {
    const own = origins?.[layer.key]
    return own ? { ...layer, origins: own } : layer
  })
  return { ...source, formula: formulaOf(term), members: membersOf(term), objects: objectsOf(term), layers }
}
