/** Timing that holds on a noisy machine: contenders take turns in one run, and what is compared is the ratio within a round. */

/** Something to time: does its work `count` times. */
export interface Contender {
  readonly name: string
  readonly run: (count: number) => Promise<void>
}

/** Median with the quartiles around it. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

export interface Timing {
  readonly name: string
  /** Milliseconds for one piece of work. */
  readonly each: Spread
  /** Its time over that of the first contender, within the same round. */
  readonly ratio: Spread
}

/**
 * Times contenders against the first of them. In every round each has its turn, in an order that turns from round to round;
 * one round before the first is not counted.
 * @param count pieces of work a turn
 */
export async function race(
  contenders: readonly Contender[],
  options: { readonly rounds: number; readonly count: number },
): Promise<readonly Timing[]> {
  const times = contenders.map((): number[] => [])
  for (let round = -1; round < options.rounds; round++) {
    for (let turn = 0; turn < contenders.length; turn++) {
      const index = (turn + Math.max(0, round)) % contenders.length
      const contender = contenders[index]
      if (!contender) continue
      const started = performance.now()
      await contender.run(options.count)
      if (round >= 0) times[index]?.push((performance.now() - started) / options.count)
    }
  }
  const first = times[0] ?? []
  return contenders.map(({ name }, index) => {
    const own = times[index] ?? []
    return {
      name,
      each: spreadOf(own),
      ratio: spreadOf(own.map((time, round) => time / (first[round] ?? Number.NaN))),
    }
  })
}

/** Median and quartiles of some numbers. */
export function spreadOf(values: readonly number[]): Spread {
  return { median: percentile(values, 0.5), low: percentile(values, 0.25), high: percentile(values, 0.75) }
}

/** The number that such a share of them is not above. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.round((sorted.length - 1) * share)] ?? Number.NaN
}
