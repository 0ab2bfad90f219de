/**
 * Walking step by step, on main's side: authority and server wait before they build a message of the walk until it is
 * released. Only the walk's own connections wait; other programs are served at once.
 */
import { LabError } from '#shared/errors'
import { Gates } from '#shared/hl1/drivers/gates'
import type { StepNumber } from '#shared/hl1/steps'
import type { Connection } from '#shared/record/connection'
import type { Pacing } from '../net/converse'

const GONE = 'The connection that this step was for is gone.'

export class Walk {
  readonly gates: Gates
  #stepping = false
  /** Identifiers of the walk's connections. */
  readonly #connections = new Set<string>()
  /** Told when a connection may no longer wait with a step. */
  readonly #ends = new Set<() => void>()
  /** The connection that was cancelled last: nothing more is built on it. */
  #cancelled: string | undefined

  constructor(onChange: () => void) {
    this.gates = new Gates(onChange)
  }

  /** Sets whether the walk waits; going on without waiting opens every gate. */
  setStepping(stepping: boolean): void {
    this.#stepping = stepping
    if (stepping) return
    this.gates.releaseAll()
    this.#end()
  }

  /**
   * Resolves when a role waits with the step on that connection, or when the walk goes on without waiting.
   * @throws LabError `connection_closed` when the connection is not one of the walk, or no longer
   */
  async reached(step: StepNumber, connection: string): Promise<void> {
    let end = (): void => undefined
    const ended = new Promise<void>((resolve, reject) => {
      end = () => {
        if (!this.#stepping) resolve()
        else if (!this.#connections.has(connection)) reject(new LabError('connection_closed', GONE))
      }
      this.#ends.add(end)
      end()
    })
    await this.gates.reached(step, () => connection, ended).finally(() => this.#ends.delete(end))
  }

  /**
   * The pace of a connection's conversations. A connection of the walk may be silent for as long as a person reads, whether
   * they go step by step or not.
   */
  paceFor({ id }: Connection): Pacing {
    const isOurs = (): boolean => this.#connections.has(id)
    return {
      // Step 1 opens the walk: whoever asks for it has already said go.
      pace: async (step, ending) => {
        if (this.#cancelled === id) throw new LabError('connection_closed', 'The walk has begun anew.')
        if (this.#stepping && isOurs() && step !== 1) return this.gates.wait(step, id, ending())
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
    this.#end()
  }

  #end(): void {
    for (const end of [...this.#ends]) end()
  }
}
