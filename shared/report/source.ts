/** What a report is made of, and what somebody may wish of it. */
import type { Moves } from '../run/move'
import type { RunAgain } from '../run/remake'
import type { Run } from '../run/run'

/** A run that was opened from a file. */
export interface Opened {
  /** The name of the file. */
  readonly name: string
  /** In a capture nobody has recorded checks or settings. */
  readonly source: 'run' | 'capture'
  /** The file is, byte for byte, as it was written. */
  readonly isIntact: boolean
  /** What came of making its checks again. */
  readonly again: RunAgain
  /** What somebody in the middle did; undefined where nobody was. */
  readonly moves: Moves | undefined
}

export interface ReportSource {
  readonly run: Run
  /** The app that makes the report, with its version. */
  readonly application: string
  /** Wall clock, milliseconds since the Unix epoch. */
  readonly madeAt: number
  /** Undefined for the run of a lab as it is. */
  readonly opened?: Opened | undefined
}

export interface ReportWishes {
  /** Secrets that are still there stand in it. */
  readonly secrets: boolean
  /** Every byte, in an appendix; otherwise only how each frame begins. */
  readonly bytes: boolean
  /** For print: nothing is folded, as paper does not unfold. */
  readonly unfolded: boolean
}

/** Rows of a list at most: names, certificates, sessions. */
const MOST_ROWS = 500
/** Records at most, the oldest: what a journal keeps. */
export const MOST_RECORDS = 2_000

/** The first of a list, and how many are left out. */
export function firstRows<T>(
  all: readonly T[],
  most = MOST_ROWS,
): { readonly rows: readonly T[]; readonly more: number } {
  return { rows: all.slice(0, most), more: Math.max(0, all.length - most) }
}
