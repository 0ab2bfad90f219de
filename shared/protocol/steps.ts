/** The eight steps, whatever the suite: who sends, who receives, what happens and why. */
import type { Role } from './roles'

export const STEP_NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8] as const
export type StepNumber = (typeof STEP_NUMBERS)[number]

export interface StepInfo {
  readonly step: StepNumber
  readonly from: Role
  readonly to: Role
  readonly phase: 'registration' | 'handshake' | 'session'
  readonly title: string
  /** What happens and why, for someone who has read half a chapter about certificates. */
  readonly story: string
  /** The step that follows on the same connection; none where the connection ends. */
  readonly then: StepNumber | undefined
}

/** The table of steps (protocol.md section 1, order). */
export const STEPS: Readonly<Record<StepNumber, StepInfo>> = {
  1: {
    step: 1,
    from: 'server',
    to: 'authority',
    phase: 'registration',
    title: 'Registration request',
    story:
      'The server asks the authority for a certificate. It makes up a temporary key for the answer and sends it under the authority’s public key, so that only the authority can read it.',
    then: 2,
  },
  2: {
    step: 2,
    from: 'authority',
    to: 'server',
    phase: 'registration',
    title: 'Certificate for the server',
    story:
      'The authority vouches for the server: it signs the server’s name and public key, and answers under the temporary key. The server checks every signature before it believes any of it.',
    then: undefined,
  },
  3: {
    step: 3,
    from: 'client',
    to: 'server',
    phase: 'handshake',
    title: 'Certificate request',
    story: 'The client names the server it wants and asks for its public key and certificate.',
    then: 4,
  },
  4: {
    step: 4,
    from: 'server',
    to: 'client',
    phase: 'handshake',
    title: 'Public key and certificate',
    story:
      'The server shows its public key and its certificates. The client does not trust the sender: it trusts the authority’s signature, and checks that it is about this key, this name and this address.',
    then: 5,
  },
  5: {
    step: 5,
    from: 'client',
    to: 'server',
    phase: 'handshake',
    title: 'Temporary key for the server',
    story:
      'The client makes up a temporary key and sends it under the public key it has just checked. Only the holder of the private key can read it: that is what proves the server in the next step.',
    then: 6,
  },
  6: {
    step: 6,
    from: 'server',
    to: 'client',
    phase: 'handshake',
    title: 'Session key',
    story:
      'The server makes the session key, sets its lifetime and sends both under the client’s temporary key. From here on the two share a secret that nobody else has seen.',
    then: 7,
  },
  7: {
    step: 7,
    from: 'client',
    to: 'server',
    phase: 'session',
    title: 'Request',
    story:
      'The client sends a request under the session key. It can do so again and again until the lifetime ends.',
    then: 8,
  },
  8: {
    step: 8,
    from: 'server',
    to: 'client',
    phase: 'session',
    title: 'Data',
    story: 'The server answers under the same session key.',
    then: 7,
  },
}

/** True for 1 to 8. */
export function isStepNumber(value: number): value is StepNumber {
  return value in STEPS
}
