// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import ActionButton from '../../../renderer/common/controls/ActionButton.vue'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('the second half of a double click does nothing, be the work done by then; who presses again and again is heard each time', async () => {
  const run = vi.fn(async () => undefined)
  const wrapper = mount(ActionButton, { props: { run } })
  /** One of so many clicks, as the system counts them, after so many milliseconds. */
  const click = async (after: number, detail: number): Promise<void> => {
    vi.advanceTimersByTime(after)
    await wrapper.find('button').trigger('click', { detail })
    await flushPromises()
  }
  await click(1_000, 1)
  await click(150, 2)
  expect(run).toHaveBeenCalledTimes(1)
  await click(250, 3)
  expect(run).toHaveBeenCalledTimes(2)
  await click(400, 4)
  expect(run).toHaveBeenCalledTimes(3)
  // Two clicks that are none together: elsewhere in between, or by the keyboard.
  await click(100, 1)
  await click(100, 0)
  expect(run).toHaveBeenCalledTimes(5)
  wrapper.unmount()
})
