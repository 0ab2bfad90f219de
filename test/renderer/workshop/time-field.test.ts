// @vitest-environment happy-dom
/** A number of days as it is typed: what stands in the field is the person's until it is a number. */
import { mount } from '@vue/test-utils'
import { ref } from 'vue'
import { expect, it } from 'vitest'
import TimeField from '../../../renderer/workshop/TimeField.vue'
import type { TimePlan } from '#shared/workshop/chain'
import type { OwnPlan } from '../../../renderer/workshop/use-own-plan'

it('can be emptied, and begin with a sign', async () => {
  const given = ref<TimePlan>({ at: { days: 905 } })
  const field = mount(TimeField, {
    props: {
      label: 'To',
      own: { problems: ref(new Map()) } as unknown as OwnPlan,
      modelValue: given.value,
      'onUpdate:modelValue': async (now: TimePlan) => {
        given.value = now
        await field.setProps({ modelValue: now })
      },
    },
  })
  const input = field.get('input').element
  const type = async (text: string): Promise<void> => {
    await field.get('input').setValue(text)
  }
  await type('')
  expect(input.value).toBe('')
  expect(field.text()).toContain('To: a whole number of days.')
  await type('-5')
  expect(input.value).toBe('-5')
  expect(given.value).toEqual({ at: { days: -5 } })
  await field.setProps({ modelValue: { at: { days: 30 } } })
  expect(input.value).toBe('30')
})
