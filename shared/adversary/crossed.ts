/** Frames that an adversary had on a wire, each with what was done with it, as windows list them. */
import type { Bytes } from '../bytes'
import { isStepNumber, STEPS } from '../hl1/steps'
import { stepName } from './fate-words'
import type { Party, TracedFrame } from './stage'

/** A frame that crossed a wire, or did not. */
export interface CrossedFrame extends TracedFrame {
  /** `own`: made, or sent again, by the adversary. */
  readonly is: 'passed' | 'changed' | 'kept' | 'own'
  /** Short sentences: what was done, and what became of it. */
  readonly became: string
  /** What went on in its place; undefined where that is the same, or nothing. */
  readonly instead: Bytes | undefined
}

const BECAME = {
  passed: 'Passed as it was.',
  kept: 'Kept by the adversary.',
  own: 'Sent by the adversary.',
} as const

/** “4 Public key and certificate”; of no step, what it is. */
export function frameTitle(step: number): string {
  return isStepNumber(step) ? `${step} ${STEPS[step].title}` : stepName(step)
}

/** A frame of an attack: what was done with it follows from who sent it, and who got it. */
export function crossedFrame(frame: TracedFrame): CrossedFrame {
  const is = kindOf(frame)
  return { ...frame, is, became: BECAME[is], instead: undefined }
}

function kindOf({ from, to }: { readonly from: Party; readonly to: Party }): keyof typeof BECAME {
  if (from === 'adversary') return 'own'
  return to === 'adversary' ? 'kept' : 'passed'
}
