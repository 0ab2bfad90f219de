/** Where a role stops before it builds a message, until whoever walks step by step lets it go on. */
import { LabError } from '../../errors'
import type { StepNumber } from '../steps'
import type { Departure } from './conversation'

interface Gate {
  /** Whose connection waits: a port, or any other name that the caller knows it by. */
  readonly owner: unknown
  /** Lets the step be built; settles when that one was sent, or failed before that. */
  readonly open: () => Promise<void>
  readonly fail: (reason: unknown) => void
}

export class Gates {
  readonly #gates = new Map<StepNumber, Gate>()
  #observers: (() => void)[] = []

  constructor(private readonly onChange: () => void) {}

  /** Steps that somebody is ready to build and waits with. */
  get waiting(): readonly StepNumber[] {
    return [...this.#gates.keys()]
  }

  /**
   * Waits until the step is released; rejects when its owner is dropped or the signal aborts. What comes back is told
   * what becomes of the message: whoever has released it waits for that.
   */
  async wait(step: StepNumber, owner: unknown, signal: AbortSignal): Promise<Departure> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal.removeEventListener('abort', abort)
        if (this.#gates.get(step) === gate) this.#gates.delete(step)
        this.#changed()
      }
      const open = (): Promise<void> => {
        settle()
        const { departure, gone } = departing()
        resolve(departure)
        return gone
      }
      const fail = (reason: unknown): void => (settle(), reject(reason as Error))
      const abort = (): void => fail(signal.reason)
      const gate: Gate = { owner, open, fail }
      signal.addEventListener('abort', abort)
      this.#gates.get(step)?.fail(gone('Another connection has taken this step over.'))
      this.#gates.set(step, gate)
      this.#changed()
    })
  }

  /**
   * Lets the step be built. The result resolves when it was sent; it rejects with why it was not.
   * @throws LabError `not_waiting`, at once
   */
  release(step: StepNumber): Promise<void> {
    const gate = this.#gates.get(step)
    if (!gate) throw new LabError('not_waiting', `Nobody waits with step ${step}.`)
    return gate.open()
  }

  releaseAll(): void {
    for (const gate of [...this.#gates.values()]) void gate.open()
  }

  /** Sends whoever waits for this owner away: its connection is gone. */
  drop(owner: unknown): void {
    const dropped = [...this.#gates.values()].filter((gate) => gate.owner === owner)
    for (const gate of dropped) gate.fail(gone('The connection that this step was for is gone.'))
  }

  /** Resolves when somebody waits with the step, or when `until` settles, whichever comes first. */
  async reached(step: StepNumber, until: Promise<unknown>): Promise<void> {
    let look = (): void => undefined
    const reached = new Promise<void>((resolve) => {
      look = () => {
        if (this.#gates.has(step)) resolve()
      }
      this.#observers.push(look)
      look()
    })
    try {
      await Promise.race([reached, until])
    } finally {
      this.#observers = this.#observers.filter((observer) => observer !== look)
    }
  }

  #changed(): void {
    for (const observer of [...this.#observers]) observer()
    this.onChange()
  }
}

/** A message on its way, for who builds it and for who waits until it is gone. */
function departing(): { readonly departure: Departure; readonly gone: Promise<void> } {
  let departure: Departure = { sent: () => undefined, failed: () => undefined }
  const gone = new Promise<void>((resolve, reject) => {
    departure = { sent: resolve, failed: (reason) => reject(reason as Error) }
  })
  // Whoever builds it reports a failure in any case; not everybody who releases it waits.
  gone.catch(() => undefined)
  return { departure, gone }
}

function gone(message: string): LabError {
  return new LabError('connection_closed', message)
}
