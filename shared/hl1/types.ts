/** The protocol's names as types, for what is generic over protocols: records, sheets, the protocol itself. */
import type { MemberSpec } from '../record/member'
import type { JournalEntry, MessageRecord } from '../record/record'
import type { ProtocolTypes, Sheet } from '../record/sheet'
import type { AlertCode } from './alert-codes'
import type { CheckId } from './check-table'
import type { Weakness } from './explanation'
import type { KeySymbol } from './keys'
import type { Role } from './roles'
import type { SuiteName } from './suite-names'

/** Everything that HL/1 has a name for. */
export interface Hl1 extends ProtocolTypes {
  readonly role: Role
  readonly suite: SuiteName
  readonly key: KeySymbol
  readonly check: CheckId
  readonly code: AlertCode
  readonly weakness: Weakness
}

/** The id that every record of this protocol carries. */
export const HL1_ID = 'HL/1'

/** A record of one of this protocol's messages. */
export type Hl1Record = MessageRecord<Hl1>
/** The same in a journal. */
export type Hl1Entry = JournalEntry<Hl1>
/** The sheet of one of its steps. */
export type Hl1Sheet<M extends MemberSpec<KeySymbol> = MemberSpec<KeySymbol>> = Sheet<Hl1, M>
