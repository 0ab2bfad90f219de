/** How a check or a statement about an artifact came out, as data. */

/** How a check ended. `warning`: worth knowing, without power to refuse. `not_made`: something it needs is missing. */
export type CheckOutcome = 'ok' | 'warning' | 'failed' | 'not_made'

/** A statement that was put to the test. */
export interface FactCheck {
  /** Stable, lower case with underscores. */
  readonly id: string
  readonly title: string
  readonly result: CheckOutcome
  readonly reason: string
}
