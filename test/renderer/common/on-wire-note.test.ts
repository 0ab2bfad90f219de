// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import OnWireNote from '../../../renderer/common/window/OnWireNote.vue'

it('the lab’s windows say that the adversary is on the wire, and what it holds', () => {
  const said = (isOnWire: boolean, heldOnWire: number): string => {
    const wrapper = mount(OnWireNote as never, { props: { view: { isOnWire, heldOnWire } } as never })
    const text = wrapper.text()
    wrapper.unmount()
    return text
  }
  expect(said(false, 0)).toBe('')
  expect(said(true, 0)).toContain('the adversary is on the wire.')
  expect(said(true, 1)).toContain('the adversary is on the wire, and holds 1 message: until you let it go on')
})
