/** What a lifetime trial is asked for: its lifetimes, the suite, and the clock that it runs on. */
import * as v from 'valibot'
import { LabError } from '../errors'
import { LONGEST_LIFETIME } from '../hl1/lifetime'
import { SUITE_NAMES } from '../hl1/suite-names'

/** Lifetimes in one trial. */
const MAX_LIFETIMES = 8

export const TRIAL_CLOCKS = ['real', 'simulated'] as const
export type TrialClock = (typeof TRIAL_CLOCKS)[number]

/** How each clock is named, wherever a trial is shown. */
export const CLOCK_TITLES: Readonly<Record<TrialClock, string>> = {
  real: 'real time',
  simulated: 'simulated clock',
}

const RANGE = `A lifetime is a whole number of seconds from 1 to ${LONGEST_LIFETIME.toLocaleString('en-GB')}.`

export const trialRequestSchema = v.object({
  lifetimes: v.pipe(
    v.array(
      v.pipe(v.number(RANGE), v.integer(RANGE), v.minValue(1, RANGE), v.maxValue(LONGEST_LIFETIME, RANGE)),
    ),
    v.minLength(1, 'A trial needs at least one lifetime, for instance 10, 60, 100.'),
    v.maxLength(MAX_LIFETIMES, `A trial takes at most ${MAX_LIFETIMES} lifetimes.`),
    v.check((list) => new Set(list).size === list.length, 'A lifetime is in the list twice: leave one out.'),
  ),
  suite: v.picklist(SUITE_NAMES, `The suite is one of: ${SUITE_NAMES.join(', ')}.`),
  clock: v.picklist(TRIAL_CLOCKS, `The clock is one of: ${TRIAL_CLOCKS.join(', ')}.`),
})

export type TrialRequest = Readonly<v.InferOutput<typeof trialRequestSchema>>

/** Judges lifetimes as a person writes them, in seconds: “10, 60, 100”. */
export function readLifetimes(
  text: string,
): { readonly lifetimes: readonly number[] } | { readonly problem: string } {
  const parts = text.split(/[\s,;]+/).filter((part) => part !== '')
  const wrong = parts.find((part) => !/^\d{1,9}$/.test(part))
  if (wrong !== undefined) return { problem: `“${wrong}” is not a lifetime. ${RANGE}` }
  const result = v.safeParse(trialRequestSchema.entries.lifetimes, parts.map(Number))
  return result.success ? { lifetimes: result.output } : { problem: result.issues[0].message }
}

/** As {@link readLifetimes}; throws LabError `bad_argument` with what is wrong. */
export function requireLifetimes(text: string): readonly number[] {
  const read = readLifetimes(text)
  if ('lifetimes' in read) return read.lifetimes
  throw new LabError('bad_argument', read.problem)
}
