/**
 * Text of peers and files as people may see it. Everything that puts text out does so through here, once, where it is put out:
 * main's standard output and error (main/log/stdio.ts), the log (main/log/log.ts), the system's dialogs
 * (main/windows/dialogs.ts), the pages (renderer/common/page.ts), tables in files (shared/csv.ts), reports
 * (shared/report/html.ts). All else holds text as it
 * came, so that what is compared, copied or exported is the real one.
 */

/**
 * What nobody sees, or what does something to the text around it, by the Unicode Character Database:
 *
 * - Cc: controls of ECMA-48, C0, DEL and C1: they begin lines, move the cursor, set colours, titles and clipboards of terminals;
 * - Cf and Default_Ignorable_Code_Point: what turns the direction of writing (UAX #9), zero widths, soft hyphens, tags, variation
 *   selectors, fillers. UTS #39 section 3.1 has them out of identifiers, as two texts that differ look the same;
 * - Zl, Zp and all spaces but U+0020, and the blank Braille pattern, which look like that one;
 * - Cs, Co and Cn: halves of pairs, private use, unassigned and noncharacters: what they look like, nobody can say.
 */
const UNSEEN = String.raw`[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u2800]|(?! )\p{Zs}`
/**
 * Marks that are put on the character before them: those that have none, and those after the fourth in a row, which grow over
 * other lines (UTS #39 section 5.4: no more than four).
 */
const PILED = String.raw`^[\p{Mn}\p{Me}]|(?<=[\p{Mn}\p{Me}]{4})[\p{Mn}\p{Me}]`
/** A text's own characters that would read as an escape. */
const POSING = String.raw`\\(?=u\{)`

const UNSEEN_ONE = new RegExp(UNSEEN, 'u')
const HIDDEN = new RegExp(`${UNSEEN}|${PILED}`, 'gu')
const MARKED = new RegExp(`${UNSEEN}|${PILED}|${POSING}`, 'gu')
/** Nearly all texts are such, and go unchanged. */
const PLAIN = /^[ -[\]-~]*$/

export interface VisibleOptions {
  /** Line feeds and tabs stay: for text that has lines of its own, in a place of its own. */
  readonly lines?: boolean
  /** It was made visible before, as a log is: its escapes stay as they are, whoever may have written them. */
  readonly again?: boolean
  /** More characters than these are cut off, and how many there are is said. */
  readonly most?: number
}

/**
 * A text with what can't be seen written as `\u{…}`, the number in hex. It says what was there: a backslash that a text has
 * itself before `u{` is written `\u{5c}`, and any other stays as it is, so no two texts give the same, and paths, PEM, base64
 * and hex are not disturbed.
 * What was made so already is not made so again, as its escapes would show as a text's own: see `again`.
 */
export function visible(text: string, options: VisibleOptions = {}): string {
  const { lines = false, again = false, most = Infinity } = options
  const kept = shorten(text, most)
  if (PLAIN.test(kept)) return kept
  return kept.replace(again ? HIDDEN : MARKED, (character) =>
    lines && (character === '\n' || character === '\t') ? character : escapeOf(character),
  )
}

/** Lines as one text, each ended by a line feed; nothing in a line begins another. `most`: characters of each. */
export function visibleLines(lines: readonly string[], most?: number): string {
  const options = most === undefined ? {} : { most }
  return lines.map((line) => `${visible(line, options)}\n`).join('')
}

/** Of `JSON.stringify`. */
export type JsonReplacer = (key: string, value: unknown) => unknown

/** A value as one line of JSON (RFC 8259); what can't be seen is in it as JSON's own escapes.*/
export function jsonLine(value: unknown, replacer?: JsonReplacer): string {
  return `${JSON.stringify(value, replacer).replace(HIDDEN, jsonEscapes)}\n`
}

/** Whether a text has a character that {@link visible} always writes as an escape. */
export function hasUnseen(text: string): boolean {
  return UNSEEN_ONE.test(text)
}

/** A text of at most `most` characters as it is; of a longer one so many, and how many it has. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text
  return `${beginning(text, most)}… (${text.length} characters)`
}

/** The first `most` characters of a text; no pair of surrogates is cut in two. */
export function beginning(text: string, most: number): string {
  const isCut = /[\ud800-\udbff]$/.test(text.slice(0, most)) && /^[\udc00-\udfff]/.test(text.slice(most))
  return text.slice(0, isCut ? most - 1 : most)
}

function escapeOf(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}

function jsonEscapes(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
