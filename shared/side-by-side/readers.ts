/** Who can read what of each message of a run: read off the term of the step, and off who had which key in that run. */
import { isKeySymbol, KEYS, type KeySymbol } from '../hl1/keys'
import { isOpenKey } from '../record/key'
import { placesOf } from '../record/term'
import type { Hl1Entry } from '../hl1/types'
import { ROLES, type Role } from '../hl1/roles'
import { STEP_NUMBERS, STEPS, type StepNumber } from '../hl1/steps'
import { SUITES, type SuiteName } from '../hl1/suites'

/** Members of a message that the same readers can read. */
export interface Reading {
  /** Their symbols, in the order of the formula. */
  readonly symbols: readonly string[]
  /** The keys that it takes, all of them; none for what crosses in clear. */
  readonly keys: readonly KeySymbol[]
  /** `anyone` on the wire; `program`: everyone who has a copy of the program; `holders` of the keys. */
  readonly by: 'anyone' | 'program' | 'holders'
  /** Who had all of the keys in this run. */
  readonly roles: readonly Role[]
  /** Those of them who neither sent nor received the message, and would have to listen. */
  readonly listeners: readonly Role[]
}

type Holders = ReadonlyMap<KeySymbol, ReadonlySet<Role>>

/** For every step of a run, who can read what of it. `entries` are the records of all roles. */
export function readersOf(
  suite: SuiteName,
  entries: readonly Hl1Entry[],
): Readonly<Record<StepNumber, readonly Reading[]>> {
  const groups = Object.fromEntries(STEP_NUMBERS.map((step) => [step, groupsOf(suite, step)])) as Record<
    StepNumber,
    readonly Group[]
  >
  const holders = allHolders(Object.values(groups).flat(), entries)
  const reading = (step: StepNumber): readonly Reading[] =>
    groups[step].map((group) => {
      const { from, to } = STEPS[step]
      const roles = group.keys.length === 0 ? ROLES : rolesWith(group.keys, holders)
      return {
        symbols: group.symbols,
        keys: group.keys,
        by: readableBy(group.keys),
        roles,
        listeners: roles.filter((role) => role !== from && role !== to),
      }
    })
  return Object.fromEntries(STEP_NUMBERS.map((step) => [step, reading(step)])) as Record<
    StepNumber,
    readonly Reading[]
  >
}

/** Members of one step that lie under the same keys; `keys` are those that open. */
interface Group {
  readonly symbols: readonly string[]
  readonly keys: readonly KeySymbol[]
}

function groupsOf(suite: SuiteName, step: StepNumber): readonly Group[] {
  const groups = new Map<string, { symbols: string[]; keys: readonly KeySymbol[] }>()
  for (const { member, under } of placesOf(SUITES[suite].sheets[step].term)) {
    const keys = under.map((layer) => layer.opensWith)
    const name = keys.join(' ')
    const group = groups.get(name) ?? { symbols: [], keys }
    groups.set(name, group)
    group.symbols.push(member.symbol)
  }
  return [...groups.values()]
}

function readableBy(keys: readonly KeySymbol[]): Reading['by'] {
  if (keys.length === 0) return 'anyone'
  return keys.every((key) => isOpenKey(KEYS[key])) ? 'program' : 'holders'
}

function rolesWith(keys: readonly KeySymbol[], holders: Holders): readonly Role[] {
  return ROLES.filter((role) => keys.every((key) => holders.get(key)?.has(role)))
}

/**
 * Who has which key: who used it in this run, who sent it or got it, and who finds it in a message that they can open
 * when they listen.
 */
function allHolders(groups: readonly Group[], entries: readonly Hl1Entry[]): Holders {
  const holders = new Map<KeySymbol, Set<Role>>()
  const give = (key: KeySymbol, role: Role): boolean => {
    const known = holders.get(key) ?? new Set()
    holders.set(key, known)
    return known.size < known.add(role).size
  }
  for (const { layers, members, direction, role } of entries) {
    for (const { key, opensWith } of layers)
      if (direction === 'received' || key === opensWith) give(opensWith, role)
    for (const { carries, value } of members) if (carries && value !== undefined) give(carries, role)
  }
  const learn = (): boolean =>
    groups.some(({ symbols, keys }) =>
      symbols
        .filter(isKeySymbol)
        .some((carried) => rolesWith(keys, holders).some((role) => give(carried, role))),
    )
  while (learn());
  return holders
}
