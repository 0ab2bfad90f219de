/** The symbols of the protocol (protocol.md, introduction and section 3) with how each is set. */
import { indexed, symbolTable, type SymbolInfo } from '../record/symbol'
import { KEYS } from './keys'
import { ROLE_NAMES, ROLES } from './roles'
import { STEP_NUMBERS } from './steps'
import { SUITE_NAMES, SUITES } from './suites'

/** The index of a timestamp is its step, with nothing between them. */
const TIMESTAMPS = STEP_NUMBERS.map((step) => [`TS${step}`, { stem: 'TS', index: String(step) }] as const)
const IDENTITIES = ROLES.map((role) => `ID_${ROLE_NAMES[role].symbol}`)

const SHEETS = SUITE_NAMES.flatMap((name) => STEP_NUMBERS.map((step) => SUITES[name].sheets[step]))

export const SYMBOLS: Readonly<Record<string, SymbolInfo>> = {
  ...symbolTable(KEYS, SHEETS),
  ...Object.fromEntries(IDENTITIES.map((symbol) => [symbol, indexed(symbol)])),
  ...Object.fromEntries(TIMESTAMPS),
}
