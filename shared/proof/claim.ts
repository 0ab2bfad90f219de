/** What a proof says: claims, each a line of shell that succeeds where it holds, and what can't be claimed. */

/** Something that is so, and the line that shows it. */
export interface Claim {
  readonly is: 'claim'
  /** In words, beginning with what it is about: “step 5: opens with SK_S (RSAES-OAEP, SHA-1)”. No foreign text. */
  readonly about: string
  /** The files of the folder that it is about, the one first that it says most of. */
  readonly files: readonly string[]
  /** For a POSIX shell, in the folder; succeeds where the claim holds. */
  readonly line: string
  /** What the line leaves in the folder for work. */
  readonly gives?: readonly string[]
  /** What other lines have to have left there. */
  readonly needs?: readonly string[]
}

/** Something that can't be shown, and why. */
export interface Skip {
  readonly is: 'skip'
  readonly about: string
  readonly why: string
}

/** Work that says nothing yet. */
export interface Preparation {
  readonly is: 'preparation'
  readonly about: string
  readonly line: string
  readonly gives: readonly string[]
}

export type Item = Claim | Skip | Preparation

/** A claim. */
export function claim(
  about: string,
  files: readonly string[],
  line: string,
  more: Pick<Claim, 'gives' | 'needs'> = {},
): Claim {
  return { is: 'claim', about, files, line, ...more }
}

/** What can't be claimed. */
export function skip(about: string, why: string): Skip {
  return { is: 'skip', about, why }
}
