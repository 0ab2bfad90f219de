/** scrypt (RFC 7914), which WebCrypto doesn't have: keys that `openssl pkcs8 -scrypt` and others have locked open with it. */
import type { Bytes } from '../../bytes'
import { nextTurn } from '../../turn'

/** The parameters of RFC 7914 section 2. */
export interface ScryptCost {
  /** N: a power of 2. */
  readonly cost: number
  /** r, in 128 bytes. */
  readonly blockSize: number
  /** p. */
  readonly parallelization: number
}

/** Most of N times r times p: 128 MiB of memory and some seconds. */
export const MAX_SCRYPT_WORK = 2 ** 20
/** Blocks mixed before other events get their turn. */
const SLICE = 1_024
const WORDS_PER_BLOCK = 16

/**
 * Derives `length` bytes.
 * @throws SyntaxError when the parameters are none, or ask for more than {@link MAX_SCRYPT_WORK}
 */
export async function scrypt(
  passphrase: Bytes,
  salt: Bytes,
  { cost, blockSize, parallelization }: ScryptCost,
  length: number,
): Promise<Bytes> {
  const isPower = cost > 1 && Number.isInteger(Math.log2(cost))
  if (!isPower || blockSize < 1 || parallelization < 1) throw new SyntaxError('The cost of scrypt is none.')
  if (cost * blockSize * parallelization > MAX_SCRYPT_WORK) {
    const limit = MAX_SCRYPT_WORK.toLocaleString('en-GB')
    throw new SyntaxError(
      `scrypt with cost ${cost}, block size ${blockSize} and parallelization ${parallelization} is more work than is accepted: their product is at most ${limit}.`,
    )
  }
  const size = 128 * blockSize
  const blocks = await pbkdf2(passphrase, salt, parallelization * size)
  for (let at = 0; at < blocks.length; at += size) {
    const words = readWords(blocks.subarray(at, at + size))
    await mixWithMemory(words, cost)
    writeWords(words, blocks.subarray(at, at + size))
  }
  return pbkdf2(passphrase, blocks, length)
}

/** One iteration with HMAC-SHA-256. */
async function pbkdf2(passphrase: Bytes, salt: Bytes, length: number): Promise<Bytes> {
  const secret = await crypto.subtle.importKey('raw', passphrase, 'PBKDF2', false, ['deriveBits'])
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: 1 }
  return new Uint8Array(await crypto.subtle.deriveBits(derivation, secret, length * 8))
}

/** scryptROMix (section 5), in place. */
async function mixWithMemory(words: Uint32Array, cost: number): Promise<void> {
  const memory = new Uint32Array(cost * words.length)
  const scratch = new Uint32Array(words.length)
  for (let round = 0; round < 2 * cost; round++) {
    if (round % SLICE === SLICE - 1) await nextTurn()
    if (round < cost) {
      memory.set(words, round * words.length)
    } else {
      const place = ((words[words.length - WORDS_PER_BLOCK] ?? 0) & (cost - 1)) * words.length
      for (let at = 0; at < words.length; at++) words[at] = (words[at] ?? 0) ^ (memory[place + at] ?? 0)
    }
    mixBlocks(words, scratch)
  }
}

/** scryptBlockMix (section 4), in place: what comes of even blocks first, then of odd ones. */
function mixBlocks(words: Uint32Array, scratch: Uint32Array): void {
  const block = words.slice(-WORDS_PER_BLOCK)
  const count = words.length / WORDS_PER_BLOCK
  for (let index = 0; index < count; index++) {
    const from = index * WORDS_PER_BLOCK
    for (let at = 0; at < WORDS_PER_BLOCK; at++) block[at] = (block[at] ?? 0) ^ (words[from + at] ?? 0)
    salsa20of8(block)
    const to = (index >> 1) + (index & 1) * (count / 2)
    scratch.set(block, to * WORDS_PER_BLOCK)
  }
  words.set(scratch)
}

/** Word to change, the two that are added, and the rotation: a double round of section 3 in order. */
const STEPS = quarterRounds([
  [0, 4, 8, 12],
  [5, 9, 13, 1],
  [10, 14, 2, 6],
  [15, 3, 7, 11],
  [0, 1, 2, 3],
  [5, 6, 7, 4],
  [10, 11, 8, 9],
  [15, 12, 13, 14],
])
const DOUBLE_ROUNDS = 4
const block = new Uint32Array(WORDS_PER_BLOCK)

/** Salsa20/8 (section 3), in place. */
function salsa20of8(words: Uint32Array): void {
  block.set(words)
  for (let round = 0; round < DOUBLE_ROUNDS; round++) {
    for (let at = 0; at < STEPS.length; at += 4) {
      const sum = (block[STEPS[at + 1] ?? 0] ?? 0) + (block[STEPS[at + 2] ?? 0] ?? 0)
      const by = STEPS[at + 3] ?? 0
      const target = STEPS[at] ?? 0
      block[target] = (block[target] ?? 0) ^ ((sum << by) | (sum >>> (32 - by)))
    }
  }
  for (let at = 0; at < WORDS_PER_BLOCK; at++) words[at] = (words[at] ?? 0) + (block[at] ?? 0)
}

function quarterRounds(rounds: readonly (readonly [number, number, number, number])[]): Uint8Array {
  return Uint8Array.from(
    rounds.flatMap(([a, b, c, d]) =>
      [
        [b, a, d, 7],
        [c, b, a, 9],
        [d, c, b, 13],
        [a, d, c, 18],
      ].flat(),
    ),
  )
}

/** Little-endian. */
function readWords(bytes: Uint8Array): Uint32Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(4 * at, true))
}

function writeWords(words: Uint32Array, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  words.forEach((word, at) => view.setUint32(4 * at, word, true))
}
