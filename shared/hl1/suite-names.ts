/** Names of the suites, for whoever has no need of their steps. */

export const SUITE_NAMES = ['classic', 'modern'] as const
export type SuiteName = (typeof SUITE_NAMES)[number]

export const SUITE_TITLES: Readonly<Record<SuiteName, string>> = { classic: 'Classic', modern: 'Modern' }
