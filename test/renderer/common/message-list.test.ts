// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Hl1Entry } from '#shared/hl1/types'
import MessageList from '../../../renderer/common/message/MessageList.vue'
import { entryOf, giveSizes } from './support'

let wrapper: VueWrapper
let entries: Hl1Entry[]

beforeEach(async () => {
  giveSizes()
  entries = [await entryOf(3), await entryOf(4, 'sent'), await entryOf(5)]
  wrapper = mount(MessageList, {
    props: {
      entries,
      chosen: undefined,
      'onUpdate:chosen': (chosen: string | undefined) => wrapper.setProps({ chosen }),
    },
    attachTo: document.body,
  })
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

const selected = (): string => wrapper.find('[aria-selected="true"]').find('.title').text()

it('follows the newest message', async () => {
  expect(selected()).toBe('Temporary key for the server')
  await wrapper.setProps({ entries: [...entries, await entryOf(6, 'sent')] })
  await flushPromises()
  expect(selected()).toBe('Session key')
})

it('stays with the message that was chosen, until the newest is chosen again', async () => {
  await wrapper.find('[role="listbox"]').trigger('keydown', { key: 'Home' })
  await wrapper.setProps({ entries: [...entries, await entryOf(6, 'sent')] })
  await flushPromises()
  expect(selected()).toBe('Certificate request')
  await wrapper.find('[role="listbox"]').trigger('keydown', { key: 'End' })
  expect(wrapper.props()).toMatchObject({ chosen: undefined })
  expect(selected()).toBe('Session key')
})

it('says the keys of a message by name', () => {
  const last = wrapper.find('[aria-selected="true"]').text()
  expect(last).toContain('public key of the application server')
  expect(last).toContain('second temporary key')
  expect(last).toContain('accepted')
})

it('says so where older messages are no longer kept', async () => {
  expect(wrapper.text()).not.toContain('no longer kept')
  await wrapper.setProps({ hasDropped: true })
  expect(wrapper.text()).toContain('Older messages are no longer kept')
})
