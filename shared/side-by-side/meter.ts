/** Measures one run: every message with the operations that it took, as they were told of while it was made or checked. */
import type { MadeOperation } from '../crypto/primitives/operations'
import type { Hl1Entry } from '../hl1/types'
import type { SuiteName } from '../hl1/suites'

/** One message from one end, and what its role did for it. */
export interface MeasuredMessage {
  readonly entry: Hl1Entry
  readonly operations: readonly MadeOperation[]
}

/** A whole run, steps 1 to 8 once: each message from both ends, in the order in which they were recorded. */
export interface MeasuredRun {
  readonly suite: SuiteName
  readonly messages: readonly MeasuredMessage[]
  /** Milliseconds from before the first connection to after the last answer. */
  readonly elapsed: number
}

/**
 * In one run one role at a time has something to do: the others wait for its message. So the operations told of since the
 * record before belong to the record that comes next.
 */
export class RunMeter {
  #operations: MadeOperation[] = []
  #messages: MeasuredMessage[] = []

  /** Takes an operation. */
  readonly operation = (made: MadeOperation): void => void this.#operations.push(made)

  /** Takes a record, and with it the operations since the one before. */
  readonly record = (entry: Hl1Entry): void => {
    this.#messages.push({ entry, operations: this.#operations })
    this.#operations = []
  }

  /** Begins anew: what was made until now belongs to no message. */
  reset(): void {
    this.#operations = []
    this.#messages = []
  }

  /** What was recorded since the last reset, and the operations that no record has taken. */
  read(): { readonly messages: readonly MeasuredMessage[]; readonly left: readonly MadeOperation[] } {
    return { messages: this.#messages, left: this.#operations }
  }
}
