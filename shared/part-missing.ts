/** A part of the app that is read late, by main or a window, and is not there any more: how that is known, and what is said of it. */

/** What is said, in two lines: what has happened, and what to do. */
export const PART_MISSING = {
  title: 'This part of the app could not be loaded.',
  advice: 'Its files have changed or gone while it runs. Quit Handshake Lab and start it again.',
} as const

/** The same as data. */
export const PART_MISSING_FAULT = {
  code: 'part_missing',
  message: `${PART_MISSING.title} ${PART_MISSING.advice}`,
} as const

/** Node's codes for an `import()`, or a thread, whose file is not there. */
const CODES: ReadonlySet<unknown> = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'])
/** A page has no codes for it: so Chromium says it of code, and the build's own loader of a style sheet. */
const WORDS = /^(Failed to fetch dynamically imported module|Unable to preload CSS for)\b/

/** Whether an error says that a part of the app could not be read. */
export function isPartMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && CODES.has(error.code)) || WORDS.test(error.message)
}
