/** Sets up a role's conversation on a TCP connection. */
import { isForeseen } from '#shared/errors'
import { ProtocolError, type Alert } from '#shared/hl1/alerts'
import { Conversation, journalEntry, type Pace, type RoleState } from '#shared/hl1/drivers/conversation'
import { frameTransport, type ReceiveLimits } from '#shared/hl1/drivers/transport'
import type { Environment } from '#shared/hl1/environment'
import { buildAlert } from '#shared/hl1/message'
import type { JournalEntry } from '#shared/record/record'
import type { Role } from '#shared/hl1/roles'
import type { Endpoint } from '#shared/hl1/state'
import { TERMINAL_LOG, type Log } from '../log/log'
import type { Connection } from './socket-pipe'

/** What a role brings to each of its conversations. */
export interface RoleContext {
  readonly environment: Environment
  readonly onRecord: (entry: JournalEntry) => void
  /** Takes what nobody has foreseen; the terminal unless given. */
  readonly log?: Pick<Log, 'failed'>
  /**
   * The pace that messages to this peer are built at; `stepping` says whether the peer may take its time, being part of
   * a walk: then the idle limit does not run.
   */
  readonly paceFor: (peer: Endpoint) => { readonly pace: Pace; readonly stepping: () => boolean }
}

/** `name` is the address and port that stand for the connection in records. */
export function converse<S extends RoleState>(
  state: S,
  connection: Connection,
  name: Endpoint,
  context: RoleContext,
  options: { readonly idleSeconds: () => number; readonly signal: AbortSignal },
): Conversation<S> {
  const { pace, stepping } = context.paceFor(name)
  const limits = (): ReceiveLimits => {
    const limit = options.idleSeconds() * 1000
    return { idle: stepping() ? undefined : limit, frame: limit }
  }
  return new Conversation(state, {
    transport: frameTransport(connection.pipe),
    environment: context.environment,
    connection: `${name.address}:${name.port}`,
    pace,
    limits,
    onRecord: context.onRecord,
    signal: options.signal,
  })
}

/** Tells a peer why there is no conversation, before it has said anything, and records that. */
export async function turnAway(
  connection: Connection,
  role: Role,
  alert: Alert,
  { environment, onRecord }: RoleContext,
): Promise<void> {
  const { frame, record } = buildAlert({ role, suite: undefined }, alert, environment)
  const { address, port } = connection.peer
  onRecord(journalEntry(record, `${address}:${port}`))
  const enough = AbortSignal.timeout(1_000)
  try {
    await connection.pipe.write(frame, enough)
  } catch (error) {
    // A peer that is gone, or does not take it in time, goes without.
    if (!enough.aborted && !isForeseen(error)) throw error
  }
}

/**
 * A connection has failed for a reason that nobody has foreseen: that is logged, and the peer is told unless a conversation
 * has done so, which throws a ProtocolError. `step` is the one that the connection begins with.
 */
export async function failConnection(
  connection: Connection,
  role: Role,
  { step, error }: { readonly step: number; readonly error: unknown },
  context: RoleContext,
): Promise<void> {
  const log = context.log ?? TERMINAL_LOG
  log.failed(`While the ${role} served a connection.`, error)
  if (error instanceof ProtocolError) return
  const message = 'The program failed on its own account.'
  try {
    await turnAway(connection, role, { code: 'internal_error', step, message }, context)
  } catch (another) {
    log.failed(`While the ${role} told a peer of that.`, another)
  }
}

/** The alert for a connection over the limit; `step` is the one that it would have begun with. */
export function busyAlert(step: number): Alert {
  return {
    code: 'busy',
    step,
    message: 'There are as many connections as this listener takes. Try again in a moment.',
  }
}
