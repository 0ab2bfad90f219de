/**
 * Walking step by step, on main's side: authority and server wait before they build a message of the walk until it is
 * released. Only the walk's own connections wait; other programs are served at once.
 */
import type { Pace } from '#shared/protocol/drivers/conversation'
import { Gates } from '#shared/protocol/drivers/gates'
import type { Endpoint } from '#shared/protocol/state'

export class Walk {
  readonly gates: Gates
  #stepping = false
  /** Ports of the walk's connections, at the end that opened them. */
  readonly #ports = new Set<number>()

  constructor(onChange: () => void) {
    this.gates = new Gates(onChange)
  }

  /** Sets whether the walk waits; going on without waiting opens every gate. */
  setStepping(stepping: boolean): void {
    this.#stepping = stepping
    if (!stepping) this.gates.releaseAll()
  }

  /** The pace of the conversations whose opening end is `peer`. */
  paceFor({ port }: Endpoint): { readonly pace: Pace; readonly stepping: () => boolean } {
    const stepping = (): boolean => this.#stepping && this.#ports.has(port)
    // Step 1 opens the walk: whoever asks for it has already said go.
    const pace: Pace = async (step, signal) => {
      if (stepping() && step !== 1) await this.gates.wait(step, port, signal)
    }
    return { pace, stepping }
  }

  /** A connection becomes part of the walk. */
  join({ port }: Endpoint): void {
    this.#ports.add(port)
  }

  /** A connection of the walk is gone, and so is whoever waits on it. */
  leave({ port }: Endpoint): void {
    this.#ports.delete(port)
    this.gates.drop(port)
  }
}
