/** A word of the glossary. */
export interface GlossaryEntry {
  /** Its anchor in Help. */
  readonly id: string
  readonly title: string
  /** What texts call it, in the singular; small letters also stand at the beginning of a sentence. */
  readonly names: readonly string[]
  /** What it is: shown as a hint beside the word, and in Help. */
  readonly text: string
  /** More of it, with what it cites; in Help alone. */
  readonly more?: string
}
