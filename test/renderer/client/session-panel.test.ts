// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import SessionPanel from '../../../renderer/client/components/SessionPanel.vue'

it('an answer of an earlier session is told from one of the session of the moment', () => {
  const exchange = (id: number, connection: string) => ({
    id,
    request: 'time',
    answer: `answer ${id}`,
    connection,
  })
  const wrapper = mount(SessionPanel, {
    props: {
      request: 'time',
      session: undefined,
      exchanges: [exchange(2, 'now'), exchange(1, 'before')],
      connection: 'now',
      busy: false,
      send: async () => undefined,
    },
  })
  const [now, before] = wrapper.findAll('li').map((item) => item.text())
  expect(now).not.toContain('earlier session')
  expect(before).toMatch(/in an earlier session:\s*answer 1/)
  wrapper.unmount()
})
