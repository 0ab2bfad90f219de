/** What was said on each connection, as each of its ends has recorded it. */
import type { Bytes } from '../bytes'
import { otherEnd, type Connection, type End } from './connection'
import type { JournalEntry } from './record'

/** A frame as one end of a connection has recorded it. */
export interface Said<R extends JournalEntry = JournalEntry> {
  /** Who has sent it, as this end has it. */
  readonly sender: End
  /** By the wall clock of this end, in milliseconds since the Unix epoch. */
  readonly at: number
  /** The whole frame, or as much of it as was read. */
  readonly frame: Bytes
  readonly entry: R
}

/**
 * What both ends of one connection have recorded, each in its own order. An end that is no part of the lab, or whose records
 * are not there, is undefined. Where somebody stands between them, the two may have seen different things.
 */
export interface Conversation<R extends JournalEntry = JournalEntry> {
  /** As the newest record has it: only that one is sure to know its suite. */
  readonly connection: Connection
  readonly opener: readonly Said<R>[] | undefined
  readonly acceptor: readonly Said<R>[] | undefined
}

/** When each connection began, by its id: by the clock of whoever has recorded something of it first. */
export function beginnings(entries: readonly JournalEntry[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  for (const { connection, at } of entries)
    found.set(connection.id, Math.min(at, found.get(connection.id) ?? Infinity))
  return found
}

/** Records by their connections, in the order in which connections were first heard of. What has no byte was not said. */
export function conversationsOf<R extends JournalEntry>(entries: readonly R[]): readonly Conversation<R>[] {
  const found = new Map<string, { connection: Connection; readonly said: Partial<Record<End, Said<R>[]>> }>()
  for (const entry of entries) {
    const { connection, role, direction, at, frame } = entry
    if (frame.length === 0) continue
    const conversation = found.get(connection.id) ?? { connection, said: {} }
    found.set(connection.id, conversation)
    conversation.connection = connection
    const end: End = role === connection.opener ? 'opener' : 'acceptor'
    const sender = direction === 'sent' ? end : otherEnd(end)
    ;(conversation.said[end] ??= []).push({ sender, at, frame, entry })
  }
  return [...found.values()].map(({ connection, said }) => ({
    connection,
    opener: said.opener,
    acceptor: said.acceptor,
  }))
}
