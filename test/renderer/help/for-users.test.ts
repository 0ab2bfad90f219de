// @vitest-environment happy-dom
/** Help speaks to those who use the app: on no page, nor in what its search finds, stands what only those who build it can do. */
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { provideWayToHelp } from '../../../renderer/common/composables/use-help'
import HelpView from '../../../renderer/help/HelpView.vue'
import { HELP_GROUPS } from '../../../renderer/help/pages'
import { MOST_FINDS, search } from '../../../renderer/help/search'
import { useHistory } from '../../../renderer/help/use-history'
import { standInForMain } from '../common/support'

const PAGES = HELP_GROUPS.flatMap(({ pages }) => pages).filter(({ record }) => record !== true)
/** What nobody has who has installed the app, or can press. */
const FOR_BUILDERS = {
  'a file of the tests or the sources': /\b(main|renderer|shared|scripts|test)\/[\w./-]+/g,
  // The contract is cited by this name in every window, as a link.
  'a page by the name of its file': /\bdocs\/[\w-]+\.md\b|\b(?!protocol\.md)[\w-]+\.md\b/g,
  'a variable of the build': /\b(UPDATE_DOCS|LONG_TESTS)\b/g,
  'a test runner':
    /\b(vitest|playwright)\b|\bnpm (test|start)\b|\bnpm run (test|check|bench|fuzz|dev|dist|lint|types|walls)\b/g,
  'a name that only its makers know': /\bthe seed\b/gi,
  'an accelerator in Electron’s spelling': /CommandOrControl|\bArrow(Up|Down|Left|Right)\b/g,
}

afterEach(() => document.body.replaceChildren())

async function textOf(page: (typeof PAGES)[number]['page']): Promise<string> {
  standInForMain({})
  Element.prototype.scrollIntoView = vi.fn()
  const Host = defineComponent(() => {
    const history = useHistory({ page })
    provideWayToHelp(history.go)
    return () => h(HelpView, { history })
  })
  const view = mount(Host, { attachTo: document.body })
  await flushPromises()
  const text = view.find('article').text()
  view.unmount()
  return text
}

it.each(PAGES.map(({ page, title }) => [title, page] as const))('on the page “%s”', async (_, page) => {
  const text = await textOf(page)
  expect(text.length).toBeGreaterThan(200)
  for (const [what, pattern] of Object.entries(FOR_BUILDERS)) expect(text.match(pattern), what).toBeNull()
  // Commands of a clone are for those who have one, and that is said before the first of them.
  const command = text.indexOf('npm run')
  if (command >= 0)
    expect(text.slice(Math.max(0, command - 200), command + 200)).toMatch(/\bclone of (the|this) project\b/)
})

it('in what a search finds', () => {
  expect(search('CommandOrControl')).toEqual([])
  expect(search('ArrowLeft')).toEqual([])
  const finds = search('search in it')
  expect(finds.length).toBeLessThan(MOST_FINDS)
  expect(finds.map(({ excerpt }) => excerpt).join(' ')).toContain('Ctrl+F')
})
