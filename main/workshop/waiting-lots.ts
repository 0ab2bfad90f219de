/** What is being judged: lots of chains, and how many verdicts on each are still to come. */
import { LabError } from '#shared/errors'
import { OWN_ID } from '#shared/workshop/view'

/** So many plans of a person's own wait at most, the one under way among them: each may take seconds. */
const MOST_OWN = 2

interface Lot {
  /** Verdicts that are still to come, by the chain's id. */
  readonly left: Map<string, number>
}

export class WaitingLots {
  readonly #lots = new Map<number, Lot>()
  #last = 0
  /** Verdicts that have come since nothing waited. */
  #done = 0

  /** How many have come, and how many there will be. Nothing waits when both are the same. */
  get count(): { readonly done: number; readonly of: number } {
    let left = 0
    for (const lot of this.#lots.values()) for (const count of lot.left.values()) left += count
    return { done: this.#done, of: this.#done + left }
  }

  /** Ids of the chains that wait or are being judged. */
  get chains(): readonly string[] {
    return [...new Set([...this.#lots.values()].flatMap(({ left }) => [...left.keys()]))]
  }

  /**
   * Chains of these that are not waiting already, as a lot; undefined where all are.
   * @throws LabError `too_many_runs`
   */
  add(
    ids: readonly string[],
    judges: number,
  ): { readonly lot: number; readonly ids: readonly string[] } | undefined {
    const own = [...this.#lots.values()].filter(({ left }) => left.has(OWN_ID)).length
    if (ids.includes(OWN_ID) && own >= MOST_OWN)
      throw new LabError(
        'too_many_runs',
        'Chains of your own wait already: let one of them end, or cancel it.',
      )
    const waiting = new Set(this.chains.filter((id) => id !== OWN_ID))
    const fresh = ids.filter((id) => !waiting.has(id))
    if (fresh.length === 0) return undefined
    const lot = ++this.#last
    this.#lots.set(lot, { left: new Map(fresh.map((id) => [id, judges])) })
    return { lot, ids: fresh }
  }

  /** A verdict has come; false for one of a lot that is over. */
  judged(lot: number, chain: string): boolean {
    const { left } = this.#lots.get(lot) ?? {}
    const count = left?.get(chain)
    if (!left || count === undefined) return false
    if (count > 1) left.set(chain, count - 1)
    else left.delete(chain)
    this.#done++
    return true
  }

  /** Whether a lot is not over. */
  has(lot: number): boolean {
    return this.#lots.has(lot)
  }

  /** A lot is over, whatever of it has not come; true when it was the last one. */
  end(lot: number): boolean {
    this.#lots.delete(lot)
    if (this.#lots.size > 0) return false
    this.#done = 0
    return true
  }

  clear(): void {
    this.#lots.clear()
    this.#done = 0
  }
}
