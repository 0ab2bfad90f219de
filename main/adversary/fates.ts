/** What becomes of a frame once it is on its way: what its receiver makes of it. */
import type { Bytes } from '#shared/bytes'
import type { Fate } from '#shared/adversary/live'
import { isAlert } from '#shared/adversary/reading'
import { CHECKS, type CheckId } from '#shared/hl1/check-table'
import type { Role } from '#shared/hl1/roles'
import type { Hl1Entry } from '#shared/hl1/types'

/** A frame on its way to an end, until somebody says what became of it. */
export interface Due {
  fate: Fate
  readonly step: number
  readonly bytes: Bytes
  /** It reaches its receiver as its sender has not sent it. */
  readonly isForged: boolean
}

/** What a receiver says of a frame that it got. */
export interface Verdict {
  readonly ok: boolean
  readonly step: number
  readonly code?: string | undefined
  readonly message?: string | undefined
  readonly check?: CheckId | undefined
}

/** Characters of what a refusal says. */
const LONGEST_MESSAGE = 2_000

/** What a role of the lab says of a frame by its record of it. */
export function verdictOf({ outcome, step, checks }: Hl1Entry): Verdict {
  const check = checks.find(({ result }) => result === 'failed')?.id
  const refused = outcome.ok ? {} : { code: outcome.code, message: outcome.message, check }
  return { ok: outcome.ok, step, ...refused }
}

/** What became of a frame, by what its receiver says of it. */
export function fateOf(frame: Due, by: Role, { ok, step, code, message, check }: Verdict): Fate {
  // An alert that was taken for one is no refusal of its receiver's.
  if (ok || (isAlert(frame.bytes) && check === undefined))
    return { is: 'accepted', by, unnoticed: frame.isForged }
  return {
    is: 'refused',
    by,
    step,
    code: code ?? 'internal_error',
    message: (message ?? '').slice(0, LONGEST_MESSAGE),
    check: check && { id: check, title: CHECKS[check].title },
  }
}
