/** What each side does at the eight steps of suite `modern`: `classic`'s, with the weaknesses repaired that a protocol can repair. */
import type { SuiteConduct } from '../conduct'
import { handshakeConduct } from './handshake'
import { registrationConduct } from './registration'
import { sessionConduct } from './session'

export const modernConduct: SuiteConduct = { ...registrationConduct, ...handshakeConduct, ...sessionConduct }
