// @vitest-environment happy-dom
/** The window of Help as a page: its pages, its places, its search, and the way back. */
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { placeText, type Place } from '#shared/help/places'
import { provideWayToHelp } from '../../../renderer/common/composables/use-help'
import { HELP_GROUPS } from '../../../renderer/help/pages'
import HelpView from '../../../renderer/help/HelpView.vue'
import { search } from '../../../renderer/help/search'
import { useHistory, type History } from '../../../renderer/help/use-history'
import { CONTRACT_TEXT, SECTIONS } from '../../support/contract'
import { standInForMain, type StandIn } from '../common/support'

let view: VueWrapper
let history: History
let main: StandIn
beforeEach(() => {
  main = standInForMain({ 'text:copy': () => undefined })
  Element.prototype.scrollIntoView = vi.fn()
})
afterEach(() => {
  view.unmount()
  document.body.replaceChildren()
})

async function open(place: Place) {
  const Host = defineComponent(() => {
    history = useHistory(place)
    provideWayToHelp(history.go)
    return () => h(HelpView, { history })
  })
  view = mount(Host, { attachTo: document.body })
  await flushPromises()
}

const article = () => view.find('article')
const focused = () => document.activeElement?.textContent?.trim() ?? ''

it('shows all of the contract, as elements', async () => {
  await open({ page: 'protocol' })
  const words = (text: string): string => text.replace(/[`*#|>\s-]|^```$/gm, '')
  expect(words(article().text())).toBe(
    words(CONTRACT_TEXT.replace(/^\|[ -|]+\|$/gm, (row) => (/^[| -]+$/.test(row) ? '' : row))),
  )
  expect(view.findAll('article table').length).toBe(4)
  expect(view.findAll('pre').map((pre) => pre.text())[0]).toContain('| length (u32)  | ver  |')
  expect(document.activeElement).toBe(article().element)
})

it.each(SECTIONS)('opens at section %s, and goes there from the contents', async (section) => {
  await open({ page: 'protocol', anchor: section })
  expect(focused()).toMatch(new RegExp(`^${section}\\. `))
  history.go({ page: 'protocol' })
  await flushPromises()
  const entry = view.findAll('nav button').find((button) => button.text().startsWith(`${section}. `))!
  await entry.trigger('click')
  await flushPromises()
  expect(focused()).toMatch(new RegExp(`^${section}\\. `))
  expect(entry.attributes('aria-current')).toBe('true')
})

it('each page is in the contents, and shows itself', async () => {
  await open({ page: 'guide' })
  for (const { page, title } of HELP_GROUPS.flatMap(({ pages }) => pages)) {
    await view
      .findAll('nav button')
      .find((button) => button.text() === title)!
      .trigger('click')
    await flushPromises()
    expect(article().attributes('aria-label')).toBe(title)
    expect(article().findAll('h1').length, page).toBeGreaterThan(0)
    expect(article().text().length, page).toBeGreaterThan(200)
  }
})

it.each([
  ['glossary', 'oaep', 'OAEP'],
  ['keyboard', 'bytes', 'Bytes'],
  ['sources', 'rfc-8446', 'RFC 8446'],
  ['sources', 'rfc-8446/4.3.2', 'section 4.3.2'],
  ['sources', 'rfc-8446/9.9.9', 'section 9.9.9'],
  ['sources', 'rfc-9999/2', 'section 2'],
  ['record-0014', undefined, ''],
] as const)('opens %s at %s', async (page, anchor, title) => {
  await open({ page, ...(anchor === undefined ? {} : { anchor }) })
  if (anchor) expect(focused().startsWith(title)).toBe(true)
  else expect(article().text()).toContain('0014')
})

it('the address of a section is copied, and nothing is opened', async () => {
  await open({ page: 'sources', anchor: 'rfc-8446/4.3.2' })
  await view.find('[aria-label="Copy address of RFC 8446 section 4.3.2"]').trigger('click')
  await flushPromises()
  expect(main.calls).toHaveBeenCalledWith('text:copy', {
    text: 'https://www.rfc-editor.org/rfc/rfc8446.html#section-4.3.2',
  })
  expect(view.findAll('a[href]').length).toBe(0)
})

it('a citation on a page leads on, and back leads to where it was', async () => {
  await open({ page: 'record-0014' })
  const link = view.findAll('article a').find((each) => each.text() === 'record 0030')!
  article().element.scrollTop = 120
  await link.trigger('click')
  await flushPromises()
  expect(placeText(history.now.value.place)).toBe('record-0030')
  expect(article().element.scrollTop).toBe(0)
  await view.find('[aria-label="Back"]').trigger('click')
  await flushPromises()
  expect(placeText(history.now.value.place)).toBe('record-0014')
  expect(article().element.scrollTop).toBe(120)
  await press('ArrowRight', { altKey: true })
  expect(placeText(history.now.value.place)).toBe('record-0030')
  await press('ArrowLeft', { altKey: true })
  expect(placeText(history.now.value.place)).toBe('record-0014')
  expect(view.find('[aria-label="Back"]').attributes('disabled')).toBeDefined()
})

it('the contract leads to its own sections', async () => {
  await open({ page: 'protocol', anchor: '7' })
  const link = view.findAll('article a').find((each) => each.text() === 'section 2')!
  await link.trigger('keydown', { key: 'Enter' })
  await flushPromises()
  expect(focused()).toMatch(/^2\. /)
})

it('finds by words in any order, the title first, and shows where', () => {
  expect(search('oaep')[0]).toMatchObject({ place: { page: 'glossary', anchor: 'oaep' } })
  expect(search('K_boot constant').map(({ place }) => placeText(place))).toContain('protocol#3')
  expect(search('constant K_BOOT').map(({ place }) => placeText(place))).toContain('protocol#3')
  expect(search('alt+←').map(({ place }) => placeText(place))).toContain('keyboard#help')
  expect(search('Certificate Transparency').map(({ place }) => placeText(place))).toContain(
    'sources#rfc-9162',
  )
  expect(search('  ')).toEqual([])
  expect(search('xyzzy')).toEqual([])
  for (const { excerpt } of search('key')) expect(excerpt.length).toBeLessThan(120)
})

it('what was found shows a citation as the page does, and no words that only lead there', () => {
  const [escrow] = search('key escrow')
  expect(escrow).toMatchObject({ place: { page: 'glossary', anchor: 'key-escrow' } })
  const shown = ['escrow', 'protocol.md', 'integrity'].flatMap((query) => search(query))
  for (const { excerpt } of shown) expect(excerpt).not.toContain('protocol.md section')
  expect(search('server can escrow').map(({ excerpt }) => excerpt)).not.toContain('key escrow')
})

it('Escape ends the search first, then closes Help', async () => {
  const close = vi.spyOn(window, 'close').mockImplementation(() => undefined)
  await open({ page: 'guide' })
  const field = view.find<HTMLInputElement>('input[type=search]')
  await field.setValue('forward')
  await field.trigger('keydown', { key: 'Escape' })
  expect([field.element.value, close.mock.calls.length]).toEqual(['', 0])
  const hint = document.body.appendChild(document.createElement('span'))
  hint.setAttribute('role', 'tooltip')
  await press('Escape', {})
  expect(close).not.toHaveBeenCalled()
  hint.remove()
  await press('Escape', {})
  expect(close).toHaveBeenCalledOnce()
  close.mockRestore()
})

it('a standard that was come for says why its text is not opened', async () => {
  await open({ page: 'sources', anchor: 'rfc-8446/4.3.2' })
  expect(view.find('[aria-label="RFC 8446"]').text()).toContain('Handshake Lab reaches no network')
  expect(view.find('[aria-label="RFC 5280"]').text()).not.toContain('reaches no network')
})

it('is searched by keyboard alone', async () => {
  await open({ page: 'guide' })
  await press('f', { ctrlKey: true })
  const field = view.find<HTMLInputElement>('input[type=search]')
  expect(document.activeElement).toBe(field.element)
  await field.setValue('forward')
  expect(view.find('[role=status]').text()).toMatch(/^\d+ places$/)
  await field.trigger('keydown', { key: 'ArrowDown' })
  expect(focused()).toContain('Forward secrecy')
  await view.find('nav ul').trigger('keydown', { key: 'ArrowDown' })
  expect(focused()).not.toMatch(/^Forward secrecy/)
  await view.find('nav ul').trigger('keydown', { key: 'ArrowUp' })
  await view.find('nav button').trigger('click')
  await flushPromises()
  expect(placeText(history.now.value.place)).toBe('glossary#forward-secrecy')
  expect(focused()).toBe('Forward secrecy')
  await field.setValue('xyzzy')
  expect(view.find('[role=status]').text()).toBe('Nothing has all these words.')
  await field.trigger('keydown', { key: 'Escape' })
  expect(view.find('nav').attributes('aria-label')).toBe('Contents')
})

async function press(key: string, with_: { readonly ctrlKey?: boolean; readonly altKey?: boolean }) {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, ...with_ }))
  await flushPromises()
}
