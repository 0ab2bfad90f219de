/** What a role knows is plain data, at every step of both suites: what acts comes with the environment. */
import { expect, it } from 'vitest'
import { ReplayMemory } from '#shared/hl1/replay-memory'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { fakeEnvironment } from '../../support/environment'
import { runHonestly, unreminded, judge } from '../../support/handshake'

class Counter {
  readonly count = 0
}

/** A copy of an object with a class of its own has lost that; a function can't be copied. Handles to keys of WebCrypto can. */
function expectPlain(value: unknown): void {
  expect(structuredClone(value)).toStrictEqual(value)
}

it.each(SUITE_NAMES)('every state of suite %s is plain data', async (suite) => {
  const { states } = await runHonestly(fakeEnvironment(), { suite })
  // Four to begin with, and two more after each step.
  expect(states).toHaveLength(4 + 2 * STEP_NUMBERS.length)
  for (const state of states) expectPlain(state)
})

it.each([
  ['an object that remembers', { seen: new ReplayMemory() }],
  ['a function', { now: () => 0 }],
  ['an object with a class of its own, deep inside', { modern: { session: [new Counter()] } }],
])('%s in a state is noticed', async (_, extra) => {
  const { states } = await runHonestly(fakeEnvironment())
  expect(() => expectPlain({ ...states[0], ...extra })).toThrow()
})

it('a state can be taken up from its copy', async () => {
  for (const suite of SUITE_NAMES) {
    const { moments } = await runHonestly(fakeEnvironment(), { suite })
    for (const step of STEP_NUMBERS) {
      const moment = unreminded(moments[step])
      const copy = { ...moment, acceptor: structuredClone(moment.acceptor) }
      expect((await judge(copy, moment.frame)).code, `${suite}, step ${step}`).toBe('accepted')
    }
  }
})
