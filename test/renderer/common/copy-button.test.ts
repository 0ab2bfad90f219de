// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import CopyButton from '../../../renderer/common/controls/CopyButton.vue'
import { standInForMain } from './support'

afterEach(() => vi.unstubAllGlobals())

it.each([
  [false, { text: 'text' }, 'copied'],
  [true, { text: 'text', secret: true }, 'copied for a minute'],
])('tells main whether the text is a secret (%s), and says so', async (secret, argument, spoken) => {
  const main = standInForMain({ 'text:copy': () => undefined })
  const wrapper = mount(CopyButton, { props: { text: 'text', label: 'Copy it', secret } })
  await wrapper.find('button').trigger('click')
  await flushPromises()
  expect(main.calls.mock.calls).toEqual([['text:copy', argument]])
  expect(wrapper.find('[role=status]').text()).toBe(spoken)
  expect(wrapper.find('button').attributes('title') !== undefined).toBe(secret)
  wrapper.unmount()
})
