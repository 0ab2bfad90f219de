/** Which of the secrets that were kept for a connection are those of one end of it. */
import { equalBytes, type Bytes } from '../bytes'
import type { Heard, SecretName } from '../adversary/eavesdropper'
import type { HeldKey } from '../hl1/open-frame'
import { SUITES } from '../hl1/suites'
import type { View } from './run'

/** What was kept, by symbol: several of one where two ends, or two runs of one end, have different ones. */
export type Candidates = Map<SecretName, readonly Bytes[]>
type KeyRing = ReadonlyMap<SecretName, HeldKey>

/** What was heard in the end, and which of the candidates it was with. */
export interface Best {
  readonly heard: Heard
  readonly chosen: ReadonlyMap<SecretName, Bytes>
}

/**
 * Listens with what was kept: first with what is carried or agreed, then with what could be derived of it, and of several for one
 * symbol with the one that opens most. At an end that saw other frames than its peer, what opens nothing more is its peer's.
 */
export async function hearBest(
  view: View,
  candidates: Candidates,
  hear: (keys: KeyRing) => Promise<Heard>,
): Promise<Best> {
  const derived = derivedIn(view)
  const chosen = new Map<SecretName, Bytes>()
  const bases = [...candidates].filter(([symbol]) => !derived.has(symbol))
  if (!view.isApart) for (const [symbol, [first]] of bases) if (first) chosen.set(symbol, first)
  let heard = await hear(chosen)
  const tryAll = async (symbol: SecretName, values: readonly Bytes[]): Promise<boolean> => {
    let isBetter = false
    for (const value of values) {
      const tried = await hear(new Map([...chosen, [symbol, value]]))
      if (openedIn(tried) <= openedIn(heard)) continue
      heard = tried
      chosen.set(symbol, value)
      isBetter = true
    }
    return isBetter
  }
  // What opens with one may bring what another one needs.
  for (let isBetter = true; isBetter;) {
    isBetter = false
    for (const [symbol, values] of bases)
      if (values.length > 1 || view.isApart) isBetter = (await tryAll(symbol, values)) || isBetter
  }
  for (const [symbol, values] of [...candidates].filter(([each]) => derived.has(each))) {
    if (isAmong(heard.keys.get(symbol), values) || (await tryAll(symbol, values))) continue
    const [first] = values
    if (first && !view.isApart) chosen.set(symbol, first)
  }
  heard = await hear(chosen)
  for (const [symbol, values] of candidates) {
    const found = heard.keys.get(symbol)
    if (found instanceof Uint8Array && (view.isApart || isAmong(found, values))) chosen.set(symbol, found)
  }
  return { heard, chosen }
}

/** The symbols that a view's suite derives from others. */
function derivedIn({ suite }: View): ReadonlySet<string> {
  const sheets = suite === undefined ? [] : Object.values(SUITES[suite].sheets)
  return new Set(
    sheets.flatMap(({ derivations }) =>
      Object.entries(derivations).flatMap(([symbol, by]) => (by.is === 'derived' ? [symbol] : [])),
    ),
  )
}

function isAmong(value: HeldKey | undefined, values: readonly Bytes[]): boolean {
  return value instanceof Uint8Array && values.some((each) => equalBytes(each, value))
}

function openedIn({ frames }: Heard): number {
  return frames.flatMap(({ plaintexts }) => plaintexts).filter((plaintext) => plaintext !== undefined).length
}
