/**
 * Samples of long tests: `npm test` tries a part of their cases, the same ones every time and some of every kind;
 * `npm run test:long` tries all of them.
 */
import { SUITE_NAMES, type SuiteName } from '#shared/hl1/suites'

/** True in the long run. */
export const ALL = process.env['LONG_TESTS'] === '1'

/**
 * The suites that something is tried in where all of a start in real windows goes with each: one of them, the other one too in the long run. What
 * differs between suites is tried without windows, in both.
 */
export function suitesInWindows(one: SuiteName): readonly SuiteName[] {
  return ALL ? SUITE_NAMES : [one]
}

/** Tag of a test in real windows that the long run alone takes: another test tries the kind of thing that it tries, or it waits for long. */
export const LONG = '@long'

/** That many in the long run, otherwise a part of them; for cases that are made one after another from a seed. */
export function sampleSize(all: number, oneOf: number): number {
  return ALL ? all : Math.ceil(all / oneOf)
}

/**
 * Every so many-th case of each kind, beginning with its first, in the order they had; all of them in the long run. Says
 * how many they are.
 */
export function sample<Case>(
  what: string,
  cases: readonly Case[],
  oneOf: number,
  kindOf: (given: Case) => string,
): readonly Case[] {
  if (ALL) return cases
  const seen = new Map<string, number>()
  const chosen = cases.filter((given) => {
    const kind = kindOf(given)
    const before = seen.get(kind) ?? 0
    seen.set(kind, before + 1)
    return before % oneOf === 0
  })
  console.info(
    `Sample of ${what}: ${chosen.length} of ${cases.length}, of each of ${seen.size} kinds one in ${oneOf}`,
  )
  return chosen
}
