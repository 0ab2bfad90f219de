// @vitest-environment happy-dom
import { flushPromises, mount } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import type { ForgeForm } from '#shared/adversary/live'
import ForgePanel from '../../../renderer/adversary/moves/ForgePanel.vue'
import { standInForMain } from '../common/support'

afterEach(() => void vi.unstubAllGlobals())

it('with another key what was typed and what was sent stay; only the keys that it takes are asked again', async () => {
  let missing: ForgeForm['missing'] = ['K_tmp2']
  let made = 0
  standInForMain({
    'adversary:form': ({ suite, step }: Pick<ForgeForm, 'suite' | 'step'>): ForgeForm => ({
      suite,
      step,
      fields: ['id_c', 'req'].map((name) => ({
        name,
        symbol: name,
        kind: 'text',
        meaning: 'A name.',
        suggestion: `proposed ${++made}`,
      })),
      needs: ['K_tmp2'],
      missing,
    }),
    'adversary:forge': () => ({ connection: 7 }),
  })
  const view = (keys: number) => ({ status: 'on', connections: [], keys: Array.from({ length: keys }) })
  const wrapper = mount(ForgePanel as never, { props: { view: view(1) } as never })
  await flushPromises()
  const values = () =>
    wrapper.findAll('dd input, dd textarea').map(({ element }) => (element as HTMLInputElement).value)
  const before = values()
  expect(wrapper.text()).toContain('It can’t be made')
  await wrapper.find('dd input, dd textarea').setValue('typed')
  missing = []
  await wrapper.setProps({ view: view(2) } as never)
  await flushPromises()
  expect(wrapper.text()).not.toContain('It can’t be made')
  expect(values()).toEqual(['typed', before[1]])
  await wrapper
    .findAll('button')
    .find((button) => button.text() === 'Make and send')
    ?.trigger('click')
  await flushPromises()
  await wrapper.setProps({ view: view(3) } as never)
  await flushPromises()
  expect(wrapper.text()).toContain('Sent on connection #7.')
  await wrapper
    .findAll('button')
    .find((button) => button.text() === 'Fresh values')
    ?.trigger('click')
  await flushPromises()
  expect(values()).not.toContain('typed')
  wrapper.unmount()
})
