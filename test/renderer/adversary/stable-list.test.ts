// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import StableList from '../../../renderer/adversary/frames/StableList.vue'
import { giveSizes } from '../common/support'

const ROW = 40
const HEIGHT = 400

let wrapper: VueWrapper
const items = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ id: from + index }))

beforeEach(async () => {
  giveSizes(300, HEIGHT)
  wrapper = mount(StableList as never, {
    props: {
      label: 'Frames',
      rowHeight: ROW,
      items: items(1, 100),
      chosen: 3,
      'onUpdate:chosen': (chosen: number) => wrapper.setProps({ chosen } as never),
    } as never,
    slots: { row: '<template #row="{ item }">{{ item.id }}</template>' },
    attachTo: document.body,
  })
  await flushPromises()
})
afterEach(() => {
  wrapper.unmount()
  vi.unstubAllGlobals()
})

const list = (): HTMLElement => wrapper.find('[role=listbox]').element as HTMLElement
async function scrollTo(top: number, whole = 100 * ROW): Promise<void> {
  Object.defineProperty(list(), 'scrollHeight', { configurable: true, value: whole })
  list().scrollTop = top
  await wrapper.find('[role=listbox]').trigger('scroll')
}

it('what is new takes neither the choice nor the place of who reads further up', async () => {
  await scrollTo(400)
  await wrapper.setProps({ items: items(1, 120) } as never)
  await flushPromises()
  expect(list().scrollTop).toBe(400)
  expect(wrapper.props()).toMatchObject({ chosen: 3 })
})

it('rows stay where they are when the oldest ones go', async () => {
  await scrollTo(400)
  await wrapper.setProps({ items: items(6, 105) } as never)
  await flushPromises()
  // Five rows fewer above the first one in view.
  expect(list().scrollTop).toBe(400 - 5 * ROW)
})

it('follows its end while that is in view, but not under the pointer', async () => {
  const moved = vi.fn<(options: unknown) => void>()
  list().scrollTo = moved as never
  await scrollTo(100 * ROW - HEIGHT)
  await wrapper.find('[role=listbox]').trigger('pointerenter')
  await wrapper.setProps({ items: items(1, 101) } as never)
  await flushPromises()
  expect(moved).not.toHaveBeenCalled()
  await wrapper.find('[role=listbox]').trigger('pointerleave')
  await flushPromises()
  expect(moved).toHaveBeenCalled()
})

it('hands on the keys that it does not take, with the chosen item', async () => {
  await wrapper.find('[role=listbox]').trigger('keydown', { key: 'Enter' })
  expect(wrapper.emitted('press')?.[0]?.[1]).toEqual({ id: 3 })
  await wrapper.find('[role=listbox]').trigger('keydown', { key: 'ArrowDown' })
  expect(wrapper.props()).toMatchObject({ chosen: 4 })
})
