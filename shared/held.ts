/** What holds from a time on, until the next of its kind does: settings, certificates of an authority. */

export interface Since<T> {
  /** By the wall clock, milliseconds since the Unix epoch. */
  readonly from: number
  readonly value: T
}

/** The last of what holds from a time on, at a time; before the first one that one. Oldest first. */
export function heldAt<T>(all: readonly Since<T>[], at: number): T | undefined {
  return (all.findLast(({ from }) => from <= at) ?? all[0])?.value
}
