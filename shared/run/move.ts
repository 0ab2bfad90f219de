/** What somebody in the middle of a run did, as windows get it. */
import type { CrossedFrame } from '../adversary/crossed'

/** A frame that crossed a wire in a run, or did not. */
export interface Move extends CrossedFrame {
  /** The first moment of the run at which it had crossed, as far as its records tell. */
  readonly moment: number
}

/** The attack that a run is of, in words. */
export interface AttackWords {
  readonly title: string
  /** What the adversary wants, and when it counts as got. */
  readonly wants: string
  readonly hasSucceeded: boolean
  readonly outcome: string
  readonly story: readonly string[]
}

export interface Moves {
  /** In a line: what was done in this run. */
  readonly summary: string
  /** Absent where the lab’s own connections were those that were crossed. */
  readonly attack?: AttackWords
  /** In order. */
  readonly frames: readonly Move[]
  /** What was done besides, with its time (wall clock). */
  readonly deeds: readonly { readonly at: number; readonly text: string }[]
}
