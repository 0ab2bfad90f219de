/** What has held in the lab since when: settings, and the authority's certificates. A run that is kept needs to know. */
import type { Certificate } from '#shared/crypto/pki/certificate'
import type { Since } from '#shared/held'
import type { Settings } from '#shared/settings'
import type { Hub } from '../lab/events'

/** The most that is remembered of each: what is older is older than any record. */
const KEPT = 500

export class History {
  #settings: readonly Since<Settings>[]
  #anchors: readonly Since<Certificate>[] = []

  /** @param now wall clock, milliseconds since the Unix epoch */
  constructor(
    hub: Pick<Hub, 'on'>,
    settings: Settings,
    private readonly now: () => number = Date.now,
  ) {
    this.#settings = [{ from: now(), value: settings }]
    hub.on('settings', (value) => (this.#settings = this.#with(this.#settings, value)))
    hub.on('trusted', (value) => (this.#anchors = this.#with(this.#anchors, value)))
  }

  /** Oldest first; at least one. */
  get settings(): readonly Since<Settings>[] {
    return this.#settings
  }

  /** Oldest first. */
  get anchors(): readonly Since<Certificate>[] {
    return this.#anchors
  }

  #with<T>(all: readonly Since<T>[], value: T): readonly Since<T>[] {
    if (all.at(-1)?.value === value) return all
    return [...all, { from: this.now(), value }].slice(-KEPT)
  }
}
