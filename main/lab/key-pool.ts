/** RSA key pairs made ahead, so that nobody waits for one: making a key takes a tenth of a second and more. */
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import type { RsaBits } from '#shared/crypto/primitives/rsa-bits'
import type { Timers } from '#shared/hl1/drivers/deadline'

/** Key pairs that lie ready: a walk takes one for the authority and one for the server. */
const SIZE = 2
/** Milliseconds from taking one to making the next: whoever took it has work to do with it first. */
const REFILL_AFTER_MS = 250

type MakeKeyPair = (bits: RsaBits) => Promise<RsaKeyPair>

export class KeyPool {
  #bits: RsaBits | undefined
  #ready: RsaKeyPair[] = []
  #filling: Promise<void> | undefined

  constructor(
    private readonly make: MakeKeyPair,
    private readonly timers: Timers,
  ) {}

  /** How many lie ready. */
  get size(): number {
    return this.#ready.length
  }

  /** A key pair that lies ready, or a new one; each is given out once. */
  async take(bits: RsaBits): Promise<RsaKeyPair> {
    const ready = bits === this.#bits ? this.#ready.shift() : undefined
    const pair = ready ?? (await this.make(bits))
    if (this.#bits !== undefined) this.prepare(bits, REFILL_AFTER_MS)
    return pair
  }

  /** Has key pairs of this size made, one after another, until enough lie ready; `after`: milliseconds until it begins. */
  prepare(bits: RsaBits, after = 0): void {
    if (bits !== this.#bits) this.#ready = []
    this.#bits = bits
    this.#filling ??= this.#fill(after).finally(() => (this.#filling = undefined))
  }

  /** Resolves when no key pair is being made ahead. */
  async settled(): Promise<void> {
    await this.#filling
  }

  /** Forgets all that lie ready, and makes no more until it is asked to prepare again. */
  clear(): void {
    this.#bits = undefined
    this.#ready = []
  }

  async #fill(after: number): Promise<void> {
    if (after > 0) await new Promise<void>((resolve) => void this.timers.after(after, resolve))
    while (this.#bits !== undefined && this.#ready.length < SIZE) {
      const bits = this.#bits
      // One that can't be made now is made when it is taken, and fails there.
      const pair = await this.make(bits).catch(() => undefined)
      if (!pair) return
      if (bits === this.#bits) this.#ready.push(pair)
    }
  }
}
