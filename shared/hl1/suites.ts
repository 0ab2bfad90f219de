/** The suites by name: the byte that stands for each on the wire, and its eight steps. */
import { classicSteps } from './classic/steps'
import { modernSteps } from './modern/steps'
import type { SuiteSteps } from './step'
import type { StepNumber } from './steps'
import { SUITE_TITLES, type SuiteName } from './suite-names'

export { SUITE_NAMES, type SuiteName } from './suite-names'

export interface Suite {
  readonly name: SuiteName
  /** The suite byte of a frame. */
  readonly byte: number
  readonly title: string
  /** What it is, in one or two sentences. */
  readonly about: string
  /** The steps whose frames the transcript goes over: as long as a key or a proof still depends on it (section 4). */
  readonly transcript: readonly StepNumber[]
  readonly steps: SuiteSteps
}

/** The table of suites (protocol.md, introduction). */
export const SUITES: Readonly<Record<SuiteName, Suite>> = {
  classic: {
    name: 'classic',
    byte: 1,
    title: SUITE_TITLES.classic,
    about:
      'DES, RSA-OAEP with SHA-1, PKCS#1 v1.5 signatures, freshness by timestamp alone. Weak on purpose: it shows what each later repair is for.',
    transcript: [],
    steps: classicSteps,
  },
  modern: {
    name: 'modern',
    byte: 2,
    title: SUITE_TITLES.modern,
    about:
      'The same steps with each weakness repaired: AES-256-GCM, RSA-OAEP with SHA-256, proof of possession, ephemeral ECDH, a transcript that binds every message, sequence numbers.',
    transcript: [1, 2, 3, 4, 5, 6],
    steps: modernSteps,
  },
}

/** The suite that a frame's suite byte names. */
export function suiteOfByte(byte: number): Suite | undefined {
  return Object.values(SUITES).find((suite) => suite.byte === byte)
}

export const SUITE_BYTES: readonly number[] = Object.values(SUITES).map((suite) => suite.byte)
