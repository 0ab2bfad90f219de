/** Names of the suites. */

export const SUITE_NAMES = ['classic', 'modern'] as const
export type SuiteName = (typeof SUITE_NAMES)[number]
