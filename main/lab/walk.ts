/**
 * Walking step by step, on main's side: authority and server wait before they build a message of the walk until it is
 * released. Only the walk's own connections wait; other programs are served at once.
 */
import { LabError } from '#shared/errors'
import { Gates } from '#shared/hl1/drivers/gates'
import type { Connection } from '#shared/record/connection'
import type { Pacing } from '../net/converse'

export class Walk {
  readonly gates: Gates
  #stepping = false
  /** Identifiers of the walk's connections. */
  readonly #connections = new Set<string>()
  /** The connection that was cancelled last: nothing more is built on it. */
  #cancelled: string | undefined

  constructor(onChange: () => void) {
    this.gates = new Gates(onChange)
  }

  /** Sets whether the walk waits; going on without waiting opens every gate. */
  setStepping(stepping: boolean): void {
    this.#stepping = stepping
    if (!stepping) this.gates.releaseAll()
  }

  /**
   * The pace of a connection's conversations. A connection of the walk may be silent for as long as a person reads, whether
   * they go step by step or not.
   */
  paceFor({ id }: Connection): Pacing {
    const isOurs = (): boolean => this.#connections.has(id)
    return {
      // Step 1 opens the walk: whoever asks for it has already said go.
      pace: async (step, signal) => {
        if (this.#cancelled === id) throw new LabError('connection_closed', 'The walk has begun anew.')
        if (this.#stepping && isOurs() && step !== 1) await this.gates.wait(step, id, signal)
      },
      stepping: isOurs,
    }
  }

  /** A connection becomes part of the walk. */
  join({ id }: Connection): void {
    this.#connections.add(id)
  }

  /** As {@link leave}; whoever has not got as far as waiting is sent away as well, and builds nothing. */
  cancel(connection: Connection): void {
    this.#cancelled = connection.id
    this.leave(connection)
  }

  /** A connection of the walk is gone, and so is whoever waits on it. */
  leave({ id }: Connection): void {
    this.#connections.delete(id)
    this.gates.drop(id)
  }
}
