// @vitest-environment happy-dom
/** The way from a text, a word or F1 to its place in Help. */
import { mount } from '@vue/test-utils'
import { TooltipRoot } from 'reka-ui'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import type { Place } from '#shared/help/places'
import { answerHelp, inSight, placeInSight } from '../../../renderer/common/composables/use-help'
import { openExport, openSettings, useDialogs } from '../../../renderer/common/composables/use-dialogs'
import HelpText from '../../../renderer/common/controls/HelpText.vue'
import MessageDetail from '../../../renderer/common/message/MessageDetail.vue'
import { entryOf, giveSizes, standInForMain, type StandIn } from './support'

let main: StandIn
beforeEach(() => {
  giveSizes()
  main = standInForMain({})
})
afterEach(() => document.body.replaceChildren())

it('F1 asks what lies uppermost, and of the window what came last; without any of it Help begins', () => {
  const scope = effectScope()
  const below = ref<Place | undefined>({ page: 'protocol', anchor: '3' })
  const above = ref<Place>()
  expect(placeInSight()).toEqual({ page: 'guide' })
  scope.run(() => {
    inSight('dialog', () => above.value)
    inSight('window', () => ({ page: 'protocol' }))
    inSight('window', () => below.value)
    answerHelp()
  })
  expect(placeInSight()).toEqual({ page: 'protocol', anchor: '3' })
  below.value = undefined
  expect(placeInSight()).toEqual({ page: 'protocol' })
  above.value = { page: 'formats' }
  main.tell('help:ask', undefined)
  expect(main.calls).toHaveBeenLastCalledWith('help:show', { place: 'formats' })
  scope.stop()
  expect(placeInSight()).toEqual({ page: 'guide' })
  expect(main.listeners()).toBe(0)
})

it('every dialog has its place', async () => {
  const scope = effectScope()
  const dialogs = scope.run(useDialogs)!
  openSettings()
  expect(placeInSight()).toEqual({ page: 'guide', anchor: 'settings' })
  openExport()
  expect(placeInSight()).toEqual({ page: 'guide', anchor: 'export' })
  dialogs.trial.value = true
  await nextTick()
  expect(placeInSight()).toEqual({ page: 'protocol', anchor: '5' })
  dialogs.trial.value = false
  expect(placeInSight()).toEqual({ page: 'guide' })
  scope.stop()
})

it('a message is read beside its section of the protocol, a refused one beside the checks', async () => {
  const entry = await entryOf(4)
  const view = mount(MessageDetail, { props: { entry }, attachTo: document.body })
  expect(placeInSight()).toEqual({ page: 'protocol', anchor: '3' })
  await view.setProps({ entry: { ...entry, suite: 'modern' } as typeof entry })
  expect(placeInSight()).toEqual({ page: 'protocol', anchor: '4' })
  await view.setProps({
    entry: { ...entry, outcome: { ok: false, code: 'bad_certificate', message: 'x' } } as typeof entry,
  })
  expect(placeInSight()).toEqual({ page: 'protocol', anchor: '7' })
  view.unmount()
  expect(placeInSight()).toEqual({ page: 'guide' })
})

it('every source of a message is a link, and a click or Enter shows it', async () => {
  const view = mount(MessageDetail, { props: { entry: await entryOf(5) }, attachTo: document.body })
  const fold = view.find('.remarks summary')
  await fold.trigger('click')
  const links = view.findAll('.source a')
  expect(links.map((link) => link.text())).toContain('RFC 8446 appendix E.1')
  for (const link of links) {
    expect(link.attributes('tabindex')).toBe('0')
    expect(link.attributes('href')).toBeUndefined()
  }
  // Of texts of others Help has the address alone: that is said before.
  const titles = links.map((link) => [link.text(), link.attributes('title') ?? ''] as const)
  for (const [text, title] of titles)
    expect(title, text).toContain(/^RFC|^SP |^FIPS/.test(text) ? 'not in the app' : 'Opens Help')
  await links.find((link) => link.text() === 'Protocol section 3')!.trigger('click')
  expect(main.calls).toHaveBeenLastCalledWith('help:show', { place: 'protocol#3' })
  await links.find((link) => link.text() === 'RFC 8446 appendix E.1')!.trigger('keydown', { key: 'Enter' })
  expect(main.calls).toHaveBeenLastCalledWith('help:show', { place: 'sources#rfc-8446/appendix-E.1' })
  await fold.trigger('click')
  view.unmount()
})

it('a word has its hint on focus, once in a text, and leads to the glossary', async () => {
  const view = mount(HelpText, {
    props: { text: 'A nonce; another nonce (RFC 5116).' },
    attachTo: document.body,
  })
  expect(view.text()).toBe('A nonce; another nonce (RFC 5116).')
  const [word, ...more] = view.findAll('a.hint')
  expect(more).toEqual([])
  await word!.trigger('click')
  expect(main.calls).toHaveBeenLastCalledWith('help:show', { place: 'glossary#nonce' })
  expect(view.findComponent(TooltipRoot).exists()).toBe(false)
  // It is the same word from there on: what has the focus keeps it.
  ;(word!.element as HTMLElement).focus()
  await vi.waitFor(() => expect(document.activeElement?.getAttribute('aria-describedby')).toBeTruthy())
  expect(document.activeElement).toBe(word!.element)
  expect(document.body.textContent).toContain('A number used once.')
  view.unmount()
})
