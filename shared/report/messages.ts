/** What a report tells of: connections, and on each the messages that crossed it, as both ends have recorded them. */
import { groupBy } from '../group'
import { HEADER_BYTES } from '../hl1/frame'
import { HL1 } from '../hl1/protocol'
import type { Hl1Entry } from '../hl1/types'
import type { Connection } from '../record/connection'
import { crossings, type Crossing } from '../record/crossings'
import { roleInfo, stepInfo } from '../record/protocol'
import { withoutSecrets } from '../record/record'
import { SameBytes } from '../same-bytes'
import { nextTurn } from '../turn'
import { MOST_RECORDS } from './source'

/** A message, sent or received or both. */
export interface ReportMessage extends Crossing<Hl1Entry> {
  /** Counted through the report, from 1. */
  readonly number: number
  /** What one of both has recorded of it: the receiver where there is one. */
  readonly entry: Hl1Entry
  /** The roles' titles; a program that is no part of the lab is said to be so. */
  readonly from: string
  readonly to: string
  /** What it is called: its step and title. */
  readonly title: string
  /** The frame that arrived is another than the one that was sent. */
  readonly isChanged: boolean
  /** The number of an earlier message of which this is the same frame once more. */
  readonly repeats: number | undefined
}

export interface ReportConnection {
  readonly number: number
  readonly connection: Connection
  readonly opener: string
  readonly acceptor: string
  readonly messages: readonly ReportMessage[]
}

/** What the report tells of, and how many records it leaves out for their number. */
export interface ReportRecords {
  readonly connections: readonly ReportConnection[]
  readonly leftOut: number
}

/**
 * Puts messages together, in turns with other work.
 * @param secrets whether what records have of secrets stays in them
 */
export async function messagesOf(all: readonly Hl1Entry[], secrets: boolean): Promise<ReportRecords> {
  const byConnection = groupBy(all.slice(0, MOST_RECORDS), ({ connection }) => connection.id)
  const connections: ReportConnection[] = []
  let number = 0
  const same = new SameBytes()
  const before = new Map<string, ReportMessage>()
  for (const recorded of byConnection.values()) {
    await nextTurn()
    const own = secrets ? recorded : recorded.map(withoutSecrets)
    // As the newest record has it: only that one is sure to know its suite.
    const connection = own.at(-1)?.connection
    if (!connection) continue
    const messages = crossings(own, same).map((crossing) =>
      messageOf(crossing, ++number, connection, { before, same }),
    )
    connections.push({
      number: connections.length + 1,
      connection,
      opener: nameOf(connection.opener),
      acceptor: nameOf(connection.acceptor),
      messages,
    })
  }
  return { connections, leftOut: Math.max(0, all.length - MOST_RECORDS) }
}

/** A role's title; for a program that is no part of the lab, what it is. */
function nameOf(role: string | undefined): string {
  return role === undefined ? 'Another program' : roleInfo(HL1, role).title
}

function messageOf(
  { sent, received }: Crossing<Hl1Entry>,
  number: number,
  connection: Connection,
  { before, same }: { readonly before: Map<string, ReportMessage>; readonly same: SameBytes },
): ReportMessage {
  const entry = (received ?? sent) as Hl1Entry
  const { role, direction, kind, step, outcome, frame } = entry
  const other = role === connection.opener ? connection.acceptor : connection.opener
  const [from, to] = direction === 'sent' ? [role, other] : [other, role]
  const called =
    kind === 'alert'
      ? `Alert about step ${step}: ${outcome.ok ? 'none' : outcome.code}`
      : `Step ${step}: ${stepInfo(HL1, step)?.title ?? 'a message that no step has'}`
  const key = `${step} ${role} ${direction} ${same.numberOf(frame)}`
  // Alerts say the same again, and of a frame that is refused for its header no more is recorded.
  const canRepeat = kind === 'message' && received !== undefined && frame.length > HEADER_BYTES
  const repeats = canRepeat ? before.get(key) : undefined
  const message: ReportMessage = {
    number,
    sent,
    received,
    entry,
    from: nameOf(from),
    to: nameOf(to),
    title: called,
    isChanged: sent !== undefined && received !== undefined && !same.areSame(sent.frame, received.frame),
    repeats: repeats?.number,
  }
  if (canRepeat && !before.has(key)) before.set(key, message)
  return message
}

/** How a message ended, in a word or two. */
export function outcomeWord({ sent, received, entry }: ReportMessage): string {
  if (entry.kind === 'alert') return received ? 'told' : 'sent'
  if (!received) return sent?.outcome.ok === false ? 'not sent' : 'sent'
  return received.outcome.ok ? 'accepted' : 'REFUSED'
}

/** True for a message that its receiver has refused. */
export function isRefused({ received }: Pick<ReportMessage, 'received'>): boolean {
  return received?.kind === 'message' && !received.outcome.ok
}
