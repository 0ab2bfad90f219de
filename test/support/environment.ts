/** An environment whose clocks stand still until a test moves them, and whose randomness is the same in every run. */
import { webCrypto } from '#shared/crypto/provider'
import { createCipheriv, createHash } from 'node:crypto'
import type { Bytes } from '#shared/bytes'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { Environment } from '#shared/hl1/environment'
import { SimulatedClock } from '#shared/hl1/simulated-clock'
import { keyPair } from './credentials'

/** Where fake clocks start: 2027-01-15T08:00:00Z. */
export const START = 1_800_000_000_000

export interface FakeEnvironment extends Environment {
  /** Time goes by, on both clocks, and what falls due happens. Milliseconds. */
  readonly pass: (milliseconds: number) => void
  /** Somebody sets the wall clock; the other one does not notice. Milliseconds, negative for back. */
  readonly setWallClock: (difference: number) => void
}

/**
 * @param seed runs with one seed draw the same bytes
 * @param makeKeyPair what a new RSA key pair is; the same one in every call unless said
 */
export function fakeEnvironment(
  seed = 'seed',
  makeKeyPair: () => Promise<RsaKeyPair> = () => keyPair('server'),
): FakeEnvironment {
  const clock = new SimulatedClock({ now: START, monotonic: 5_000 })
  const { now, monotonic, after } = clock
  return {
    now,
    monotonic,
    after,
    random: seededRandom(seed),
    crypto: { ...webCrypto, generateRsaKeyPair: makeKeyPair },
    pass: (milliseconds) => clock.pass(milliseconds),
    setWallClock: (difference) => clock.setWallClock(difference),
  }
}

/** Bytes that look random and are the same for the same seed. */
export function seededRandom(seed: string): (length: number) => Bytes {
  let drawn = 0
  return (length) => {
    const key = createHash('sha256').update(`${seed} ${drawn++}`).digest()
    const stream = createCipheriv('aes-256-ctr', key, new Uint8Array(16))
    return new Uint8Array(stream.update(new Uint8Array(length)))
  }
}
