// @vitest-environment happy-dom
/** What a window puts into its page is made visible on the way there, whoever shows it; what is copied is the real text. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { h, nextTick, ref, type App, type Component } from 'vue'
import { toUtf8 } from '#shared/bytes'
import { visible } from '#shared/visible'
import LogDialog from '../../../renderer/common/dialogs/log/LogDialog.vue'
import InspectorList from '../../../renderer/common/inspect/InspectorList.vue'
import InspectorPicker from '../../../renderer/common/inspect/InspectorPicker.vue'
import MessageDetail from '../../../renderer/common/message/MessageDetail.vue'
import { mountPage } from '../../../renderer/common/page'
import { HOSTILE, unseenIn } from '../../support/unseen'
import { entryOf, giveSizes, standInForMain, type StandIn } from './support'

let app: App<Element> | undefined
let main: StandIn
let log = ''

beforeEach(() => {
  giveSizes()
  main = standInForMain({ 'log:read': () => ({ path: `/a/${HOSTILE}`, text: log }) })
})
afterEach(() => {
  app?.unmount()
  app = undefined
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

async function show(component: Component, props: Record<string, unknown> = {}): Promise<void> {
  const place = document.createElement('div')
  document.body.append(place)
  app = mountPage({ render: () => h(component, props) }, undefined, place)
  await flushPromises()
}

const SHOWN = ['title', 'alt', 'label', 'placeholder', 'aria-label', 'aria-description', 'aria-valuetext']

/** Every text of the page, and every attribute of it that is read or heard. */
function texts(): readonly string[] {
  const elements = [...document.body.querySelectorAll('*')]
  const attributes = elements.flatMap((element) => SHOWN.map((name) => element.getAttribute(name) ?? ''))
  return [...elements.filter(({ localName }) => localName !== 'pre').flatMap(ownTexts), ...attributes]
}

function ownTexts(element: Element): readonly string[] {
  return [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.nodeValue ?? '')
}

function expectHarmless(): void {
  for (const text of texts()) expect(unseenIn(text), text).toEqual([])
  for (const pre of document.body.querySelectorAll('pre'))
    expect(unseenIn(pre.textContent.replaceAll(/[\n\t]/g, ''))).toEqual([])
}

describe('a component', () => {
  it('shows nothing that acts or hides, in no text and no attribute, also after a change', async () => {
    const said = ref('nothing yet')
    const Part: Component = {
      render: () => [
        said.value,
        h('p', said.value),
        h('p', [h('b', 'x'), said.value]),
        h('p', { '.textContent': said.value }),
        h('pre', said.value),
        h('img', Object.fromEntries([...SHOWN, '.title', '^aria-label'].map((name) => [name, said.value]))),
        h('select', { 'aria-label': said.value }, [
          h('optgroup', { label: said.value }, [h('option', { value: said.value }, said.value)]),
        ]),
        h('svg', [h('text', said.value), h('title', said.value)]),
      ],
    }
    await show(Part)
    said.value = HOSTILE
    await nextTick()
    expectHarmless()
    const shown = visible(HOSTILE)
    expect(texts().filter((text) => text === shown).length).toBeGreaterThan(12)
    expect(document.querySelector('pre')?.textContent).toBe(visible(HOSTILE, { lines: true }))
    // What identifies an option is no text.
    expect(document.querySelector('option')?.value).toBe(HOSTILE)
  })

  it('has no attribute without bound', async () => {
    await show({ render: () => h('p', { title: '\u202e'.repeat(100_000) }) })
    const title = document.querySelector('p[title]')?.getAttribute('title')
    expect(title).toMatch(/^(?:\\u\{202e\}){2000}… \(100000 characters\)$/)
  })
})

describe('what is open in the inspector', () => {
  const groups = [
    {
      id: 'file-1',
      title: HOSTILE,
      notes: [],
      file: true,
      entries: [
        {
          kind: 'other',
          id: 'file-1/a',
          title: HOSTILE,
          source: `${HOSTILE}: PEM, ${HOSTILE}`,
          der: toUtf8(''),
        },
      ],
    },
  ]

  it.each([
    ['in one line', InspectorPicker],
    ['in a list', InspectorList],
  ])('is named by files harmlessly: %s', async (_, component) => {
    await show(component as Component, { groups, chosen: 'file-1/a' })
    expectHarmless()
    expect(document.body.textContent).toContain(visible(HOSTILE))
    expect(document.querySelector('[aria-label^="Remove"]')?.getAttribute('aria-label')).toBe(
      `Remove ${visible(HOSTILE)} from the list`,
    )
  })
})

describe('a message', () => {
  it('shows its members and what its peer says harmlessly, and copies the real value', async () => {
    const entry = await entryOf(7)
    const members = entry.members.map((member) =>
      member.name === 'req' ? { ...member, value: HOSTILE } : member,
    )
    await show(MessageDetail, { entry: { ...entry, members }, reveal: vi.fn() })
    expectHarmless()
    expect(document.body.textContent).toContain('begin\\u{1b}[2J')
    document.querySelector<HTMLElement>('[aria-label="More of req"]')?.click()
    await flushPromises()
    expectHarmless()
    document.querySelector<HTMLElement>('[aria-label="Copy req"]')?.click()
    await flushPromises()
    expect(main.calls).toHaveBeenCalledWith('text:copy', { text: HOSTILE })
  })

  it.each([
    ['', '0 spaces'],
    ['   ', '3 spaces'],
  ])('says of a value that would not be seen what it is: %j', async (value, words) => {
    const entry = await entryOf(7)
    const members = entry.members.map((member) => (member.name === 'req' ? { ...member, value } : member))
    await show(MessageDetail, { entry: { ...entry, members }, reveal: vi.fn() })
    const row = [...document.querySelectorAll('tr')].find(({ textContent }) => textContent.includes('req'))
    expect(row?.textContent).toContain(words)
  })

  it('of an alert shows what it says', async () => {
    const entry = await entryOf(3)
    const outcome = { ok: false, code: 'malformed', message: HOSTILE }
    await show(MessageDetail, { entry: { ...entry, kind: 'alert', outcome, members: [], checks: [] } })
    expectHarmless()
    expect(document.body.textContent).toContain(visible(HOSTILE))
  })

  it('with a time that no calendar has shows the number', async () => {
    const entry = await entryOf(7)
    const members = entry.members.map((member) =>
      member.name === 'ts7' ? { ...member, value: 8.64e15 + 1 } : member,
    )
    await show(MessageDetail, { entry: { ...entry, members }, reveal: vi.fn() })
    expect(document.body.textContent).toContain('8640000000000001')
    expect(document.body.textContent).not.toContain('NaN')
  })
})

describe('the log', () => {
  it('shows escapes as they stand in its file, and nothing that acts', async () => {
    log = `${visible(HOSTILE)}\nnext \u001b\u202e\n`
    await show(LogDialog, { open: true })
    expectHarmless()
    expect(document.querySelector('pre')?.textContent).toBe(`${visible(HOSTILE)}\nnext \\u{1b}\\u{202e}\n`)
  })
})
