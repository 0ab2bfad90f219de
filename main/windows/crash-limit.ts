/** Decides whether a page that crashed is loaded again: a page that keeps crashing would be loaded for ever. */

/** So many crashes within so many milliseconds are one too many. */
const CRASHES = 3
const WITHIN_MS = 60_000

export class CrashLimit {
  #crashes: readonly number[] = []

  /** Takes note of a crash at `now` (milliseconds on any clock that is never set); true when the page may be loaded again. */
  mayReload(now: number): boolean {
    this.#crashes = [...this.#crashes.filter((at) => now - at < WITHIN_MS), now]
    return this.#crashes.length < CRASHES
  }

  /** Somebody has decided to try again. */
  forgive(): void {
    this.#crashes = []
  }
}
