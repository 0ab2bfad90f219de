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

it.each([
  ['Of which step', '3', { hold: 'all', step: 3 }],
  ['In which direction', 'client_to_server', { hold: 'all', direction: 'client_to_server' }],
] as const)('while nothing is held, who chooses “%s” has it held', async (label, value, rule) => {
  const main = standInForMain({ 'adversary:rule': () => undefined })
  const wrapper = mount(HoldBar as never, { props: { view: view('none') } as never })
  await wrapper.find(`[aria-label="${label}"]`).setValue(value)
  expect(main.calls).toHaveBeenLastCalledWith('adversary:rule', { ...rule, patient: true })
  expect(wrapper.find('select').element.value).toBe('all')
  wrapper.unmount()
})

it('what is held already stays so by another step, and no step in particular holds nothing', async () => {
  const main = standInForMain({ 'adversary:rule': () => undefined })
  const next = mount(HoldBar as never, { props: { view: view('next') } as never })
  await next.find('[aria-label="Of which step"]').setValue('4')
  expect(main.calls).toHaveBeenLastCalledWith('adversary:rule', { hold: 'next', step: 4, patient: true })
  next.unmount()
  const rule = { hold: 'none', step: 4, patient: true }
  const none = mount(HoldBar as never, { props: { view: { rule, held: [] } } as never })
  await none.find('[aria-label="Of which step"]').setValue('')
  expect(main.calls).toHaveBeenLastCalledWith('adversary:rule', { hold: 'none', patient: true })
  none.unmount()
})
