/**
 * RSA keys for attacks: made once, and given out one after the other, again and again. No secret of anybody hangs on them, and a
 * run of an attack should not wait for keys.
 */
import { generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { privateKeyFromPem, publicKeyFromPem, type RsaKeyPair } from '#shared/crypto/primitives/rsa'

/** Parties of one run that have a key of their own: authority, two servers, the adversary with an authority and a server. */
const COUNT = 6
/** Too short by protocol.md section 7, and long enough for what step 5 of `modern` puts into one RSA block. */
const SHORT_BITS = 1792
const make = promisify(generateKeyPair)

/** A key pair as PEM. */
interface KeyTexts {
  readonly publicKey: string
  readonly privateKey: string
}

export class AttackKeys {
  #at = 0

  private constructor(
    private readonly pairs: readonly RsaKeyPair[],
    private readonly shortPair: RsaKeyPair,
  ) {}

  static async make(): Promise<AttackKeys> {
    const bits = [...Array.from({ length: COUNT }, () => 2048), SHORT_BITS]
    return AttackKeys.from(await Promise.all(bits.map(keyPair)))
  }

  /** The same ones in another thread. */
  static from(data: readonly KeyTexts[]): AttackKeys {
    const pairs = data.map(({ publicKey, privateKey }) => ({
      publicKey: publicKeyFromPem(publicKey),
      privateKey: privateKeyFromPem(privateKey),
    }))
    return new AttackKeys(pairs.slice(0, COUNT), pairs[COUNT] as RsaKeyPair)
  }

  /** As texts, for another thread. */
  toData(): readonly KeyTexts[] {
    return [...this.pairs, this.shortPair].map(({ publicKey, privateKey }) => ({
      publicKey: publicKey.pem,
      privateKey: privateKey.pem,
    }))
  }

  /** A key pair that none of the other parties of a run has. */
  async next(): Promise<RsaKeyPair> {
    return this.pairs[this.#at++ % COUNT] as RsaKeyPair
  }

  /** One that is too short. */
  async short(): Promise<RsaKeyPair> {
    return this.shortPair
  }
}

function keyPair(modulusLength: number): Promise<KeyTexts> {
  return make('rsa', {
    modulusLength,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
}
