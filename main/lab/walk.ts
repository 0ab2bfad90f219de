/**
 * Walking step by step, on main's side: authority and server wait before they build a message of the walk until it is
 * released. Only the walk's own connections wait; other programs are served at once.
 */
import { LabError } from '#shared/errors'
import type { Pace } from '#shared/hl1/drivers/conversation'
import { Gates } from '#shared/hl1/drivers/gates'
import type { Endpoint } from '#shared/hl1/state'
import type { StepNumber } from '#shared/hl1/steps'

/** Connections that are remembered as this app's own: more than their records that the journal keeps. */
const MADE_KEPT = 2_000
const GONE = 'The connection that this step was for is gone.'

export class Walk {
  readonly gates: Gates
  #stepping = false
  /** Ports of the walk's connections, at the end that opened them. */
  readonly #ports = new Set<number>()
  /** Names of the connections that this app has made, as records have them, the newest last. */
  readonly #made = new Set<string>()
  /** Told when nobody is left who could wait with a step. */
  readonly #ends = new Set<() => void>()
  /** Port of the connection that was cancelled last: nothing more is built on it. */
  #cancelled: number | undefined

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
   * Resolves when a role waits with the step, or when the walk goes on without waiting.
   * @throws LabError `connection_closed` when no connection of the walk is left that the step could be built on
   */
  async reached(step: StepNumber): Promise<void> {
    let end = (): void => undefined
    const ended = new Promise<void>((resolve, reject) => {
      end = () => {
        if (!this.#stepping) resolve()
        else if (this.#ports.size === 0) reject(new LabError('connection_closed', GONE))
      }
      this.#ends.add(end)
      end()
    })
    await this.gates.reached(step, ended).finally(() => this.#ends.delete(end))
  }

  /**
   * The pace of the conversations whose opening end is `peer`. A connection of the walk may be silent for as long as a
   * person reads, whether they go step by step or not.
   */
  paceFor({ port }: Endpoint): { readonly pace: Pace; readonly stepping: () => boolean } {
    const isOurs = (): boolean => this.#ports.has(port)
    // Step 1 opens the walk: whoever asks for it has already said go.
    const pace: Pace = async (step, signal) => {
      if (this.#cancelled === port) throw new LabError('connection_closed', 'The walk has begun anew.')
      if (this.#stepping && isOurs() && step !== 1) return this.gates.wait(step, port, signal)
    }
    return { pace, stepping: isOurs }
  }

  /** A connection becomes part of the walk. */
  join(local: Endpoint): void {
    const { port } = local
    if (this.#cancelled === port) this.#cancelled = undefined
    this.#ports.add(port)
    this.remember(local)
  }

  /** A connection was made by this app, whether it waits for the walk or not. */
  remember({ address, port }: Endpoint): void {
    const name = `${address}:${port}`
    this.#made.delete(name)
    this.#made.add(name)
    const [oldest] = this.#made
    if (this.#made.size > MADE_KEPT && oldest !== undefined) this.#made.delete(oldest)
  }

  /** Whether this app has made a connection, that of the walk or an earlier one; `name` as in records. */
  isOwn(name: string): boolean {
    return this.#made.has(name)
  }

  /** As {@link leave}; whoever has not got as far as waiting is sent away as well, and builds nothing. */
  cancel({ port }: Pick<Endpoint, 'port'>): void {
    this.#cancelled = port
    this.leave({ port })
  }

  /** A connection of the walk is gone, and so is whoever waits on it. */
  leave({ port }: Pick<Endpoint, 'port'>): void {
    this.#ports.delete(port)
    this.gates.drop(port)
    this.#end()
  }

  #end(): void {
    for (const end of [...this.#ends]) end()
  }
}
