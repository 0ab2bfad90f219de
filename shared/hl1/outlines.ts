/**
 * The suites' steps at a glance: what a window draws before a step is taken. How a step is taken, and the cryptography for
 * it, stays out of here, so that a window need not load it to appear.
 */
import { classicExplanations } from './classic/explanations'
import type { StepExplanation } from './explanation'
import type { KeySymbol } from './keys'
import { modernExplanations } from './modern/explanations'
import type { StepNumber } from './steps'
import type { SuiteName } from './suite-names'

/** A suite's form of a step in brief; the same words and key as in the table of suites. */
export interface StepOutline extends Pick<StepExplanation, 'story'> {
  /** Key of the outermost layer; undefined where the step crosses in clear. */
  readonly key: KeySymbol | undefined
}

type Steps<T> = Readonly<Record<StepNumber, T>>

const KEYS: Readonly<Record<SuiteName, Steps<KeySymbol | undefined>>> = {
  classic: {
    1: 'PK_CA',
    2: 'K_tmp1',
    3: 'K_boot',
    4: 'K_boot',
    5: 'PK_S',
    6: 'K_tmp2',
    7: 'K_sess',
    8: 'K_sess',
  },
  modern: {
    1: 'PK_CA',
    2: 'K_tmp1',
    3: undefined,
    4: 'K_hs',
    5: 'K_hs',
    6: 'K_6',
    7: 'K_c2s',
    8: 'K_s2c',
  },
}

const EXPLANATIONS: Readonly<Record<SuiteName, Steps<StepExplanation>>> = {
  classic: classicExplanations,
  modern: modernExplanations,
}

/** A step of a suite in brief. */
export function outlineOf(suite: SuiteName, step: StepNumber): StepOutline {
  return { story: EXPLANATIONS[suite][step].story, key: KEYS[suite][step] }
}
