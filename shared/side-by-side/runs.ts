/** How the runs of both suites are asked for, and how far they are. */

/** How many runs of each suite count; with an odd number one of them is the median. */
export const RUN_CHOICES = [3, 9, 27] as const
export type RunChoice = (typeof RUN_CHOICES)[number]

/** Runs of either suite, counted or not, of all that will be made. */
export interface RunProgress {
  readonly done: number
  readonly of: number
}
