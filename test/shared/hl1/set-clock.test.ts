/** A wall clock that is set while a message is made: its timestamp lies within the time that its record says, which is no longer for it. */
import { expect, it } from 'vitest'
import { SUITE_NAMES } from '#shared/hl1/suite-names'
import { STEP_NUMBERS } from '#shared/hl1/steps'
import { fakeEnvironment } from '../../support/environment'
import { runHonestly } from '../../support/handshake'

/** Milliseconds that go by at each reading. */
const PASSES = 7

it.each(SUITE_NAMES.flatMap((suite) => [300, -300].map((jump) => [suite, jump] as const)))(
  'in %s, by %i ms at each reading',
  async (suite, jump) => {
    const environment = fakeEnvironment(`${suite} ${jump}`)
    const jumping = {
      ...environment,
      now: () => {
        environment.setWallClock(jump)
        environment.pass(PASSES)
        return environment.now()
      },
    }
    const { moments } = await runHonestly(jumping, { suite })
    for (const step of STEP_NUMBERS) {
      const sent = moments[step].record
      const stamp = Number(sent.members.find(({ kind }) => kind === 'timestamp')?.value)
      expect(stamp).toBeGreaterThanOrEqual(sent.at)
      expect(stamp).toBeLessThanOrEqual(sent.at + sent.took)
      expect(sent.took, 'by the clock that nobody sets').toBeLessThan(5 * PASSES)
    }
  },
)
