/** Places in *Help*: what citations, hints and F1 lead to. As a text, `page` or `page#anchor`, they travel between windows. */

/** Pages of Help that are no decision record; what they are called is in `titles.ts`, which no window needs to appear. */
const HELP_PAGES = [
  'guide',
  'protocol',
  'glossary',
  'keyboard',
  'sources',
  'formats',
  'run-file',
  'attacks',
  'bit-flips',
  'replay',
  'captures',
  'verdicts',
  'recipes',
  'test-bench',
] as const
export type TitledPage = (typeof HELP_PAGES)[number]
/** A decision record is a page by its number: `record-0014`. */
export type HelpPage = TitledPage | `record-${string}`

/** A page of Help, and what on it is meant: the number or the name of a section, a word, a standard. */
export interface Place {
  readonly page: HelpPage
  readonly anchor?: string
}

/** The longest text of a place that main passes on. */
export const LONGEST_PLACE = 120

/** Where Help begins. */
export const HOME: Place = { page: 'guide' }

export function placeText({ page, anchor }: Place): string {
  return anchor === undefined ? page : `${page}#${anchor}`
}

/** Reads the text of a place; undefined for what names no page. Whether the page has such an anchor is for the page to say. */
export function readPlace(text: string): Place | undefined {
  const [page = '', ...rest] = text.split('#')
  if (!isPage(page)) return undefined
  const anchor = rest.join('#')
  return anchor === '' ? { page } : { page, anchor }
}

/** Names a section by its title, where it has no number: `With a screen reader` is `with-a-screen-reader`. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

function isPage(text: string): text is HelpPage {
  return (HELP_PAGES as readonly string[]).includes(text) || /^record-\d{4}$/.test(text)
}
