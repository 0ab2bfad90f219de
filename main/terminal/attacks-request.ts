/** Which attacks a terminal run is asked for. */
import type { DefenceId } from '#shared/hl1/defences'
import type { SuiteName } from '#shared/hl1/suites'

export interface AttacksRequest {
  readonly suites: readonly SuiteName[]
  /** Taken away in every run; empty for the whole matrix. */
  readonly without: readonly DefenceId[]
  readonly form: 'text' | 'json' | 'csv'
}
