/** A run that was made to be looked into, as its window gets it: what crossed the wire, and what opens with which secrets. */
import type { MemberValue } from '../record/member'

/** A message of the run. */
export interface RunFrame {
  readonly step: number
  /** Its length in bytes, header and all. */
  readonly bytes: number
}

export interface RunView {
  readonly suite: string
  readonly frames: readonly RunFrame[]
}

/** How much of a run is made. */
export interface MakingProgress {
  /** Steps taken, of all. */
  readonly done: number
  readonly of: number
}

/** What was read in a frame by really decrypting it. */
export interface FrameReading {
  readonly step: number
  readonly members: Readonly<Record<string, MemberValue>>
  /** Members that were read too, and are told nobody here: secrets of a recording. */
  readonly hidden?: readonly string[]
  /** Keys that it would take to read on; none for a frame that is open. */
  readonly missing: readonly string[]
}

/** What came of listening with secrets. */
export interface RunReading {
  readonly frames: readonly FrameReading[]
  /** Keys that were there, or were found on the way, by their symbols. */
  readonly keys: readonly string[]
}

/** The handshake of a recording at a moment of it. */
export interface RecordedKnowledge extends RunView {
  /** Secrets that are in the file, by the ids of their things: these can be leaked. */
  readonly secrets: readonly string[]
  /** Those that were leaked to the adversary of the recording by then. */
  readonly leaked: readonly string[]
  /** The last step that was sent, and the last that its receiver accepted; 0 for none. */
  readonly sent: number
  readonly taken: number
  /** The moment of the recording after which a step was seen by all that saw it. */
  readonly moments: readonly { readonly step: number; readonly moment: number }[]
}
