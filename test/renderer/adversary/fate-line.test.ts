// @vitest-environment happy-dom
import { mount } from '@vue/test-utils'
import { expect, it } from 'vitest'
import { SETTINGS_GROUPS } from '../../../renderer/common/dialogs/settings-groups'
import FateLine from '../../../renderer/adversary/frames/FateLine.vue'

it('of a held message only that it is stale is said aloud, not every second', () => {
  const status = (at: number) => {
    const frame = { fate: { is: 'held' }, at, step: 3 }
    const wrapper = mount(FateLine as never, { props: { frame, ageLimit: 30 } as never })
    const said = [wrapper.find('[role=status]').text(), wrapper.text()] as const
    wrapper.unmount()
    return said
  }
  const [fresh, shown] = status(Date.now())
  expect(fresh).toBe('')
  expect(shown).toContain('It goes stale in 30 s: its receiver takes it until it is 30 s old')
  const [stale, all] = status(Date.now() - 60_000)
  expect(stale).toContain('become stale')
  expect(all).not.toContain('It goes stale')
  // What helps is named as the settings have it.
  const { label } = SETTINGS_GROUPS.flatMap(({ fields }) => fields).find(({ name }) => name === 'maxAge')!
  for (const text of [shown, all])
    expect(text).toContain(`raise “${label}” in the client’s window, under Settings… (Ctrl+,;`)
})
