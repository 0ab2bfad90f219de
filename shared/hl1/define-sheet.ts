/** How the suites write their sheets down. */
import { completeSheet, type SheetSource } from '../record/sheet'
import type { MembersIn, Term } from '../record/term'
import type { KeySymbol } from './keys'
import type { Member } from './member-parts'
import type { Hl1, Hl1Sheet } from './types'

/** A sheet of this protocol. The members in its term type what the step's conduct composes and verifies. */
export function defineSheet<const T>(
  source: Omit<SheetSource<Hl1>, 'term'> & { readonly term: T & Term<KeySymbol> },
): Hl1Sheet<Extract<MembersIn<T>, Member>> {
  return completeSheet<Hl1>(source) as unknown as Hl1Sheet<Extract<MembersIn<T>, Member>>
}
