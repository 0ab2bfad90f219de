// @vitest-environment happy-dom
/** Hints and menus, mounted once somebody wants them, for an element that another takes the place of. */
import { flushPromises, mount } from '@vue/test-utils'
import { expect, it, vi } from 'vitest'
import { h, type FunctionalComponent } from 'vue'
import CopyMenu from '../../../renderer/common/controls/CopyMenu.vue'
import CopyMenuBody from '../../../renderer/common/controls/CopyMenuBody.vue'
import Tip from '../../../renderer/common/controls/Tip.vue'
import TipBody from '../../../renderer/common/controls/TipBody.vue'
import { standInForMain } from './support'

const CHOICES = () => [{ title: 'Copy', text: () => 'x' }]
type View = FunctionalComponent<{ readonly tag: string }>
const tip: View = ({ tag }) => h(Tip, null, { default: () => h(tag, 'here'), text: () => 'a hint' })
const menu: View = ({ tag }) => h(CopyMenu, { choices: CHOICES }, { default: () => h(tag, 'here') })
tip.props = menu.props = ['tag']

it.each([
  ['a hint', tip, TipBody, 'pointerenter'],
  ['a menu', menu, CopyMenuBody, 'contextmenu'],
] as const)(
  '%s is on the element that is there, and not on the one before it',
  async (_, view, body, event) => {
    standInForMain({})
    const page = mount(view, { props: { tag: 'b' }, attachTo: document.body })
    for (const tag of ['b', 'i'] as const) {
      await page.setProps({ tag })
      await page.get(tag).trigger(event)
      await vi.waitFor(() => expect(page.findComponent(body).exists()).toBe(true))
      await flushPromises()
      expect(page.findComponent(body).props('element')).toBe(page.get(tag).element)
    }
    page.unmount()
  },
)
