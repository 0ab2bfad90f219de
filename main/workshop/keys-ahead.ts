/** RSA keys made ahead, so that a chain with them takes no visible time: each is given out once. */
import type { KeyKind } from '#shared/workshop/chain'
import type { KeyPair, WorkshopCrypto } from '#shared/workshop/crypto'

/** The size that is asked for most. Keys on curves are made in no time. */
const USUAL = { kind: 'RSA', bits: 2048 } as const

/** The same cryptography with keys that lie ready. */
export class KeysAhead {
  readonly crypto: WorkshopCrypto
  readonly #ready: Promise<KeyPair>[] = []

  /**
   * @param count as many lie ready: three are a chain
   */
  constructor(
    private readonly source: WorkshopCrypto,
    private readonly count = 3,
  ) {
    this.crypto = { ...source, makeKeyPair: (kind) => this.#take(kind) }
    this.#fill()
  }

  /** Resolves when all that lie ready are made. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#ready)
  }

  #take(kind: KeyKind): Promise<KeyPair> {
    const isUsual = kind.kind === 'RSA' && kind.bits === USUAL.bits && kind.exponent === undefined
    const ready = isUsual ? this.#ready.shift() : undefined
    if (!ready) return this.source.makeKeyPair(kind)
    // One that could not be made is made now, and fails where it is asked for.
    const pair = ready.catch(() => this.source.makeKeyPair(kind))
    void pair.then(() => this.#fill()).catch(() => undefined)
    return pair
  }

  #fill(): void {
    while (this.#ready.length < this.count) {
      const pair = this.source.makeKeyPair(USUAL)
      pair.catch(() => undefined)
      this.#ready.push(pair)
    }
  }
}
