/** The pages of *Help*: those of `docs` as they were when the app was built, and those that are made of its own tables. */
import attacks from '../../docs/attacks.md'
import bitFlips from '../../docs/bit-flips.md'
import captures from '../../docs/captures.md'
import formats from '../../docs/formats.md'
import guide from '../../docs/guide.md'
import protocol from '../../docs/protocol.md'
import recipes from '../../docs/recipes.md'
import replay from '../../docs/replay.md'
import runFile from '../../docs/run-file.md'
import testBench from '../../docs/test-bench.md'
import verdicts from '../../docs/verdicts.md'
import type { HelpPage, Place, TitledPage } from '#shared/help/places'
import { PAGE_TITLES } from '#shared/help/titles'
import type { Page } from '#shared/markdown'

const DECISIONS = import.meta.glob<Page>('../../docs/decisions/[0-9]*.md', { eager: true, import: 'default' })

/** A page of Help; one without `text` is made of a table. */
export interface HelpPageInfo {
  readonly page: HelpPage
  readonly title: string
  readonly text: Page | undefined
  /** True for a decision record: written for those who build the app, and shown as that. */
  readonly record?: true
}

export interface HelpGroup {
  readonly title: string
  /** Shown unfolded only while one of its pages is. */
  readonly folded?: true
  readonly pages: readonly HelpPageInfo[]
}

const records = Object.entries(DECISIONS).map(([path, text]): HelpPageInfo => {
  const [, number = ''] = /(\d{4})-[^/]*$/.exec(path) ?? []
  return { page: `record-${number}`, title: titleOf(text) ?? number, text, record: true }
})

function titled(page: TitledPage, text?: Page): HelpPageInfo {
  return { page, title: PAGE_TITLES[page], text }
}

/** Every page, in the order of the contents. */
export const HELP_GROUPS: readonly HelpGroup[] = [
  {
    title: 'The app',
    pages: [
      titled('guide', guide),
      titled('captures', captures),
      titled('test-bench', testBench),
      titled('keyboard'),
    ],
  },
  {
    title: 'Reading on',
    pages: [titled('protocol', protocol), titled('run-file', runFile), titled('glossary'), titled('sources')],
  },
  {
    title: 'As measured',
    pages: [
      titled('attacks', attacks),
      titled('bit-flips', bitFlips),
      titled('replay', replay),
      titled('formats', formats),
      titled('verdicts', verdicts),
      titled('recipes', recipes),
    ],
  },
  { title: 'Decision records, for developers', folded: true, pages: records },
]

const PAGES: ReadonlyMap<string, HelpPageInfo> = new Map(
  HELP_GROUPS.flatMap(({ pages }) => pages.map((info) => [info.page, info] as const)),
)

/** What is known of a page; undefined for a record that is not here. */
export function pageInfo(page: HelpPage): HelpPageInfo | undefined {
  return PAGES.get(page)
}

/** The place that a link of a page means, by the name of the file that it leads to; undefined for what is none of Help's pages. */
export function linkedPlace(to: string): Place | undefined {
  const [path = '', anchor] = to.split('#')
  const [, name = ''] = /([^/]+)\.md$/.exec(path) ?? []
  const [, number] = /^(\d{4})-/.exec(name) ?? []
  const info = PAGES.get(number === undefined ? name : `record-${number}`)
  if (!info || /^[a-z]+:/.test(to)) return undefined
  return { page: info.page, ...(anchor === undefined ? {} : { anchor }) }
}

function titleOf(page: Page): string | undefined {
  return page.flatMap((block) => (block.kind === 'heading' ? [block.title] : []))[0]
}
