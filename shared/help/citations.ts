/** Citations in running text, and where in Help each leads: the one place that knows how texts name what they cite. */
import { anchorOf, type HelpPage, type Place } from './places'

/** A piece of text: what cites something has the place that it leads to. */
export interface CitedPiece {
  readonly text: string
  readonly place?: Place
  /** What is cited, in full, where the piece alone does not say it: the `7` of “sections 4 and 7”. */
  readonly full?: string
}

const REFERENCE = String.raw`(?:\d+|[A-Z](?![A-Za-z]))(?:\.\d+)*`
const BETWEEN = String.raw`(?:, | and | to )`
/** Pages of Help that texts cite by their titles, `Help: Every bit flipped`; those of all pages are in `titles.ts`. */
export const CITED_TITLES = {
  attacks: 'Attacks',
  'bit-flips': 'Every bit flipped',
  formats: 'Files and the tools that read them',
  replay: 'Every frame sent again',
} as const satisfies Partial<Record<HelpPage, string>>
const CITED_PAGES = Object.keys(CITED_TITLES) as readonly (keyof typeof CITED_TITLES)[]
/** `protocol.md section 3`, `RFC 5280 sections 4.2.1.1 and 4.2.1.2`, `SP 800-38A appendix D`, `Help: Every bit flipped`. */
const CITED = new RegExp(
  [
    String.raw`\b(?<work>protocol\.md|RFC \d{3,5}|SP 800-\d+[A-Z]?|FIPS \d+(?:-\d+)?|Bleichenbacher, 2006|Baseline Requirements)`,
    String.raw`(?:,? (?<kind>sections?|append(?:ix|ices)) (?<list>${REFERENCE}(?:${BETWEEN}${REFERENCE})*))?`,
    String.raw`|\bdocs/decisions/(?<file>\d{4})`,
    String.raw`|\b[Rr]ecords? (?<records>\d{4}(?:${BETWEEN}\d{4})*)`,
    String.raw`|\bdocs/(?<page>attacks|formats|bit-flips|replay|recipes|test-bench)\.md`,
    String.raw`|\bHelp: (?<title>${Object.values(CITED_TITLES).join('|')})`,
  ].join(''),
  'g',
)

/** Splits a text at its citations. All pieces together are the text. */
export function citedPieces(text: string): readonly CitedPiece[] {
  const pieces: CitedPiece[] = []
  let end = 0
  for (const match of text.matchAll(CITED)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index) })
    pieces.push(...piecesOf(match[0], match.groups ?? {}))
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end) })
  return pieces
}

type Groups = Readonly<Record<string, string | undefined>>

function piecesOf(
  text: string,
  { work, kind, list, file, records, page, title }: Groups,
): readonly CitedPiece[] {
  if (file !== undefined) return [{ text, place: { page: `record-${file}` } }]
  const named = page ?? CITED_PAGES.find((each) => CITED_TITLES[each] === title)
  if (named !== undefined) return [{ text, place: { page: named as HelpPage } }]
  if (records !== undefined)
    return listed(text, records, (number) => ({
      place: { page: `record-${number}` },
      full: `record ${number}`,
    }))
  if (work === undefined) return [{ text }]
  if (kind === undefined || list === undefined) return [{ text, place: placeOf(work) }]
  const one = kind.startsWith('append') ? 'appendix' : 'section'
  return listed(text, list, (number) => ({
    place: placeOf(work, `${one === 'appendix' ? 'appendix-' : ''}${number}`),
    full: `${work} ${one} ${number}`,
  }))
}

/** Each number of a list is a citation of its own; the first has all that stands before it. */
function listed(
  text: string,
  list: string,
  cite: (number: string) => Required<Pick<CitedPiece, 'place' | 'full'>>,
): readonly CitedPiece[] {
  const before = text.slice(0, text.length - list.length)
  return list.split(new RegExp(`(${BETWEEN})`)).map((piece, index): CitedPiece => {
    if (index % 2 === 1) return { text: piece }
    const { place, full } = cite(piece)
    return index === 0 ? { text: before + piece, place } : { text: piece, place, full }
  })
}

/** A citation as people are shown it: documents of the project by their titles in Help, and not by the names of their files. */
export function citedAs(text: string): string {
  return text.replace(/^protocol\.md/, 'Protocol').replace(/^docs\/decisions\/(?=\d{4})/, 'decision record ')
}

/** What a citation leads to, said before it is followed: of texts of others Help has the address, and not the text. */
export function leadsTo({ page }: Place): string {
  if (page === 'sources') return 'Opens Help: where this text can be read; it is not in the app'
  if (page === 'protocol') return 'Opens Help: the protocol, at this section'
  return page.startsWith('record-') ? 'Opens Help: the decision' : 'Opens Help'
}

/** Where a section of a work is: the contract has its own page, everything else stands among the sources. */
function placeOf(work: string, section?: string): Place {
  if (work === 'protocol.md')
    return section === undefined ? { page: 'protocol' } : { page: 'protocol', anchor: section }
  const source = anchorOf(work)
  return { page: 'sources', anchor: section === undefined ? source : `${source}/${section}` }
}
