/** How a protocol's symbols are set: a stem, and where there is one an index below it. */
import type { Sheet } from './sheet'

export interface SymbolInfo {
  readonly stem: string
  readonly index?: string
}

/** A symbol whose index stands behind the first `_`: `K_tmp1`. One without is all stem. */
export function indexed(symbol: string): SymbolInfo {
  const at = symbol.indexOf('_')
  return at <= 0 ? { stem: symbol } : { stem: symbol.slice(0, at), index: symbol.slice(at + 1) }
}

/** Every symbol that keys and sheets name, set as {@link indexed} says. */
export function symbolTable(
  keys: Readonly<Record<string, unknown>>,
  sheets: readonly Pick<Sheet, 'members' | 'derivations'>[],
): Readonly<Record<string, SymbolInfo>> {
  const named = sheets.flatMap(({ members, derivations }) => [
    ...members.map(({ symbol }) => symbol),
    ...Object.keys(derivations),
  ])
  return Object.fromEntries([...Object.keys(keys), ...named].map((symbol) => [symbol, indexed(symbol)]))
}
