/** Places in *Help*: what citations, hints and F1 lead to. As a text, `page` or `page#anchor`, they travel between windows. */

/** Pages of Help that are no decision record, by what they are called in the contents and wherever a text cites them. */
export const PAGE_TITLES = {
  guide: 'Using Handshake Lab',
  protocol: 'The protocol',
  glossary: 'Glossary',
  keyboard: 'Keyboard shortcuts',
  sources: 'Sources',
  formats: 'Files and the tools that read them',
  'run-file': 'Run files',
  attacks: 'Attacks',
  'bit-flips': 'Every bit flipped',
  replay: 'Every frame sent again',
  captures: 'Captures for Wireshark',
  verdicts: 'Verdicts beside others’ test suites',
  recipes: 'Recipes for wrong certificates',
  'test-bench': 'A test bench for your own client',
} as const satisfies Readonly<Record<string, string>>
export type TitledPage = keyof typeof PAGE_TITLES
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
  return Object.hasOwn(PAGE_TITLES, text) || /^record-\d{4}$/.test(text)
}
