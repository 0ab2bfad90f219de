// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { HoldRule } from '#shared/adversary/live'
import HoldBar from '../../../renderer/adversary/bar/HoldBar.vue'
import { standInForMain } from '../common/support'

afterEach(() => void vi.unstubAllGlobals())

const view = (hold: HoldRule['hold']) => ({ rule: { hold, patient: true }, held: [] })

it('what was chosen stands there until main has answered; then what the next view says', async () => {
  let answer = (): void => undefined
  standInForMain({ 'adversary:rule': () => new Promise<void>((resolve) => (answer = resolve)) })
  const wrapper = mount(HoldBar as never, { props: { view: view('none') } as never })
  const select = wrapper.find('select')
  await select.setValue('next')
  await wrapper.setProps({ view: view('none') } as never)
  expect(select.element.value).toBe('next')
  answer()
  await flushPromises()
  expect(select.element.value).toBe('next')
  // A frame was caught before the window heard of the rule.
  await wrapper.setProps({ view: view('none') } as never)
  expect(select.element.value).toBe('none')
  wrapper.unmount()
})
