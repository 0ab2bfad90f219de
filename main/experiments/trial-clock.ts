/** The clocks that a trial can run on, and waiting on them. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment } from '#shared/hl1/environment'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import { mainEnvironment } from '../lab/environment'

export interface TrialClock {
  /** Of all three roles. */
  readonly environment: Environment
  /** Resolves when the monotonic clock has come to that moment, or has passed it. */
  readonly until: (monotonic: number) => Promise<void>
}

/** The machine's own; the signal ends the waiting. */
export function realClock(signal: AbortSignal): TrialClock {
  const environment = mainEnvironment
  return {
    environment,
    until: async (monotonic) => {
      // A timer may come a moment early.
      for (
        let left = monotonic - environment.monotonic();
        left > 0;
        left = monotonic - environment.monotonic()
      )
        await sleep(Math.ceil(left), undefined, { signal })
    },
  }
}

/** One that stands still while messages travel, and jumps where a moment is waited for. */
export function simulatedClock(): TrialClock {
  const clock = new SimulatedClock({ now: mainEnvironment.now(), monotonic: 0 })
  return {
    environment: clock.ruling(mainEnvironment),
    until: async (moment) => clock.pass(Math.max(0, moment - clock.monotonic())),
  }
}
