/** Search through all of Help: every section that has all the words. */
import { citedAs, citedPieces } from '#shared/help/citations'
import { GLOSSARY } from '#shared/help/glossary'
import { anchorOf, type Place } from '#shared/help/places'
import { sectionName, SOURCES } from '#shared/help/sources'
import type { Shortcut } from '#shared/help/menu-keys'
import { textOf, type Block, type Page } from '#shared/markdown'
import { HELP_GROUPS, type HelpPageInfo } from './pages'
import { keysInText } from '../common/composables/written-keys'
import { SHORTCUT_GROUPS } from './shortcut-groups'

/** A section that was found. */
export interface Find {
  readonly place: Place
  readonly title: string
  /** The page that it is on. */
  readonly page: string
  /** What stands around the first word. */
  readonly excerpt: string
}

interface Section {
  readonly place: Place
  readonly title: string
  readonly page: string
  readonly text: string
  /** Other words by which it is found; no excerpt has them. */
  readonly also?: string
}

/** More than so many are not shown. */
export const MOST_FINDS = 60
const EXCERPT = 110

const SECTIONS: readonly Section[] = HELP_GROUPS.flatMap(({ pages }) => pages.flatMap(sectionsOf))

/** The sections that have every word of a query; those with it in their title first. */
export function search(query: string): readonly Find[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return []
  const found = SECTIONS.flatMap((section) => {
    const title = section.title.toLowerCase()
    const text = section.text.toLowerCase()
    const also = (section.also ?? '').toLowerCase()
    if (!words.every((word) => [title, text, also].some((part) => part.includes(word)))) return []
    return [{ section, inTitle: words.every((word) => title.includes(word)) }]
  })
  return [...found.filter(({ inTitle }) => inTitle), ...found.filter(({ inTitle }) => !inTitle)]
    .slice(0, MOST_FINDS)
    .map(({ section: { place, title, page, text } }) => ({
      place,
      title,
      page,
      excerpt: excerptOf(text, words),
    }))
}

function excerptOf(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase()
  const places = words.map((word) => lower.indexOf(word)).filter((at) => at >= 0)
  const first = places.length === 0 ? 0 : Math.min(...places)
  const start = first < EXCERPT / 2 ? 0 : text.indexOf(' ', first - EXCERPT / 3) + 1
  const piece = text.slice(start, start + EXCERPT)
  return `${start > 0 ? '…' : ''}${piece}${start + EXCERPT < text.length ? '…' : ''}`
}

function sectionsOf(info: HelpPageInfo): readonly Section[] {
  const { page, title, text } = info
  if (text) return sectionsOfText(info, text)
  switch (page) {
    case 'glossary':
      return GLOSSARY.map((entry) => ({
        place: { page, anchor: entry.id },
        title: entry.title,
        page: title,
        text: asShown([entry.text, entry.more ?? ''].join(' ')),
        also: entry.names.join(' '),
      }))
    case 'sources':
      return SOURCES.map((source) => ({
        place: { page, anchor: anchorOf(source.name) },
        title: source.name,
        page: title,
        text: [source.title, ...source.sections.map(sectionName)].join(' '),
      }))
    default:
      return SHORTCUT_GROUPS.map((group) => ({
        place: { page, anchor: anchorOf(group.title) },
        title: group.title,
        page: title,
        text: group.shortcuts.map(keysAndWhat).join('. '),
      }))
  }
}

/** As it stands on the page: what is cited by its title, and not by the name of its file. */
function asShown(text: string): string {
  return citedPieces(text)
    .map((piece) => (piece.place ? citedAs(piece.text) : piece.text))
    .join('')
}

/** As it stands on the page: keys by what is written on them. */
function keysAndWhat({ keys, what }: Shortcut): string {
  return `${keys.map(keysInText).join(', ')} ${what}`
}

/** What stands before the first section belongs to the page itself. */
function sectionsOfText({ page, title }: HelpPageInfo, text: Page): readonly Section[] {
  const sections: Section[] = []
  for (const block of text) {
    if (block.kind === 'heading') {
      const place = block.depth === 1 ? { page } : { page, anchor: block.section ?? anchorOf(block.title) }
      sections.push({ place, title: block.title, page: title, text: '' })
      continue
    }
    const last = sections.pop() ?? { place: { page }, title, page: title, text: '' }
    sections.push({ ...last, text: `${last.text} ${plainText(block)}`.trim() })
  }
  return sections
}

function plainText(block: Block): string {
  switch (block.kind) {
    case 'heading':
      return block.title
    case 'paragraph':
      return asShown(textOf(block.line))
    case 'code':
      return block.text
    case 'list':
      return block.items.map((item) => item.map(plainText).join(' ')).join(' ')
    case 'table':
      return [block.head, ...block.rows].map((row) => row.map(textOf).join(' ')).join(' ')
  }
}
