/** The list of checks of one message of this protocol: a check that refuses throws the protocol's error. */
import { CheckList as AnyCheckList } from '../record/checks'
import type { AlertCode } from './alert-codes'
import { ProtocolError } from './alerts'
import type { CheckId } from './check-table'
import { isRemovable, type Without } from './defences'

/** Collects a message's checks; `planned` are those that its step makes, `without` those that refuse nothing. */
export class CheckList extends AnyCheckList<CheckId, AlertCode> {
  constructor(step: number, planned: readonly CheckId[], without?: Without) {
    super(
      planned,
      (code, message, cause) => new ProtocolError({ code, step, message }, { cause }),
      (id) => isRemovable(id) && (without?.has(id) ?? false),
    )
  }
}
