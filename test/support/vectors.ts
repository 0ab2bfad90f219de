/** The recorded sessions in test/vectors, made by an independent implementation. */
import { readFileSync } from 'node:fs'
import { fromHex, type Bytes } from '#shared/bytes'

export interface OpenedVector {
  readonly step: number
  readonly ciphertext: string
  readonly key?: string
  readonly rsa?: 'sk_ca' | 'sk_s'
  readonly plaintext: Readonly<Record<string, string | number>>
}

export interface SessionVector {
  readonly suite: 'classic'
  readonly id_ca: string
  readonly id_s: string
  readonly id_c: string
  readonly k_boot: string
  readonly ca_certificate: string
  readonly sk_ca: string
  readonly sk_s: string
  readonly frames: readonly { readonly step: number; readonly frame: string; readonly hash_before: string }[]
  readonly opened: readonly OpenedVector[]
}

export function readVector(name: 'classic'): SessionVector {
  return JSON.parse(
    readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8'),
  ) as SessionVector
}

/** Bytes of hex that is known to be good. */
export function hex(text: string): Bytes {
  return fromHex(text)!
}
