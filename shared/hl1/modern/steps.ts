/** The eight steps of suite `modern`: `classic`'s, with each weakness repaired. */
import type { SuiteSteps } from '../step'
import { handshakeSteps } from './handshake'
import { registrationSteps } from './registration'
import { sessionSteps } from './session'

export const modernSteps: SuiteSteps = { ...registrationSteps, ...handshakeSteps, ...sessionSteps }
