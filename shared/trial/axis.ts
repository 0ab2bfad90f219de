/** The time axis of a trial's chart: linear, or logarithmic where the lifetimes lie too far apart for that. */
import { areFarApart } from './plan'
import type { TrialRow } from './result'

export interface TimeScale {
  readonly logarithmic: boolean
  /** The last moment that it shows, milliseconds. */
  readonly last: number
  /** Where a moment lies, pixels. */
  readonly place: (milliseconds: number) => number
  /** Marks on the axis; `at` in milliseconds. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

/** Pixels that a tick and its number take, at least. */
const TICK_SPACE = 64

/** A scale for the pixels `from` to `to`, for rows of at least one lifetime. */
export function timeScale(
  rows: readonly TrialRow[],
  { from, to }: { readonly from: number; readonly to: number },
): TimeScale {
  const lifetimes = rows.map(({ lifetime }) => lifetime)
  const last = Math.max(
    ...rows.map(({ planned, outcome }) => (outcome.is === 'pending' ? planned : outcome.sent)),
  )
  if (!areFarApart(lifetimes)) {
    const end = last * 1.02
    const step = niceStep((end / Math.max(1, to - from)) * TICK_SPACE)
    const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step)
    return {
      logarithmic: false,
      last,
      place: (milliseconds) => from + (milliseconds / end) * (to - from),
      ticks: ticks.map((at) => ({ at, label: label(at) })),
    }
  }
  const first = 10 ** Math.floor(Math.log10(Math.min(...rows.map(({ planned }) => planned))))
  const span = Math.log10(last / first) * 1.02
  const decades = Array.from({ length: Math.floor(span) + 1 }, (_, index) => first * 10 ** index)
  return {
    logarithmic: true,
    last,
    place: (milliseconds) =>
      from + (Math.max(0, Math.log10(Math.max(milliseconds, first) / first)) / span) * (to - from),
    ticks: decades.map((at) => ({ at, label: label(at) })),
  }
}

/** The smallest of 1, 2 and 5 times a power of ten that is not below. */
function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= least) ?? least
}

/** Milliseconds as seconds, without digits that say nothing. */
function label(milliseconds: number): string {
  return (milliseconds / 1000).toLocaleString('en-GB', { maximumFractionDigits: 3 })
}
