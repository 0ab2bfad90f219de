// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import type { Events } from '#shared/ipc/contract'
import { openProtocol, protocolSection, useDialogs } from '../../../renderer/common/composables/use-dialogs'
import MarkdownPage from '../../../renderer/common/dialogs/protocol/MarkdownPage.vue'
import page from '../../../docs/protocol.md'
import { CONTRACT_TEXT, SECTIONS } from '../../support/contract'

let tellOpen: (asked: Events['dialog:open']) => void
let scope: EffectScope
beforeEach(() => {
  scope = effectScope()
  vi.stubGlobal('lab', {
    window: 'client',
    on: (_: string, listener: typeof tellOpen) => {
      tellOpen = listener
      return () => undefined
    },
  })
})
afterEach(() => {
  scope.stop()
  document.body.replaceChildren()
})

async function show(section?: string) {
  const view = mount(MarkdownPage, {
    props: { page, section, label: 'The protocol' },
    attachTo: document.body,
  })
  await flushPromises()
  await new Promise((resolve) => setTimeout(resolve))
  return view
}

it('shows all of the contract, as elements', async () => {
  const view = await show()
  const words = (text: string): string => text.replace(/[`*#|>\s-]|^```$/gm, '')
  const shown = view.find('article').text()
  expect(words(shown)).toBe(
    words(CONTRACT_TEXT.replace(/^\|[ -|]+\|$/gm, (row) => (/^[| -]+$/.test(row) ? '' : row))),
  )
  expect(view.findAll('table').length).toBe(4)
  expect(view.findAll('pre').map((pre) => pre.text())[0]).toContain('| length (u32)  | ver  |')
  view.unmount()
})

it('begins at its beginning, with keys that scroll it', async () => {
  const view = await show()
  expect(document.activeElement).toBe(view.find('article').element)
  view.unmount()
})

it.each(SECTIONS)('opens at section %s, and goes there from the contents', async (section) => {
  const view = await show(section)
  expect(document.activeElement?.textContent?.trim()).toMatch(new RegExp(`^${section}\\. `))
  await view.setProps({ section: undefined })
  await view
    .findAll('nav button')
    .find((button) => button.text().startsWith(`${section}. `))!
    .trigger('click')
  expect(document.activeElement?.textContent?.trim()).toMatch(new RegExp(`^${section}\\. `))
  view.unmount()
})

it('is opened by the menu, or by a citation at its section', async () => {
  const { protocol } = scope.run(useDialogs)!
  tellOpen({ dialog: 'protocol' })
  expect([protocol.value, protocolSection().value]).toEqual([true, undefined])
  protocol.value = false
  openProtocol('4')
  await nextTick()
  expect([protocol.value, protocolSection().value]).toEqual([true, '4'])
  tellOpen({ dialog: 'protocol', section: '7' })
  expect(protocolSection().value).toBe('7')
})
