import { expect, it, vi } from 'vitest'
import { presentQuestions } from '#main/ipc/name-questions'
import { Hub } from '#main/lab/events'
import { mayCall } from '#shared/ipc/contract'
import type { NameQuestion } from '#shared/lab'
import { WINDOW_NAMES } from '#shared/windows'

it('only the authority’s window may decide about names', () => {
  for (const call of ['authority:answer', 'authority:allow-another'])
    expect(WINDOW_NAMES.filter((name) => mayCall(name, call))).toEqual(['authority'])
})

it('has the authority’s window call for attention once for each question', () => {
  const hub = new Hub()
  const callFor = vi.fn()
  const desk = { questions: [] as readonly Pick<NameQuestion, 'id'>[] }
  presentQuestions({ hub, lab: { authority: { desk: desk as never } }, windows: { callFor } })
  hub.tell('changed')
  expect(callFor).not.toHaveBeenCalled()
  desk.questions = [{ id: 1 }]
  hub.tell('changed')
  hub.tell('changed')
  expect(callFor.mock.calls).toEqual([['authority']])
  desk.questions = [{ id: 1 }, { id: 2 }]
  hub.tell('changed')
  desk.questions = [{ id: 2 }]
  hub.tell('changed')
  expect(callFor).toHaveBeenCalledTimes(2)
})
