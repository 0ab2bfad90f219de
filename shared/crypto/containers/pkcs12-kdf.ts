/** Keys from passphrases as PKCS#12 derives them (RFC 7292 appendix B.2), with node-forge's hash functions. */
import forge from 'node-forge'
import { concat, fromBinaryString, toBinaryString, type Bytes } from '../../bytes'
import { nextTurn } from '../../turn'

export type Pkcs12Hash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512'

/** What the bytes are for: the diversifier of appendix B.3. */
export const PURPOSE = { key: 1, iv: 2, mac: 3 } as const
export type Purpose = (typeof PURPOSE)[keyof typeof PURPOSE]

/** Block length of the hash function in bytes, and who computes it. */
const HASHES = {
  'SHA-1': { block: 64, create: () => forge.md.sha1.create() },
  'SHA-256': { block: 64, create: () => forge.md.sha256.create() },
  'SHA-384': { block: 128, create: () => forge.md.sha384.create() },
  'SHA-512': { block: 128, create: () => forge.md.sha512.create() },
} as const satisfies Readonly<
  Record<Pkcs12Hash, { readonly block: number; readonly create: () => forge.md.MessageDigest }>
>

/** Hashes computed before other events get their turn: some milliseconds. */
const SLICE = 2_048

export interface Derivation {
  readonly hash: Pkcs12Hash
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
export async function derivePkcs12(options: Derivation): Promise<Bytes> {
  const { hash, passphrase, salt, iterations, purpose, length } = options
  const { block, create } = HASHES[hash]
  const digest = create()
  const diversifier = new Uint8Array(block).fill(purpose)
  const blocks = concat(filled(salt, block), filled(passphrase, block))
  const parts: Bytes[] = []
  for (let made = 0; made < length;) {
    const part = await hashRepeatedly(digest, concat(diversifier, blocks), iterations)
    parts.push(part)
    made += part.length
    addToBlocks(blocks, part, block)
  }
  return concat(...parts).slice(0, length)
}

/** Hashes a value, then the hash, and so on, `times` times, in slices so that nothing waits for it. */
export async function hashRepeatedly(
  digest: forge.md.MessageDigest,
  input: Bytes,
  times: number,
): Promise<Bytes> {
  let value = toBinaryString(input)
  for (let round = 0; round < times; round++) {
    if (round > 0 && round % SLICE === 0) await nextTurn()
    value = digest.start().update(value).digest().getBytes()
  }
  return fromBinaryString(value)
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
