/**
 * Walking step by step, on main's side: authority and server wait before they build a message of the walk until it is
 * released. Only the walk's own connections wait; other programs are served at once.
 */
import { LabError } from '#shared/errors'
import type { Pace } from '#shared/protocol/drivers/conversation'
import type { Endpoint } from '#shared/protocol/state'
import type { StepNumber } from '#shared/protocol/steps'

interface Gate {
  readonly port: number
  readonly open: () => void
  readonly fail: (reason: unknown) => void
}

export class Walk {
  #stepping = false
  /** Ports of the walk's connections, at the end that opened them. */
  readonly #ports = new Set<number>()
  readonly #gates = new Map<StepNumber, Gate>()
  #observers: (() => void)[] = []

  constructor(private readonly onChange: () => void) {}

  /** Steps that a role is ready to build and waits with. */
  get waiting(): readonly StepNumber[] {
    return [...this.#gates.keys()]
  }

  /** Sets whether the walk waits; going on without waiting opens every gate. */
  setStepping(stepping: boolean): void {
    this.#stepping = stepping
    if (!stepping) for (const step of this.waiting) this.release(step)
  }

  /** The pace of the conversations whose opening end is `peer`. */
  paceFor(peer: Endpoint): { readonly pace: Pace; readonly stepping: () => boolean } {
    const stepping = (): boolean => this.#stepping && this.#ports.has(peer.port)
    // Step 1 opens the walk: whoever asks for it has already said go.
    const pace: Pace = async (step, signal) => {
      if (stepping() && step !== 1) await this.#wait(step, peer.port, signal)
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
    for (const [step, gate] of this.#gates) {
      if (gate.port !== port) continue
      this.#gates.delete(step)
      gate.fail(new LabError('connection_closed', 'The connection that this step was for is gone.'))
    }
    this.#changed()
  }

  /**
   * Lets a role build the step that it waits with.
   * @throws LabError `not_waiting`
   */
  release(step: StepNumber): void {
    const gate = this.#gates.get(step)
    if (!gate) throw new LabError('not_waiting', `Nobody waits with step ${step}.`)
    this.#gates.delete(step)
    gate.open()
    this.#changed()
  }

  /** Resolves when a role waits with `step`, or when `until` settles. */
  async reached(step: StepNumber, until: Promise<unknown>): Promise<void> {
    const reached = new Promise<void>((resolve) => {
      const look = (): void => {
        if (!this.#gates.has(step)) return
        this.#observers = this.#observers.filter((observer) => observer !== look)
        resolve()
      }
      this.#observers.push(look)
      look()
    })
    await Promise.race([reached, until])
  }

  #wait(step: StepNumber, port: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        this.#gates.delete(step)
        this.#changed()
        reject(signal.reason as Error)
      }
      const settled = (): void => signal.removeEventListener('abort', abort)
      const open = (): void => (settled(), resolve())
      const fail = (reason: unknown): void => (settled(), reject(reason as Error))
      signal.addEventListener('abort', abort)
      this.#gates
        .get(step)
        ?.fail(new LabError('connection_closed', 'Another connection took this step over.'))
      this.#gates.set(step, { port, open, fail })
      this.#changed()
    })
  }

  #changed(): void {
    for (const observer of [...this.#observers]) observer()
    this.onChange()
  }
}
