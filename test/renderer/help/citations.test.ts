/**
 * Whatever the app can show that cites something leads to a place of Help that is there: every text in the code of what is shown,
 * read with the compilers' own parsers, and every page of Help itself.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import ts from 'typescript'
import { expect, it } from 'vitest'
import { parse } from 'vue/compiler-sfc'
import { citedPieces } from '#shared/help/citations'
import { GLOSSARY } from '#shared/help/glossary'
import { anchorOf, placeText, type Place } from '#shared/help/places'
import { sectionName, sourceAt, SOURCES } from '#shared/help/sources'
import { SUITE_NAMES, SUITES } from '#shared/hl1/suites'
import type { Block, Inline, Line } from '#shared/markdown'
import { HELP_GROUPS, linkedPlace, pageInfo } from '../../../renderer/help/pages'

const ROOT = resolve(import.meta.dirname, '../../..')
const ROOMS = ['shared', 'renderer', 'main'] as const
/** The RFCs' own notation, whose remarks nobody sees; the sources themselves; what citations are recognised by. */
const NOT_SHOWN =
  /^(shared\/(crypto\/asn1\/modules\/|help\/(sources|citations)\.ts)|renderer\/help\/pages\.ts)/
/** What looks like a citation: none of it may be left when those that lead somewhere are taken out. */
const LOOKS_CITED =
  /\bRFC ?\d+(?![\d:])|\bFIPS ?\d|\bSP ?800|protocol\.md|docs\/[a-z]|\brecords? \d{4}|\b\w+, (?:19|20)\d\d\)/i

interface Shown {
  readonly where: string
  readonly text: string
}

const SHOWN: readonly Shown[] = ROOMS.flatMap((room) =>
  readdirSync(join(ROOT, room), { recursive: true, encoding: 'utf8' })
    .map((path) => `${room}/${path}`)
    .filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('.d.ts') && !NOT_SHOWN.test(path))
    .flatMap(textsOf),
)

it('in every text of the code of what is shown', () => {
  expect(SHOWN.length).toBeGreaterThan(5_000)
  const found = SHOWN.filter(({ text }) => citedPieces(text).some(({ place }) => place))
  expect(found.length).toBeGreaterThan(60)
  expect(SHOWN.flatMap((shown) => faultsOf(shown))).toEqual([])
})

it('in what suites say of each step, whole', () => {
  for (const suite of SUITE_NAMES) {
    for (const { weaknesses, repairs } of Object.values(SUITES[suite].sheets)) {
      for (const { source } of [...weaknesses, ...repairs]) {
        expect(
          citedPieces(source).some(({ place }) => place),
          source,
        ).toBe(true)
        expect(faultsOf({ where: suite, text: source })).toEqual([])
      }
    }
  }
})

it('on every page of Help', () => {
  const pages = HELP_GROUPS.flatMap(({ pages }) => pages)
  expect(pages.filter(({ text }) => text).length).toBeGreaterThan(30)
  const shown = pages.flatMap(({ page, text = [] }) =>
    text.flatMap(piecesOf).map((each) => ({ where: page, text: each })),
  )
  // A page names other documents of the project too, which are no citations.
  const faults = shown
    .flatMap((each) => faultsOf(each, 'any'))
    .filter((fault) => !fault.includes('docs/') && !fault.includes('left over: protocol.md'))
  expect(faults).toEqual([])
})

it('links from page to page lead to sections that are there', () => {
  const links = HELP_GROUPS.flatMap(({ pages }) =>
    pages.flatMap(({ text = [] }) => text.flatMap(linesOf).flatMap(linksOf)),
  )
  const places = links.flatMap((to) => linkedPlace(to) ?? [])
  expect(places.length).toBeGreaterThan(3)
  expect(places.filter((place) => !isThere(place))).toEqual([])
  // What leads to no page of Help is text; a page is never left out by a slip.
  expect(links.filter((to) => !linkedPlace(to) && /^(\.\.\/)?\d{4}-/.test(to))).toEqual([])
})

it('every source has an address, every section of an RFC one of its own, and all that is listed is cited somewhere', () => {
  const everything = [
    ...SHOWN.map(({ text }) => text),
    ...HELP_GROUPS.flatMap(({ pages }) => pages.flatMap(({ text = [] }) => text.flatMap(piecesOf))),
  ]
  const cited = new Set(
    everything.flatMap((text) => citedPieces(text).flatMap(({ place }) => (place ? placeText(place) : []))),
  )
  for (const { name, sections, address } of SOURCES) {
    expect(address(), name).toMatch(
      /^https:\/\/(www\.rfc-editor\.org|doi\.org|csrc\.nist\.gov|www\.cve\.org|cabforum\.org)\//,
    )
    const anchor = anchorOf(name)
    const all = [...cited].filter(
      (place) => place === `sources#${anchor}` || place.startsWith(`sources#${anchor}/`),
    )
    expect(all.length, `${name} is cited`).toBeGreaterThan(0)
    for (const section of sections) {
      expect(cited, `${name} ${sectionName(section)}`).toContain(`sources#${anchor}/${section}`)
      if (name.startsWith('RFC')) expect(address(section)).toMatch(/#(section|appendix)-[\dA-Z.]+$/)
    }
  }
})

/** `sections`: whether a source has to list the section; a page may cite any. */
function faultsOf({ where, text }: Shown, sections: 'listed' | 'any' = 'listed'): readonly string[] {
  return citedPieces(text).flatMap(({ text: piece, place }) => {
    if (place) return isThere(place, sections) ? [] : [`${where}: ${piece} leads nowhere`]
    const [left] = LOOKS_CITED.exec(piece) ?? []
    return left === undefined ? [] : [`${where}: left over: ${left} of ${text}`]
  })
}

function isThere({ page, anchor }: Place, sections: 'listed' | 'any' = 'listed'): boolean {
  const info = pageInfo(page)
  if (!info) return false
  if (anchor === undefined) return true
  if (page === 'glossary') return GLOSSARY.some(({ id }) => id === anchor)
  if (page === 'sources') {
    const found = sourceAt(anchor)
    if (!found || sections === 'any') return found !== undefined
    return SOURCES.includes(found.source) && (!found.section || found.source.sections.includes(found.section))
  }
  return (info.text ?? []).some(
    (block) => block.kind === 'heading' && (block.section ?? anchorOf(block.title)) === anchor,
  )
}

/** Every text in a file: strings, pieces of templates, and what stands in a component's markup. */
function textsOf(path: string): readonly Shown[] {
  const source = readFileSync(join(ROOT, path), 'utf8')
  const of = (texts: readonly string[]) => texts.map((text) => ({ where: path, text }))
  if (path.endsWith('.ts')) return of(stringsOf(source))
  const { descriptor } = parse(source)
  const scripts = [descriptor.script, descriptor.scriptSetup].flatMap((block) => block?.content ?? [])
  return of([...scripts.flatMap(stringsOf), ...markupTexts(descriptor.template?.ast)])
}

function stringsOf(source: string): readonly string[] {
  const texts: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return
    if (
      ts.isStringLiteralLike(node) ||
      ts.isTemplateHead(node) ||
      ts.isTemplateMiddle(node) ||
      ts.isTemplateTail(node)
    )
      texts.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile('x.ts', source, ts.ScriptTarget.Latest))
  return texts
}

interface MarkupNode {
  readonly type: number
  readonly content?: unknown
  readonly children?: readonly unknown[]
  readonly props?: readonly {
    readonly value?: { readonly content?: string }
    readonly exp?: { readonly content?: string }
  }[]
}

/** Texts, attributes, and the strings of expressions; comments are none. */
function markupTexts(node: unknown): readonly string[] {
  const { type, content, children = [], props = [] } = (node ?? {}) as MarkupNode
  const own = type === 2 && typeof content === 'string' ? [content.replace(/\s+/g, ' ')] : []
  const expression =
    type === 5 ? stringsOf(String((content as { content?: string } | undefined)?.content ?? '')) : []
  const attributes = props.flatMap(({ value, exp }) => [
    value?.content ?? '',
    ...stringsOf(`(${exp?.content ?? ''})`),
  ])
  return [...own, ...expression, ...attributes, ...children.flatMap(markupTexts)]
}

/** The texts and the code of a block, piece by piece as they are shown. */
function piecesOf(block: Block): readonly string[] {
  return linesOf(block).flatMap((line) => line.flatMap(inlineTexts))
}

function inlineTexts(part: Inline): readonly string[] {
  return 'inside' in part ? part.inside.flatMap(inlineTexts) : [part.text]
}

function linesOf(block: Block): readonly Line[] {
  switch (block.kind) {
    case 'paragraph':
      return [block.line]
    case 'list':
      return block.items.flatMap((item) => item.flatMap(linesOf))
    case 'table':
      return [block.head, ...block.rows].flat()
    default:
      return []
  }
}

function linksOf(line: Line): readonly string[] {
  return line.flatMap((part) => [
    ...(part.kind === 'link' ? [part.to] : []),
    ...('inside' in part ? linksOf(part.inside) : []),
  ])
}
