// @vitest-environment happy-dom
import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { NameQuestion } from '#shared/lab'
import NameQuestions from '../../../renderer/authority/components/NameQuestions.vue'
import NamesTab from '../../../renderer/authority/components/NamesTab.vue'

const QUESTION: NameQuestion = {
  id: 7,
  name: 'ID-Server',
  from: { address: '127.0.0.1', port: 40_000 },
  isOwn: false,
  key: 'aa:bb',
  before: undefined,
  askedAt: 0,
  endsAt: 25_000,
}
const GIVEN = { name: 'ID-Server', at: 1, from: QUESTION.from, fingerprint: 'cc:dd', times: 1, isOpen: false }

let wrapper: VueWrapper
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  wrapper.unmount()
  vi.useRealTimers()
})

const buttons = () => wrapper.findAll('button').map((each) => each.element)

it('a question says who asks, with which key and who had the name, and is not answered by a click meant for something else', async () => {
  const answer = vi.fn(async () => undefined)
  const questions = [QUESTION, { ...QUESTION, id: 8, isOwn: true, key: undefined, before: GIVEN }]
  wrapper = mount(NameQuestions, { props: { questions, answer }, attachTo: document.body })
  const [other, own] = wrapper.findAll('li').map((item) => item.text())
  for (const text of ['A program at 127.0.0.1:40000', 'ID-Server', 'aa:bb', 'nobody has had it'])
    expect(other).toContain(text)
  for (const text of ['own server', 'made by this authority', 'cc:dd']) expect(own).toContain(text)
  for (const each of buttons()) each.click()
  await flushPromises()
  expect(answer).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(700)
  buttons()[1]!.click()
  await flushPromises()
  expect(answer.mock.calls).toEqual([[7, true]])
})

it('the keyboard goes on with the next question', async () => {
  const questions = [QUESTION, { ...QUESTION, id: 8 }]
  const answer = async (id: number): Promise<void> => {
    await wrapper.setProps({ questions: questions.filter((each) => each.id !== id) })
  }
  wrapper = mount(NameQuestions, { props: { questions, answer }, attachTo: document.body })
  await vi.advanceTimersByTimeAsync(700)
  buttons()[0]!.click()
  await flushPromises()
  expect(wrapper.findAll('li')).toHaveLength(1)
  expect(document.activeElement).toBe(buttons()[0])
})

it('a name can be opened to another where each is given once, and nowhere else', async () => {
  const allow = vi.fn(async () => undefined)
  wrapper = mount(NamesTab, { props: { names: [GIVEN], policy: 'first', issued: [], allow } })
  await wrapper.get('[aria-label="Allow another to have ID-Server"]').trigger('click')
  await wrapper.setProps({ names: [{ ...GIVEN, isOpen: true }] })
  await flushPromises()
  await wrapper.get('[aria-label="Allow nobody else to have ID-Server"]').trigger('click')
  expect(allow.mock.calls).toEqual([
    ['ID-Server', true],
    ['ID-Server', false],
  ])
  for (const policy of ['anyone', 'ask'] as const) {
    await wrapper.setProps({ policy })
    expect(wrapper.findAll('td button')).toHaveLength(0)
  }
})
