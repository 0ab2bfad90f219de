/** A run that is open, as windows see it: at a moment of it, marked as what it is. */
import type { Hl1Entry } from '../hl1/types'
import type { LabView } from '../lab'
import type { Settings } from '../settings'
import type { Move, Moves } from './move'
import type { RecordAgain } from './remake'

/** What came of looking at the whole run again. */
export interface AgainView {
  /** Checks that came out as recorded, that did not, and that could not be made. */
  readonly same: number
  readonly differ: number
  readonly notMade: number
  /** Records of which something is otherwise than recorded, by their identifiers. */
  readonly suspect: readonly string[]
  /** What does not fit together beside the records, a sentence each. */
  readonly differences: readonly string[]
}

export interface RecordingView {
  /** Another one each time that a run is opened. */
  readonly id: number
  /** Captures have no checks, and nothing of what windows showed. */
  readonly source: 'run' | 'capture'
  /** The name of its file. */
  readonly name: string
  /** The version of the app that has saved it, and when (wall clock). */
  readonly app: string
  readonly savedAt: number
  readonly secrets: 'left_out' | 'locked' | 'there'
  /** Its file is, byte for byte, as it was written. */
  readonly isIntact: boolean
  readonly again: AgainView
  /** Connections of the lab's client of which the run has the server's end alone: of walks that *Start over* has ended. */
  readonly serverAlone: number
  /** In a line, what somebody in the middle did; undefined where nobody was. */
  readonly adversary: string | undefined
  /** How many records there are, and how many of them had been made at the moment that is shown. */
  readonly moments: number
  readonly moment: number
  /** The newest record of the moment. */
  readonly newest: string | undefined
  readonly walkBegan: string | undefined
  /** What the client trusted on its last connection of the moment: the PEM of the authority's certificate. */
  readonly clientAnchor: string | undefined
  /** The lab at the moment. */
  readonly lab: LabView
  readonly settings: Settings
}

/** What windows are told: nothing is open, something is being read, or a run is there. */
export type RecordingNews =
  | { readonly is: 'none' }
  | { readonly is: 'opening'; readonly name: string; readonly done: number; readonly of: number }
  | { readonly is: 'open'; readonly view: RecordingView }

/** A record of the run, without its secrets; `moment` is the first one that has it. */
export interface RecordedEntry {
  readonly moment: number
  readonly entry: Hl1Entry
  /** What came of looking at it again. */
  readonly again: RecordAgain
}

/** Some of the records, and where the next ones begin; undefined after the last. */
export interface RecordedPart {
  readonly records: readonly RecordedEntry[]
  readonly next: number | undefined
}

/** Some of what somebody in the middle did, and where the next frames begin; undefined after the last. */
export interface MovesPart extends Omit<Moves, 'frames'> {
  readonly frames: readonly Move[]
  readonly next: number | undefined
}
