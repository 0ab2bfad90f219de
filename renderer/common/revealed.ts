/** The secrets that are on screen in this window, so that they can be hidden from elsewhere. */

export interface Revealed {
  /** What the secret belongs to: for a record's, its identifier and a space before the member's name. */
  readonly of: () => string
  readonly hide: () => void
}

const all = new Set<Revealed>()

/** Makes a secret one that can be hidden from elsewhere; the result takes that back. */
export function rememberRevealed(revealed: Revealed): () => void {
  all.add(revealed)
  return () => void all.delete(revealed)
}

/** Hides the secrets that are on screen, or those of them that belong to something `whether` says yes to. */
export function hideRevealed(whether: (of: string) => boolean = () => true): void {
  for (const { of, hide } of all) if (whether(of())) hide()
}

/** Hides the secrets of records. */
export function hideRevealedOf(ids: ReadonlySet<string>): void {
  hideRevealed((of) => ids.has(of.split(' ', 1)[0] ?? ''))
}
