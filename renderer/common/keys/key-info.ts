/** Looks keys up by the symbol that a record names them with. */
import { isKeySymbol, KEYS, type KeyInfo } from '#shared/hl1/keys'

/** What is known of a key; undefined for a symbol that is no key. */
export function keyInfo(symbol: string): KeyInfo | undefined {
  return isKeySymbol(symbol) ? KEYS[symbol] : undefined
}

/** The class that gives an element the hue of a key's family (tokens.css). */
export function keyClass(symbol: string | undefined): string | undefined {
  const info = symbol === undefined ? undefined : keyInfo(symbol)
  return info && `key-${info.family}`
}

/** True for a key that everyone may know: public keys, and the bootstrap key, which every copy of the program has. */
export function isOpenKey(info: KeyInfo): boolean {
  return info.kind === 'public key' || info.family === 'bootstrap'
}
