/**
 * The names that an authority has given, and those that somebody is about to get. Bounded, and never forgetful in silence where
 * that would matter: while each name is given once, a full book takes no new one.
 */
import type { Endpoint } from '../record/connection'
import { nameKey } from './names'

/** Names that are remembered at the most. */
export const NAMES_KEPT = 1_000

/** To whom a name was given: when (wall clock), where they asked from, and their certificate's SHA-256 in hex with colons. */
export interface Holder {
  readonly at: number
  readonly from: Endpoint
  readonly fingerprint: string
}

/** A name as it was given last. */
export interface GivenName extends Holder {
  readonly name: string
  /** How often it was given. */
  readonly times: number
  /** The person allows another one to have it: the next who asks. */
  readonly isOpen: boolean
}

/** What comes of holding a name. `held`: somebody is about to get it. `taken`: somebody has it. `full`: the book is. */
export type Holding = { readonly release: () => void } | 'held' | 'taken' | 'full'

export class NameBook {
  /** By {@link nameKey}, the one that was given last at the end. */
  readonly #given = new Map<string, GivenName>()
  readonly #held = new Set<string>()

  constructor(private readonly capacity = NAMES_KEPT) {}

  /** The names that were given, the last one first. */
  list(): readonly GivenName[] {
    return [...this.#given.values()].reverse()
  }

  find(name: string): GivenName | undefined {
    return this.#given.get(nameKey(name))
  }

  /** Whether a name could be held now; nothing is held. */
  look(name: string): 'free' | 'held' | 'taken' | 'full' {
    const key = nameKey(name)
    if (this.#held.has(key)) return 'held'
    const given = this.#given.get(key)
    if (given) return given.isOpen ? 'free' : 'taken'
    const coming = [...this.#held].filter((held) => !this.#given.has(held)).length
    return this.#given.size + coming >= this.capacity ? 'full' : 'free'
  }

  /** Holds a name that nobody has, or that is open to another one, until it is released. Of two at once one gets it. */
  hold(name: string): Holding {
    const found = this.look(name)
    if (found !== 'free') return found
    const key = nameKey(name)
    this.#held.add(key)
    return { release: () => void this.#held.delete(key) }
  }

  /** Writes down who has got a name: whoever had it before no longer does. A full book forgets what was given longest ago. */
  give(name: string, holder: Holder): void {
    const key = nameKey(name)
    const times = (this.#given.get(key)?.times ?? 0) + 1
    this.#given.delete(key)
    this.#given.set(key, { ...holder, name, times, isOpen: false })
    const [oldest] = this.#given.keys()
    if (this.#given.size > this.capacity && oldest !== undefined) this.#given.delete(oldest)
  }

  /** Opens a name to another one, or closes it again; whether anybody has it. */
  open(name: string, isOpen: boolean): boolean {
    const given = this.find(name)
    if (!given) return false
    this.#given.set(nameKey(name), { ...given, isOpen })
    return true
  }
}
