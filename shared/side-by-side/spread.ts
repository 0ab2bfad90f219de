/** What several measurements of one thing say: where their middle is and how far they lie apart. */

/** Median and quartiles of `count` values, in the unit of the values. */
export interface Spread {
  readonly median: number
  /** A quarter of the values lies below. */
  readonly low: number
  /** A quarter of the values lies above. */
  readonly high: number
  readonly count: number
}

/** Undefined for no values at all. Quantiles lie between neighbours in proportion. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined
  const sorted = values.toSorted((a, b) => a - b)
  return {
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
    count: sorted.length,
  }
}

function quantile(sorted: readonly number[], part: number): number {
  const place = part * (sorted.length - 1)
  const below = sorted[Math.floor(place)] ?? 0
  const above = sorted[Math.ceil(place)] ?? below
  return below + (above - below) * (place - Math.floor(place))
}
