// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Fate } from '#shared/adversary/live'
import FramesTab from '../../../renderer/adversary/frames/FramesTab.vue'

/** Whether a value for a member is being typed in. */
let isTyping = false
const Detail = defineComponent({
  props: { frame: { type: Object, required: true } },
  setup: (props) => () =>
    h('div', isTyping ? { 'data-editing': '' } : {}, [`open: ${props.frame['id']}`, h('button')]),
})
beforeEach(() => {
  isTyping = false
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
})
afterEach(() => {
  document.body.replaceChildren()
  vi.unstubAllGlobals()
})

const frame = (id: number, is: Fate['is'], changes: readonly string[] = []) => ({ id, fate: { is }, changes })
const view = (...frames: ReturnType<typeof frame>[]) => ({
  ...{ frames, status: 'on', forgotten: 0, rule: { hold: 'all' } },
  held: frames.filter(({ fate }) => fate.is === 'held').map(({ id }) => id),
})

function open(frames: ReturnType<typeof frame>[], chosen: number) {
  const wrapper = mount(FramesTab as never, {
    attachTo: document.body,
    props: {
      ...{ view: view(...frames), chosen },
      'onUpdate:chosen': (id: number) => wrapper.setProps({ chosen: id } as never),
    } as never,
    global: { stubs: { FrameDetail: Detail, HeldList: true, StableList: true } },
  })
  return wrapper
}

it('a message that begins to wait is turned to, also from an older one that waits', async () => {
  const wrapper = open([frame(1, 'accepted'), frame(2, 'sent')], 1)
  await wrapper.setProps({ view: view(frame(1, 'accepted'), frame(2, 'held')) } as never)
  await flushPromises()
  expect(wrapper.text()).toContain('open: 2')
  await wrapper.setProps({ view: view(frame(2, 'held'), frame(3, 'held')) } as never)
  await flushPromises()
  expect(wrapper.text()).toContain('open: 3')
  wrapper.unmount()
})

it('nobody loses the frame that they are at: one with changes, one that is typed in, one with keyboard or pointer', async () => {
  const later = frame(3, 'held')
  const changed = open([frame(1, 'held', ['One bit.'])], 1)
  await changed.setProps({ view: view(frame(1, 'held', ['One bit.']), later) } as never)
  await flushPromises()
  expect(changed.text()).toContain('open: 1')
  changed.unmount()
  isTyping = true
  const typed = open([frame(1, 'held')], 1)
  await typed.setProps({ view: view(frame(1, 'held'), later) } as never)
  await flushPromises()
  expect(typed.text()).toContain('open: 1')
  typed.unmount()
  isTyping = false
  const focused = open([frame(1, 'held')], 1)
  focused.find<HTMLElement>('.place button').element.focus()
  await focused.setProps({ view: view(frame(1, 'held'), later) } as never)
  await flushPromises()
  expect(focused.text()).toContain('open: 1')
  focused.unmount()
  const pointed = open([frame(1, 'held')], 1)
  await pointed.find('.place').trigger('pointerenter')
  await pointed.setProps({ view: view(frame(1, 'held'), later) } as never)
  await flushPromises()
  expect(pointed.text()).toContain('open: 1')
  pointed.unmount()
})
