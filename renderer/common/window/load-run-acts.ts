/** What is done with runs is wanted when somebody does it: loads it then. */
import { laterModule } from '../later'
import { openingFailed } from '../recorded'

const load = laterModule(() => import('../run-acts'))

/** Does something of `run-acts.ts`; where that can't be read, what is shown of runs says so. */
export function withRunActs(act: (acts: typeof import('../run-acts')) => Promise<void>): void {
  void load().then(act).catch(openingFailed)
}
