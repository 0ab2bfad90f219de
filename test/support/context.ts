/** What a role or a client of a test works with, where no lab is put together. */
import { Connections } from '#main/net/connections'
import { FULL_PACE, type RoleContext } from '#main/net/converse'
import { systemEnvironment } from '#shared/hl1/environment'
import type { Connection } from '#shared/record/connection'

/** Real clocks, nobody who watches, and connections of its own: what it opens is another program's to everybody else. */
export function roleContext(changes: Partial<RoleContext> = {}): RoleContext {
  return {
    environment: systemEnvironment,
    connections: new Connections(),
    onRecord: () => undefined,
    paceFor: () => FULL_PACE,
    ...changes,
  }
}

/** Takes errors where there must be none. */
export function expectNone(error: unknown): never {
  throw error
}

/** A connection that nobody has opened, for records and drivers without sockets. */
export function connectionOf(id: string, changes: Partial<Connection> = {}): Connection {
  return {
    id,
    opener: 'client',
    acceptor: 'server',
    from: { address: '127.0.0.1', port: 40_000 },
    to: { address: '127.0.0.1', port: 17_402 },
    suite: undefined,
    ...changes,
  }
}
