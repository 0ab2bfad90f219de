/** What a protocol says of its keys, and the looks that views have for them. */

/** The hues and glyphs that there are. Keys that belong together share one. */
export const KEY_FAMILIES = [
  'authority',
  'server',
  'bootstrap',
  'temporary1',
  'temporary2',
  'session',
  'handshake',
] as const
export type KeyFamily = (typeof KEY_FAMILIES)[number]

export interface KeyInfo<K extends string = string, R extends string = string> {
  readonly symbol: K
  readonly family: KeyFamily
  readonly name: string
  readonly kind: 'public key' | 'private key' | 'symmetric key'
  /** Who makes it, who holds it, what it is for. */
  readonly about: string
  /** True for a symmetric key that everyone has who has the program. */
  readonly known?: boolean
  /** For a key that roles have from the program's settings: the setting that has it, in hex. */
  readonly setting?: string
  /** Where a role has the key from, where that is in no message and no derivation of a suite: `keyOrigin` knows of those. */
  readonly origin: Readonly<Partial<Record<R, string>>>
}

/** True for a key that everyone may know: public keys, and one that every copy of the program has. */
export function isOpenKey(info: KeyInfo): boolean {
  return info.kind === 'public key' || info.known === true
}
