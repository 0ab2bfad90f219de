/** Values that are worked out of others, as data: signatures, hashes, derived keys, shared secrets. */

/** An algorithm: `name` as formulas have it, `full` with all that decides the result. */
export interface Algorithm {
  readonly name: string
  readonly full: string
}

/** How a value comes about. `K`: the symbols of the protocol's keys. */
export type Derivation<K extends string = string> =
  /** A value by its symbol: a member, a key, or another derivation. */
  | { readonly is: 'symbol'; readonly symbol: string }
  /** These very characters, one byte each. */
  | { readonly is: 'text'; readonly text: string }
  /** The hash over all frames of the connection before the one of this step. */
  | { readonly is: 'transcript'; readonly step: number }
  | { readonly is: 'concatenation'; readonly parts: readonly Derivation<K>[] }
  /** `key`: the private one that makes it. */
  | {
      readonly is: 'signature'
      readonly algorithm: Algorithm
      readonly key: K
      readonly over: Derivation<K>
    }
  | { readonly is: 'hash'; readonly algorithm: Algorithm; readonly of: Derivation<K> }
  /** A key from secret input, a salt that may be public, and a label that says what it is for. */
  | {
      readonly is: 'derived'
      readonly algorithm: Algorithm
      readonly input: Derivation<K>
      readonly salt: Derivation<K>
      readonly label: string
    }
  /** The secret that whoever made one of the shares works out with the other. */
  | { readonly is: 'agreement'; readonly algorithm: Algorithm; readonly shares: readonly Derivation<K>[] }

/** A value by its symbol. */
export function symbol(name: string): Derivation<never> {
  return { is: 'symbol', symbol: name }
}

/** These very characters. */
export function text(characters: string): Derivation<never> {
  return { is: 'text', text: characters }
}

/** The transcript before a step's frame. */
export function transcript(step: number): Derivation<never> {
  return { is: 'transcript', step }
}

/** One value behind the other. */
export function concatenation<K extends string>(...parts: readonly Derivation<K>[]): Derivation<K> {
  return { is: 'concatenation', parts }
}
