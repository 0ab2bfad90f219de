/** The recorded sessions in test/vectors, made by an independent implementation. */
import { readFileSync } from 'node:fs'
import { fromHex, type Bytes } from '#shared/bytes'

export type SuiteVector = ClassicVector | ModernVector

interface Session {
  readonly id_ca: string
  readonly id_s: string
  readonly id_c: string
  readonly k_boot: string
  readonly ca_certificate: string
  readonly sk_ca: string
  readonly sk_s: string
  readonly frames: readonly { readonly step: number; readonly frame: string; readonly hash_before: string }[]
  /** A moment at which every recorded timestamp is fresh: that of step 5, milliseconds since the Unix epoch. */
  readonly recorded_at: number
}

/** A ciphertext with what is inside: symmetric ones have `key`, those under RSA name the private key. Bytes are hex. */
interface Opened {
  readonly step: number
  readonly ciphertext: string
  readonly key?: string
  readonly rsa?: 'sk_ca' | 'sk_s'
}

export interface ClassicVector extends Session {
  readonly suite: 'classic'
  readonly opened: readonly (Opened & { readonly plaintext: Readonly<Record<string, string | number>> })[]
}

export interface ModernVector extends Session {
  readonly suite: 'modern'
  readonly opened: readonly (Opened & {
    readonly aad?: string
    readonly plaintext_hex?: string
    readonly plaintext?: Readonly<Record<string, string | number>>
  })[]
  readonly hkdf: readonly {
    readonly ikm: string
    readonly salt: string
    readonly info: string
    readonly out: string
  }[]
}

export function readVector(name: 'classic'): ClassicVector
export function readVector(name: 'modern'): ModernVector
export function readVector(name: 'classic' | 'modern'): SuiteVector
export function readVector(name: 'classic' | 'modern'): SuiteVector {
  const vector = JSON.parse(
    readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'),
  ) as SuiteVector
  const recorded_at = Number(vector.opened.find((entry) => entry.plaintext?.['ts5'])?.plaintext?.['ts5'])
  return { ...vector, recorded_at }
}

/** Bytes of hex that is known to be good. */
export function hex(text: string): Bytes {
  return fromHex(text)!
}
