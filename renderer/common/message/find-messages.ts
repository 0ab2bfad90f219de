/** Looks for a text in what the log says of messages, and in their members as far as they are no secret. */
import { connectionName } from '#shared/record/connection'
import { stepInfo } from '#shared/record/protocol'
import type { JournalEntry } from '#shared/record/record'
import { timeOfDay } from '../format'
import { protocolOf } from '../protocols'
import { messageTitle, parties } from './facts'

/** So much of a member's value is looked through. */
const LONGEST = 2_000

/** Indices of the messages that have the text, in their order; none for an empty one. */
export function findMessages(entries: readonly JournalEntry[], query: string): readonly number[] {
  const wanted = query.trim().toLowerCase()
  if (wanted === '') return []
  return entries.flatMap((entry, index) => (textOf(entry).toLowerCase().includes(wanted) ? [index] : []))
}

/** The find after a place in the list, or before it; the first one again after the last. */
export function nextFind(found: readonly number[], at: number, way: 1 | -1): number | undefined {
  if (way === 1) return found.find((index) => index > at) ?? found[0]
  return found.findLast((index) => index < at) ?? found.at(-1)
}

function textOf(entry: JournalEntry): string {
  const protocol = protocolOf(entry)
  const { from, to } = parties(protocol, entry)
  const { outcome, layers, members, step, suite = '' } = entry
  return [
    timeOfDay(entry.at),
    stepInfo(protocol, step) ? `step ${step}` : '',
    messageTitle(protocol, entry),
    `${from} ${to}`,
    entry.direction,
    suite,
    connectionName(entry.connection),
    ...layers.map(({ key, algorithm }) => `${key} ${algorithm}`),
    ...members.map(({ name, symbol, carries = '', value, secret }) =>
      [
        name,
        symbol,
        carries,
        secret || value instanceof Uint8Array ? '' : String(value ?? '').slice(0, LONGEST),
      ].join(' '),
    ),
    ...(outcome.ok ? [] : [outcome.code, outcome.message]),
  ].join('\n')
}
