/** Sets up a role's conversation on a TCP connection. */
import { isForeseen, LabError } from '#shared/errors'
import { ProtocolError, type Alert } from '#shared/hl1/alerts'
import {
  Conversation,
  fullPace,
  journalEntry,
  tellRecord,
  type Pace,
  type RoleState,
} from '#shared/hl1/drivers/conversation'
import { Deadline } from '#shared/hl1/drivers/deadline'
import { frameTransport, type ReceiveLimits } from '#shared/hl1/drivers/transport'
import type { Environment } from '#shared/hl1/environment'
import { buildAlert } from '#shared/hl1/message'
import type { Connection } from '#shared/record/connection'
import type { Hl1Entry } from '#shared/hl1/types'
import type { Role } from '#shared/hl1/roles'
import { TERMINAL_LOG, type Log } from '../log/log'
import type { Connections, OpenConnection } from './connections'
import type { Place } from './places'

/**
 * The pace that messages on a connection are built at; `stepping` says whether the peer may take its time, being part of a
 * walk: then the idle limit does not run.
 */
export interface Pacing {
  readonly pace: Pace
  readonly stepping: () => boolean
}

/** Nobody walks: every message is built at once. */
export const FULL_PACE: Pacing = { pace: fullPace, stepping: () => false }

/** What a role brings to each of its conversations. */
export interface RoleContext {
  readonly environment: Environment
  /** All roles of one lab have the same. */
  readonly connections: Connections
  readonly onRecord: (entry: Hl1Entry) => void
  /** Takes what nobody has foreseen; the terminal unless given. */
  readonly log?: Pick<Log, 'failed'>
  readonly paceFor: (connection: Connection) => Pacing
}

/** Logs what must not end a conversation. */
export function failureLog({ log = TERMINAL_LOG }: Pick<RoleContext, 'log'>): (error: unknown) => void {
  return (error) => log.failed('Beside a conversation.', error)
}

/** How long whoever is turned away gets to take the alert, milliseconds. */
const TURN_AWAY_MS = 1_000

/** A conversation on a connection, from its first message on. */
export function converse<S extends RoleState>(
  state: S,
  { socket, connection }: OpenConnection,
  context: RoleContext,
  options: { readonly idleSeconds: () => number; readonly signal: AbortSignal; readonly place?: Place },
): Conversation<S> {
  const { place } = options
  const { pace, stepping } = context.paceFor(connection)
  const limits = (): ReceiveLimits => {
    const limit = options.idleSeconds() * 1000
    return { idle: stepping() ? undefined : limit, frame: limit }
  }
  const conversation = new Conversation(state, {
    transport: frameTransport(socket.pipe, context.environment),
    environment: context.environment,
    connection,
    pace,
    limits,
    onRecord: (entry) => {
      if (entry.direction === 'received' && entry.outcome.ok) place?.hear()
      context.onRecord(entry)
    },
    onFailure: failureLog(context),
    signal: options.signal,
  })
  place?.onGivenUp((isTold) => {
    const { next } = conversation.state
    const told = new ProtocolError(busyAlert(next.act === 'end' ? 0 : next.step))
    conversation.interrupt(isTold ? told : new LabError('connection_closed', told.message))
  })
  return conversation
}

/** Tells a peer why there is no conversation, before it has said anything, and records that. */
export async function turnAway(
  { socket, connection }: OpenConnection,
  role: Role,
  alert: Alert,
  context: RoleContext,
): Promise<void> {
  const { environment, onRecord } = context
  const { frame, record } = buildAlert({ role, suite: undefined }, alert, environment)
  tellRecord({ onRecord, onFailure: failureLog(context) }, journalEntry(record, connection))
  const limit = new Deadline(environment)
  const late = limit.begin(new AbortController().signal)
  limit.set(TURN_AWAY_MS, () => new LabError('connection_closed', 'The peer did not take the alert in time.'))
  try {
    await socket.pipe.write(frame, late)
  } finally {
    limit.clear()
  }
}

/**
 * What a peer is told of an error that nobody has foreseen, and that is recorded: nothing where a conversation has done so,
 * which throws a ProtocolError. `step` is the one that the connection begins with. Never rejects.
 */
export async function tellOfFailure(
  open: OpenConnection,
  role: Role,
  { step, error }: { readonly step: number; readonly error: unknown },
  context: RoleContext,
): Promise<void> {
  if (isForeseen(error) || error instanceof ProtocolError) return
  const message = 'The program failed on its own account.'
  try {
    await turnAway(open, role, { code: 'internal_error', step, message }, context)
  } catch (another) {
    // A peer that does not take it goes without.
    if (!isForeseen(another)) failureLog(context)(another)
  }
}

/** The alert for a connection that has no place, or no longer; `step` is the one that it would have gone on with. */
export function busyAlert(step: number): Alert {
  return {
    code: 'busy',
    step,
    message: 'There are as many connections as this listener takes. Try again in a moment.',
  }
}
