/** Where a role stops before it builds a message, until whoever walks step by step lets it go on. */
import { LabError } from '../../errors'
import type { StepNumber } from '../steps'
import type { Departure } from './conversation'

interface Gate {
  readonly step: StepNumber
  /** The identifier of the connection that waits. */
  readonly connection: string
  /** Lets the step be built; settles when that one was sent, or failed before that. */
  readonly open: () => Promise<void>
  readonly fail: (reason: unknown) => void
}

export class Gates {
  /** By connection and step. */
  readonly #gates = new Map<string, Gate>()
  #observers: (() => void)[] = []

  constructor(private readonly onChange: () => void) {}

  /** Steps that somebody is ready to build and waits with, on whichever connection. */
  get waiting(): readonly StepNumber[] {
    return [...new Set([...this.#gates.values()].map(({ step }) => step))]
  }

  /** Whether somebody waits with the step on this connection. */
  has(step: StepNumber, connection: string): boolean {
    return this.#gates.has(keyOf(step, connection))
  }

  /**
   * Waits until the step is released; rejects when its connection is dropped or the signal aborts. What comes back is told
   * what becomes of the message: whoever has released it waits for that.
   */
  async wait(step: StepNumber, connection: string, signal: AbortSignal): Promise<Departure> {
    signal.throwIfAborted()
    const key = keyOf(step, connection)
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        signal.removeEventListener('abort', abort)
        if (this.#gates.get(key) === gate) this.#gates.delete(key)
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
      const gate: Gate = { step, connection, open, fail }
      signal.addEventListener('abort', abort)
      this.#gates.get(key)?.fail(gone('Somebody else has taken this step over.'))
      this.#gates.set(key, gate)
      this.#changed()
    })
  }

  /**
   * Lets the step be built. The result resolves when it was sent; it rejects with why it was not.
   * @throws LabError `not_waiting`, at once
   */
  release(step: StepNumber, connection: string): Promise<void> {
    const gate = this.#gates.get(keyOf(step, connection))
    if (!gate) throw new LabError('not_waiting', `Nobody waits with step ${step}.`)
    return gate.open()
  }

  releaseAll(): void {
    for (const gate of [...this.#gates.values()]) void gate.open()
  }

  /** Sends whoever waits on this connection away: it is gone. */
  drop(connection: string): void {
    const dropped = [...this.#gates.values()].filter((gate) => gate.connection === connection)
    for (const gate of dropped) gate.fail(gone('The connection that this step was for is gone.'))
  }

  /**
   * Resolves when somebody waits with the step on that connection, which may still have to be made, or when `until`
   * settles, whichever comes first.
   */
  async reached(
    step: StepNumber,
    connection: () => string | undefined,
    until: Promise<unknown>,
  ): Promise<void> {
    let look = (): void => undefined
    const reached = new Promise<void>((resolve) => {
      look = () => {
        const id = connection()
        if (id !== undefined && this.has(step, id)) resolve()
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

function keyOf(step: StepNumber, connection: string): string {
  return `${step} ${connection}`
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
