// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { useHighlight } from '../../../renderer/common/composables/use-highlight'
import ReadPart from '../../../renderer/adversary/frames/ReadPart.vue'

it('a key that is missing stands apart from the words before it', () => {
  const read = { members: [], missing: ['K_hs', 'K_boot'], unfit: [], layers: [], plaintexts: [], ranges: [] }
  const props = { read, fate: { is: 'held' }, highlight: useHighlight(), change: undefined }
  const wrapper = mount(ReadPart as never, { props: props as never })
  expect(wrapper.find('.closed').element.textContent).toMatch(/^Closed\. It would take \S.* and \S.*\./)
  wrapper.unmount()
})
