/** What is done with runs is wanted when somebody does it: loads it then. */
import { laterModule } from '../later'

/** Gives `run-acts.ts`. */
export const loadRunActs = laterModule(() => import('../run-acts'))
