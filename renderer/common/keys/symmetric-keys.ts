/** The symmetric keys that a role has: from the settings, and those it has come across, read off its records. */
import { fromHex } from '#shared/bytes'
import { protectedSteps } from '#shared/inspect/key-uses'
import { keysDerivedFrom, stepWords } from '#shared/record/key-story'
import type { MemberValue } from '#shared/record/member'
import { keyInfo, suiteWith, type Protocol } from '#shared/record/protocol'
import type { Connection } from '#shared/record/connection'
import type { JournalEntry } from '#shared/record/record'
import { timeOfDay } from '../format'

/** One key among those with the same symbol. */
export interface KeyInstance {
  /** Names this very key. */
  readonly id: string
  /** Where the role has it from, and when. */
  readonly origin: string
  /** What it protected, in words; empty when nothing is known of that. */
  readonly protected: string
  readonly connection: Connection | undefined
  /** The role has no use for it any more, and does not have it. */
  readonly forgotten?: boolean
  readonly suite: string | undefined
  /** Gets its bytes. */
  readonly reveal: () => Promise<MemberValue>
}

/** Keys with one symbol, the newest first. */
export interface KeyGroup {
  readonly symbol: string
  readonly instances: readonly KeyInstance[]
}

/** Every symmetric key that the protocol has a role take from the settings. */
export function keysFromSettings(
  protocol: Protocol,
  role: string,
  settings: Readonly<Record<string, unknown>>,
): readonly KeyGroup[] {
  return Object.values(protocol.keys).flatMap(({ symbol, setting, known, origin }) => {
    const hex = setting === undefined ? undefined : settings[setting]
    if (typeof hex !== 'string' || origin[role] === undefined) return []
    const instance = {
      id: symbol,
      origin: known ? 'A setting, the same in every copy of the program' : 'A setting',
      protected: '',
      connection: undefined,
      suite: suiteWith(protocol, symbol),
      reveal: async (): Promise<MemberValue> => fromHex(hex) ?? hex,
    }
    return [{ symbol, instances: [instance] }]
  })
}

/** Every symmetric key that some accepted or sent message carried: by symbol, in the protocol's order, the newest first. */
export function carriedKeys(
  protocol: Protocol,
  entries: readonly JournalEntry[],
  reveal: (entryId: string, member: string) => Promise<MemberValue>,
): readonly KeyGroup[] {
  const bySymbol = new Map<string, KeyInstance[]>()
  const uses = protectedSteps(entries)
  for (const entry of entries) {
    if (!entry.outcome.ok) continue
    for (const member of entry.members) {
      const info = keyInfo(protocol, member.carries ?? '')
      if (info?.kind !== 'symmetric key') continue
      const instances = bySymbol.get(info.symbol) ?? []
      bySymbol.set(info.symbol, instances)
      instances.unshift({
        id: `${entry.id} ${member.name}`,
        origin: originOf(entry),
        protected: protectedText(protocol, entry, info.symbol, uses),
        connection: entry.connection,
        forgotten: member.forgotten === true,
        suite: entry.suite,
        reveal: () => reveal(entry.id, member.name),
      })
    }
  }
  return Object.keys(protocol.keys).flatMap((symbol) => {
    const instances = bySymbol.get(symbol)
    return instances ? [{ symbol, instances }] : []
  })
}

function originOf({ direction, step, at }: JournalEntry): string {
  return `${direction === 'sent' ? 'Made here, sent' : 'Arrived'} in step ${step} at ${timeOfDay(at)}`
}

/** What a key protected on its connection, and what the keys did that were derived from it. */
function protectedText(
  protocol: Protocol,
  { connection, suite }: JournalEntry,
  symbol: string,
  uses: ReturnType<typeof protectedSteps>,
): string {
  const stepsOf = (key: string): readonly number[] => [...(uses.get(`${connection.id} ${key}`) ?? [])]
  const derived = keysDerivedFrom(protocol, suite, symbol).filter((key) => stepsOf(key).length > 0)
  const own = stepsOf(symbol)
  const parts = [
    ...(own.length > 0 ? [`protected ${stepWords(own)}`] : []),
    ...derived.map((key) => `${key}, derived from it, protected ${stepWords(stepsOf(key))}`),
  ]
  return parts.join('; ') || 'protected nothing yet'
}
