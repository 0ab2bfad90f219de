/** The suites by name: the byte that stands for each on the wire, and the sheets of its eight steps. */
import type { SuiteInfo } from '../record/protocol'
import { classicSheets } from './classic/sheets'
import { modernSheets } from './modern/sheets'
import type { StepNumber } from './steps'
import type { SuiteName } from './suite-names'
import type { Hl1, Hl1Sheet } from './types'

export { SUITE_NAMES, type SuiteName } from './suite-names'

export interface Suite extends SuiteInfo<Hl1> {
  /** The suite byte of a frame. */
  readonly byte: number
  /** The steps whose frames the transcript goes over: as long as a key or a proof still depends on it (section 4). */
  readonly transcript: readonly StepNumber[]
  readonly sheets: Readonly<Record<StepNumber, Hl1Sheet>>
}

/** The table of suites (protocol.md, introduction). What is done at each step is in `conducts.ts`. */
export const SUITES: Readonly<Record<SuiteName, Suite>> = {
  classic: {
    name: 'classic',
    byte: 1,
    title: 'Classic',
    about:
      'DES, RSA-OAEP with SHA-1, PKCS#1 v1.5 signatures, freshness by timestamp alone. Weak on purpose: it shows what each later repair is for.',
    transcript: [],
    sheets: classicSheets,
  },
  modern: {
    name: 'modern',
    byte: 2,
    title: 'Modern',
    about:
      'The same steps with the weaknesses repaired that a protocol can repair: AES-256-GCM, RSA-OAEP with SHA-256, proof of possession, ephemeral ECDH, a transcript that binds every message, sequence numbers.',
    transcript: [1, 2, 3, 4, 5, 6],
    sheets: modernSheets,
  },
}

/** The suite that a frame's suite byte names. */
export function suiteOfByte(byte: number): Suite | undefined {
  return Object.values(SUITES).find((suite) => suite.byte === byte)
}

export const SUITE_BYTES: readonly number[] = Object.values(SUITES).map((suite) => suite.byte)
