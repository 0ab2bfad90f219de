/** What steps and drivers get from outside: clocks, timers, randomness, cryptography, what a receiver has seen, its policy. */
import type { Bytes } from '../bytes'
import { randomBytes } from '../crypto/primitives/random'
import { webCrypto, type CryptoProvider } from '../crypto/provider'
import type { Without } from './defences'
import type { Names } from './names'
import type { ReplayMemory } from './replay-memory'

export interface Environment {
  /** Wall clock, milliseconds since the Unix epoch: for timestamps and their freshness. */
  readonly now: () => number
  /** A clock that is never set, milliseconds from any start: for lifetimes and durations. */
  readonly monotonic: () => number
  /** Does something once that many milliseconds of the monotonic clock have gone by; the result calls it off. */
  readonly after: (milliseconds: number, action: () => void) => () => void
  /** What lifetimes of sessions are measured with, where that is another clock: one that somebody may stop to read. */
  readonly lifetimes?: Pick<Environment, 'monotonic' | 'after'>
  /** That many random bytes. */
  readonly random: (length: number) => Bytes
  /** Whatever uses a key, and makes new ones. */
  readonly crypto: CryptoProvider
  /** What this receiver has accepted before, on whatever connection: only an authority has one, and suite `modern` asks it. */
  readonly seen?: ReplayMemory
  /** Who may have which name, by an authority’s policy: step 1 asks it. Without one anyone may have any but the authority’s own. */
  readonly names?: Names
  /** What this role does without. Nothing, but in a lab made for attacks. */
  readonly without?: Without
}

/** What lifetimes of sessions are measured with. */
export function lifetimeClock(environment: Environment): Pick<Environment, 'monotonic' | 'after'> {
  return environment.lifetimes ?? environment
}

/** The environment at one moment: lifetimes are measured up to that, however long the work on a message takes. */
export function atMoment(environment: Environment): {
  readonly monotonic: number
  readonly then: Environment
} {
  const clock = lifetimeClock(environment)
  const monotonic = clock.monotonic()
  const lifetimes = { monotonic: () => monotonic, after: clock.after }
  return { monotonic, then: { ...environment, lifetimes } }
}

/**
 * The wall clock for work that begins now and lasts. `began`: when that was, by the clock as it was read last; so what was read then
 * lies within the work, as long as that took, also where somebody sets the clock meanwhile.
 */
export function workClock({ now, monotonic }: Environment): {
  readonly now: () => number
  readonly began: () => number
  /** Milliseconds since. */
  readonly took: () => number
} {
  const started = monotonic()
  const took = (): number => monotonic() - started
  let began = now()
  const read = (): number => {
    const reading = now()
    began = Math.min(reading, Math.ceil(reading - took()))
    return reading
  }
  return { now: read, began: () => began, took }
}

/** The real clocks, the platform's random generator and its cryptography. */
export const systemEnvironment: Environment = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (milliseconds, action) => {
    const timer = setTimeout(action, milliseconds)
    return () => clearTimeout(timer)
  },
  random: randomBytes,
  crypto: webCrypto,
}
