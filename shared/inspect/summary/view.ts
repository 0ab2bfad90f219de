/** An artifact in plain words, as data. Texts are whole sentences for people. */
import type { Verdict } from '../path/verdict'

/** `sound`: nothing against it. `weak`: it works, with weak spots. `unsound`: don't rely on it. `open`: not judged. */
export type Soundness = 'sound' | 'weak' | 'unsound' | 'open'

/** A labelled line of a summary. */
export interface SummaryFact {
  readonly title: string
  readonly text: string
  /** More of it, in a sentence. */
  readonly note?: string
}

/** Something that makes an artifact weaker than it could be. */
export interface WeakSpot {
  /** Stable, lower case with underscores. */
  readonly id: string
  /** `danger`: whoever relies on it can be deceived. `caution`: below today's practice. `note`: good to know. */
  readonly weight: 'danger' | 'caution' | 'note'
  readonly title: string
  /** Why it matters and what would be better. */
  readonly text: string
}

/** An artifact in plain words. */
export interface SummaryView {
  /** What it is, for instance `Server certificate`. */
  readonly heading: string
  /** Who it is for, who vouches, until when, in one or two sentences. */
  readonly lead: string
  readonly soundness: Soundness
  /** Is it sound, in one sentence. */
  readonly conclusion: string
  readonly facts: readonly SummaryFact[]
  /** The heaviest first. */
  readonly weakSpots: readonly WeakSpot[]
  /** Of certificates. */
  readonly verdict?: Verdict
}
