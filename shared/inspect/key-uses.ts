/** Which messages carried a key or were protected by it, read off a role's records. */
import { keysDerivedFrom } from '../record/key-story'
import { sheetOf, stepInfo, type Protocol } from '../record/protocol'
import { placesOf } from '../record/term'
import type { JournalEntry } from '../record/record'

/** A message that has to do with a key. */
export interface KeyUse {
  /** Identifier of the journal's entry. */
  readonly entry: string
  readonly step: number
  readonly role: string
  readonly direction: 'sent' | 'received'
  /** Milliseconds since the Unix epoch. */
  readonly at: number
  /** `carried`: in a member. `protected`: this key closed the message. `derived`: a key made from this one did. */
  readonly how: 'carried' | 'protected' | 'derived'
  readonly text: string
}

/** The steps that each key protected itself, by `connection symbol`. */
export function protectedSteps(entries: readonly JournalEntry[]): ReadonlyMap<string, ReadonlySet<number>> {
  const uses = new Map<string, Set<number>>()
  for (const { connection, layers, step } of entries) {
    for (const { key } of layers) {
      const name = `${connection.id} ${key}`
      uses.set(name, (uses.get(name) ?? new Set()).add(step))
    }
  }
  return uses
}

/** Every use of a key, in the order of the records. A message may carry a key and be protected by another one. */
export function usesOf(
  protocol: Protocol,
  symbol: string,
  entries: readonly JournalEntry[],
): readonly KeyUse[] {
  return entries.flatMap((entry) => usesIn(protocol, symbol, entry))
}

function usesIn(protocol: Protocol, symbol: string, entry: JournalEntry): readonly KeyUse[] {
  const { id, step, role, direction, at, layers, members, suite } = entry
  const use = (how: KeyUse['how'], text: string): KeyUse => ({
    entry: id,
    step,
    role,
    direction,
    at,
    how,
    text: `${messageName(protocol, entry)} ${text}`,
  })
  const carried = members
    .filter((member) => member.carries === symbol)
    .map(({ name }) => use('carried', `carried it as ${name}${underWhat(protocol, entry, name)}.`))
  const closed = layers
    .filter(({ key, opensWith }) => key === symbol || opensWith === symbol)
    .map((layer) =>
      layer.key === symbol
        ? use('protected', `was protected by it (${layer.algorithm}).`)
        : use('protected', `was opened with it (${layer.algorithm}).`),
    )
  const children = keysDerivedFrom(protocol, suite, symbol)
  const derived = layers
    .filter(({ key }) => children.includes(key))
    .map(({ key, algorithm }) =>
      use('derived', `was protected by ${key}, which is derived from it (${algorithm}).`),
    )
  return [...carried, ...closed, ...derived]
}

/** What a member was under: not what other parts of its message were under. */
function underWhat(protocol: Protocol, { suite, step }: JournalEntry, name: string): string {
  const sheet = sheetOf(protocol, suite, step)
  const place = sheet && placesOf(sheet.term).find(({ member }) => member.name === name)
  const keys = place?.under.map(({ key }) => key) ?? []
  return keys.length === 0 ? ' in clear' : `, under ${keys.join(' and ')}`
}

function messageName(protocol: Protocol, { kind, step, direction }: JournalEntry): string {
  const info = stepInfo(protocol, step)
  const way = direction === 'sent' ? 'sent' : 'received'
  if (kind === 'alert') return `An alert about step ${step}, ${way},`
  return `Step ${step}${info ? ` (${info.title.toLowerCase()})` : ''}, ${way},`
}
