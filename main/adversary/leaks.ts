/** Keys that the person leaks to the adversary: which there are, and which it got. */
import { LEAK_IDS, LEAKS, type LeakId, type LeakView } from '#shared/adversary/live'
import { LabError } from '#shared/errors'
import type { Insight } from './insight'
import type { Leaked, OwnedKey } from './line'
import type { Lines } from './lines'

export interface LeaksOptions {
  /** A key that its owner has now; undefined where there is none. */
  readonly keyToLose: (id: LeakId) => Leaked | undefined
  readonly lines: Lines
  readonly insight: Insight
}

/** Of those that it got the newest. */
const LEAKS_KEPT = 500

export class Leaks {
  #got: readonly (Leaked & { readonly id: LeakId })[] = []

  constructor(private readonly options: LeaksOptions) {}

  /** Oldest first. */
  get got(): readonly (Leaked & { readonly id: LeakId })[] {
    return this.#got
  }

  /** Gives a key to the adversary: for its connection, or where it is of none, for all. @throws LabError `no_key` */
  take(id: LeakId): void {
    const leaked = this.options.keyToLose(id)
    if (!leaked) throw new LabError('no_key', 'There is no such key now, so nobody can lose it.')
    const { key, connection } = leaked
    const line = connection && this.options.lines.of(connection)
    const owned: OwnedKey = { key, from: 'leaked' }
    if (line) line.given.set(id, owned)
    else this.options.insight.give(id, owned)
    this.#got = [...this.#got, { id, key, connection }].slice(-LEAKS_KEPT)
  }

  /** Forgets which it got. */
  forget(): void {
    this.#got = []
  }

  /** Every key that may leak: whether there is one now, and whether it has leaked. */
  get view(): readonly LeakView[] {
    return LEAK_IDS.map((id) => {
      const there = this.options.keyToLose(id)
      const isLeaked = there !== undefined && this.options.insight.has(id, there.key)
      return { id, ...LEAKS[id], isThere: there !== undefined, isLeaked }
    })
  }
}
