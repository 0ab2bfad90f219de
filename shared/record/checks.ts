/** The checks that a receiver makes on a message: what came of each, in the order in which they were made. */
import { assertNever } from '../errors'

/** What a protocol says of a check. */
export interface CheckInfo {
  readonly title: string
  /** What could happen if the receiver went on after this check failed. */
  readonly ifIgnored: string
}

/**
 * `noted`: looked at and recorded without power to refuse. `ignored`: failed, and the receiver went on all the same, because
 * somebody has taken the check away. `not_made`: an earlier check had already refused.
 */
export type CheckResult = 'passed' | 'failed' | 'noted' | 'ignored' | 'not_made'

/** One check of one message, with what was found and why it passed or failed. */
export interface Check<I extends string = string> {
  readonly id: I
  readonly result: CheckResult
  readonly reason: string
  readonly found?: string
  readonly expected?: string
}

/** What a check saw; `reason` is a full sentence. */
export interface Finding {
  readonly ok: boolean
  readonly reason: string
  readonly found?: string
  readonly expected?: string
}

/** Makes the protocol's error of a check that refuses. */
type Refuse<C extends string> = (code: C, message: string, cause: unknown) => Error

/**
 * Collects a message's checks in the order they are made; the planned ones that were never reached show as `not_made`.
 * `I`: the protocol's checks by id; `C`: its codes of alerts.
 */
export class CheckList<I extends string, C extends string> {
  readonly #made: Check<I>[] = []

  /** @param ignored checks that are made and recorded, and refuse nothing: for whoever wants to see what they are worth */
  constructor(
    private readonly planned: readonly I[],
    private readonly error: Refuse<C>,
    private readonly ignored: (id: I) => boolean = () => false,
  ) {}

  /**
   * Records a check that decides.
   * @throws the protocol's error with `code` when the finding is not ok
   */
  require(id: I, code: C, finding: Finding): void {
    if (finding.ok) this.#add(id, 'passed', finding)
    else if (this.ignored(id)) this.#add(id, 'ignored', finding)
    else this.refuse(id, code, finding)
  }

  /**
   * Records a check that failed in such a way that nobody could go on: there is nothing to go on with.
   * @throws the protocol's error with `code`
   */
  refuse(id: I, code: C, finding: Omit<Finding, 'ok'>, cause?: unknown): never {
    this.#add(id, 'failed', finding)
    throw this.error(code, finding.reason, cause)
  }

  /** Records something looked at that doesn't decide. */
  note(id: I, finding: Finding): void {
    this.#add(id, finding.ok ? 'passed' : 'noted', finding)
  }

  /** Records a check that threw before it could be judged, unless it is there already. */
  fail(id: I, reason: string): void {
    if (!this.#made.some((check) => check.id === id)) this.#add(id, 'failed', { reason })
  }

  /** All checks, made and not made, in order. */
  list(): readonly Check<I>[] {
    const made = new Set(this.#made.map((check) => check.id))
    const rest = this.planned
      .filter((id) => !made.has(id))
      .map((id): Check<I> => ({
        id,
        result: 'not_made',
        reason: 'An earlier check had already refused the message.',
      }))
    return [...this.#made, ...rest]
  }

  /** A check that is made again takes the place of the first time. */
  #add(id: I, result: CheckResult, { reason, found, expected }: Omit<Finding, 'ok'>): void {
    const check = {
      id,
      result,
      reason,
      ...(found === undefined ? {} : { found }),
      ...(expected === undefined ? {} : { expected }),
    }
    const earlier = this.#made.findIndex((made) => made.id === id)
    this.#made.splice(earlier < 0 ? this.#made.length : earlier, 1, check)
  }
}

/** The word for a result, as shown. */
export function resultWord(result: CheckResult): string {
  switch (result) {
    case 'passed':
      return 'passed'
    case 'failed':
      return 'failed'
    case 'noted':
      return 'noted'
    case 'ignored':
      return 'ignored'
    case 'not_made':
      return 'not made'
    default:
      return assertNever(result)
  }
}
