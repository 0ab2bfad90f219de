/**
 * What roles work out and never send: shared secrets and derived keys. Whoever hands cryptography to a role may look on through
 * here, and find later which connection each belongs to, as the salt of a derivation is a transcript.
 */
import { fromUtf8, toHex, type Bytes } from '../bytes'
import { transcriptsOf } from '../adversary/eavesdropper'
import type { CryptoProvider } from '../crypto/provider'
import { STEP_NUMBERS } from '../hl1/steps'
import { SUITES, type SuiteName } from '../hl1/suites'
import type { Derivation } from '../record/derivation'
import { isCaptureSecret, type CaptureSecret } from './keys-file'

type Derived = Extract<Derivation, { readonly is: 'derived' }>

/** What one derivation took, and made. */
interface Made {
  readonly input: Bytes
  readonly key: Bytes
}

/** So many derivations are kept, the newest. */
const MOST = 4_096

export class DerivedSecrets {
  /** By salt and label. The order of a Map is that of its insertions. */
  readonly #made = new Map<string, Made>()

  /** The same cryptography, looked at. */
  over(crypto: CryptoProvider): CryptoProvider {
    return {
      ...crypto,
      deriveKey: async (input, salt, info) => {
        const key = await crypto.deriveKey(input, salt, info)
        this.#keep(nameOf(salt, info), { input: input.slice(), key })
        return key
      },
    }
  }

  /** The secrets of a connection by its frames, in their order, both directions. */
  of(frames: readonly Bytes[], suite: SuiteName): ReadonlyMap<CaptureSecret, Bytes> {
    const found = new Map<CaptureSecret, Bytes>()
    for (const { symbol, by, made } of this.#derivationsOf(frames, suite)) {
      if (isCaptureSecret(symbol)) found.set(symbol, made.key)
      // What goes into a derivation as it is, is known with it.
      if (by.input.is === 'symbol' && isCaptureSecret(by.input.symbol)) found.set(by.input.symbol, made.input)
    }
    return found
  }

  /** Forgets those of a connection. */
  forget(frames: readonly Bytes[], suite: SuiteName): void {
    for (const { name } of [...this.#derivationsOf(frames, suite)]) this.#made.delete(name)
  }

  #keep(name: string, made: Made): void {
    this.#made.delete(name)
    this.#made.set(name, made)
    const [oldest] = this.#made.keys()
    if (this.#made.size > MOST && oldest !== undefined) this.#made.delete(oldest)
  }

  *#derivationsOf(
    frames: readonly Bytes[],
    suite: SuiteName,
  ): Generator<{
    readonly name: string
    readonly symbol: string
    readonly by: Derived
    readonly made: Made
  }> {
    const transcripts = transcriptsOf(frames, suite, new Set())
    for (const step of STEP_NUMBERS) {
      for (const [symbol, by] of Object.entries(SUITES[suite].sheets[step].derivations)) {
        if (by.is !== 'derived' || by.salt.is !== 'transcript') continue
        const salt = transcripts.get(by.salt.step)
        const name = salt && nameOf(salt, new TextEncoder().encode(by.label))
        const made = name === undefined ? undefined : this.#made.get(name)
        if (name !== undefined && made) yield { name, symbol, by, made }
      }
    }
  }
}

function nameOf(salt: Bytes, info: Bytes): string {
  return `${toHex(salt)} ${fromUtf8(info)}`
}
