/** What comes out of a file that was opened. */
import type { Artifact } from './artifact'

export interface OpenedFile {
  /** The file's own name, for titles. */
  readonly name: string
  /** In the order of the file; at least one. */
  readonly artifacts: readonly Artifact[]
  /** What a person should know, for instance text that was passed over; each a sentence. */
  readonly notes: readonly string[]
}

/** A file's name for titles: one of spaces alone would not be seen. */
export function shownName(name: string): string {
  return name.trim() === '' ? `“${name}”` : name
}
