/** The eight steps, whatever the suite: who sends, who receives, what it is called. How it goes is the suite's to tell. */
import type { StepInfo as AnyStepInfo } from '../record/protocol'
import type { Role } from './roles'

export const STEP_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type StepNumber = (typeof STEP_NUMBERS)[number]

export interface StepInfo extends AnyStepInfo<Role, StepNumber> {
  readonly phase: 'registration' | 'handshake' | 'session'
}

/** The table of steps (protocol.md section 1, order). */
export const STEPS: Readonly<Record<StepNumber, StepInfo>> = {
  1: {
    step: 1,
    from: 'server',
    to: 'authority',
    phase: 'registration',
    title: 'Registration request',
    then: 2,
  },
  2: {
    step: 2,
    from: 'authority',
    to: 'server',
    phase: 'registration',
    title: 'Certificate for the server',
    then: undefined,
  },
  3: {
    step: 3,
    from: 'client',
    to: 'server',
    phase: 'handshake',
    title: 'Certificate request',
    then: 4,
  },
  4: {
    step: 4,
    from: 'server',
    to: 'client',
    phase: 'handshake',
    title: 'Public key and certificate',
    then: 5,
  },
  5: {
    step: 5,
    from: 'client',
    to: 'server',
    phase: 'handshake',
    title: 'Temporary key for the server',
    then: 6,
  },
  6: {
    step: 6,
    from: 'server',
    to: 'client',
    phase: 'handshake',
    title: 'Session key',
    then: 7,
  },
  7: {
    step: 7,
    from: 'client',
    to: 'server',
    phase: 'session',
    title: 'Request',
    then: 8,
  },
  8: {
    step: 8,
    from: 'server',
    to: 'client',
    phase: 'session',
    title: 'Data',
    then: 7,
  },
}

/** True for 1 to 8. */
export function isStepNumber(value: number): value is StepNumber {
  return value in STEPS
}
