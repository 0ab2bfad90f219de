/** HL/1 as generic views see it: its tables, and nothing of how it is spoken. */
import type { Protocol } from '../record/protocol'
import { ALERT_CODES } from './alert-codes'
import { CHECKS, CHECKS_OF_ALL } from './check-table'
import { WEAKNESSES } from './explanation'
import { KEYS } from './keys'
import { ROLE_NAMES, ROLES } from './roles'
import { STEP_NUMBERS, STEPS } from './steps'
import { SUITES } from './suites'
import { SYMBOLS } from './symbols'
import { HL1_ID, type Hl1 } from './types'

export const HL1: Protocol<Hl1> = {
  id: HL1_ID,
  title: 'Handshake Lab, version 1',
  roles: ROLES.map((role) => ({ role, ...ROLE_NAMES[role] })),
  steps: STEP_NUMBERS.map((step) => STEPS[step]),
  suites: SUITES,
  keys: KEYS,
  symbols: SYMBOLS,
  checks: CHECKS,
  checksOfAll: CHECKS_OF_ALL,
  alerts: ALERT_CODES,
  weaknesses: WEAKNESSES,
  sectionOf: ({ kind, suite, refused }) =>
    kind === 'alert' ? '6' : refused ? '7' : suite === 'modern' ? '4' : '3',
}
