/** Keys from passphrases as PKCS#12 derives them (RFC 7292 appendix B.2). */
import { concat, type Bytes } from '../../bytes'
import { hashRepeatedly, hashSizes, type HashName, type Tell } from '../primitives/hashes'

/** What the bytes are for: the diversifier of appendix B.3. */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const

export type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE]

export interface Derivation {
  readonly hash: HashName
  /** As {@link passphraseBytes} makes them. */
  readonly passphrase: Bytes
  readonly salt: Bytes
  /** At least 1. */
  readonly iterations: number
  readonly purpose: Purpose
  /** Of the result, in bytes. */
  readonly length: number
}

/** A passphrase as PKCS#12 takes it: UTF-16, big-endian, and two zero bytes (appendix B.1). */
export function passphraseBytes(passphrase: string): Bytes {
  const bytes = new Uint8Array(passphrase.length * 2 + 2)
  const view = new DataView(bytes.buffer)
  for (let index = 0; index < passphrase.length; index++)
    view.setUint16(index * 2, passphrase.charCodeAt(index))
  return bytes
}

/** Derives `length` bytes. */
export async function derivePkcs12(options: Derivation, tell?: Tell): Promise<Bytes> {
  const { hash, passphrase, salt, iterations, purpose, length } = options
  const { block, output } = hashSizes(hash)
  const total = Math.ceil(length / output)
  const diversifier = new Uint8Array(block).fill(purpose)
  const blocks = concat(filled(salt, block), filled(passphrase, block))
  const parts: Bytes[] = []
  for (let made = 0; made < length;) {
    const part = await hashRepeatedly(hash, concat(diversifier, blocks), iterations, (fraction = 0) =>
      tell?.((parts.length + fraction) / total),
    )
    parts.push(part)
    made += part.length
    addToBlocks(blocks, part, block)
  }
  return concat(...parts).slice(0, length)
}

/** Copies of the value, as many as begin in the last block that it needs. */
function filled(value: Bytes, block: number): Bytes {
  const length = Math.ceil(value.length / block) * block
  return Uint8Array.from({ length }, (_, index) => value[index % value.length] ?? 0)
}

/** Adds the value, repeated to a block, and 1 to every block: numbers of that many bytes, carries beyond them lost. */
function addToBlocks(blocks: Bytes, value: Bytes, block: number): void {
  for (let start = 0; start < blocks.length; start += block) {
    let carry = 1
    for (let index = block - 1; index >= 0; index--) {
      carry += (blocks[start + index] ?? 0) + (value[index % value.length] ?? 0)
      blocks[start + index] = carry & 0xff
      carry >>= 8
    }
  }
}
