/**
 * Camellia (RFC 3713) decrypted: `openssl pkcs8 -v2 camellia-256-cbc` and others have locked keys with it, and no library here
 * has it. The 64-bit values of the RFC are pairs of 32-bit numbers, the upper half first.
 */
import { fromHex, toHex, type Bytes } from '../../bytes'

/** SBOX1 of section 2.4.1; the others are turns of it. */
const SBOX1 = fromHex(
  [
    '70822cecb327c0e5e4855735ea0cae4123ef6b934519a521ed0e4f4e1d6592bd86b8af8f7ceb1fce3e30dc5f5ec50b1a',
    'a6e139cad5475d3dd9015ad651566c4d8b0d9a66fbccb02d74122b20f0b18499df4ccbc2347e76056db7a931d11704d7',
    '14583a61de1b111c320f9c165318f222fe44cfb2c3b57a912408e8a860fc6950aad0a07da1896297545b1e95e0ff64d2',
    '10c40048a3f775db8a03e6da093fdd94875c8302cd4a90337367f6f39d7fbfe2529bd826c837c63b81966f4b13be632e',
    'e979a78c9f6ebc8e29f5f9b62ffdb4597898066ae74671bad425ab4288a28dfa7207b955f8eeac0a36492a683c38f1a4',
    '4028d37bbbc943c115e3adf477c7809e',
  ].join(''),
) as Bytes
const SBOX2 = SBOX1.map((value) => ((value << 1) | (value >> 7)) & 0xff)
const SBOX3 = SBOX1.map((value) => ((value << 7) | (value >> 1)) & 0xff)
const SBOX4 = SBOX1.map((_, index) => at(SBOX1, ((index << 1) | (index >> 7)) & 0xff))
/** Key schedule constants (section 2.2). */
const SIGMA = [
  0xa09e667f3bcc908bn,
  0xb67ae8584caa73b2n,
  0xc6ef372fe94f82ben,
  0x54ff53a5f1d36f1cn,
  0x10e527fade682d1dn,
  0xb05688c2b3e6c1fdn,
] as const
const [HALF, WHOLE] = [(1n << 64n) - 1n, (1n << 128n) - 1n] as const
const BLOCK_BYTES = 16
/** Rounds between two of the functions FL. */
const ROUNDS_PER_LAYER = 6

/** Subkeys in the order in which decrypting uses them. */
interface Schedule {
  readonly whitening: Uint32Array
  readonly rounds: Uint32Array
  readonly layers: Uint32Array
}

/**
 * Decrypts whole blocks in CBC mode, the padding still on.
 * @param key 16, 24 or 32 bytes
 */
export function decryptCamelliaCbc(key: Bytes, iv: Bytes, ciphertext: Bytes): Bytes {
  const schedule = scheduleOf(key)
  const plaintext = new Uint8Array(ciphertext.length)
  const [from, to] = [new DataView(ciphertext.buffer, ciphertext.byteOffset), new DataView(plaintext.buffer)]
  const before = new DataView(iv.buffer, iv.byteOffset)
  const block = new Uint32Array(4)
  for (let start = 0; start < ciphertext.length; start += BLOCK_BYTES) {
    for (let word = 0; word < 4; word++) block[word] = from.getUint32(start + 4 * word)
    decryptBlock(schedule, block)
    for (let word = 0; word < 4; word++) {
      const mask = start === 0 ? before.getUint32(4 * word) : from.getUint32(start - BLOCK_BYTES + 4 * word)
      to.setUint32(start + 4 * word, at(block, word) ^ mask)
    }
  }
  return plaintext
}

/** Section 2.3, with the subkeys from last to first. */
function decryptBlock({ whitening, rounds, layers }: Schedule, block: Uint32Array): void {
  for (let word = 0; word < 4; word++) block[word] = at(block, word) ^ at(whitening, word)
  const count = rounds.length / 2
  for (let round = 0; round < count; round++) {
    if (round > 0 && round % ROUNDS_PER_LAYER === 0) {
      const layer = (round / ROUNDS_PER_LAYER - 1) * 4
      applyFl(block, at(layers, layer), at(layers, layer + 1))
      applyInverseFl(block, at(layers, layer + 2), at(layers, layer + 3))
    }
    const source = round % 2 === 0 ? 0 : 2
    const [upper, lower] = substitute(
      at(block, source) ^ at(rounds, 2 * round),
      at(block, source + 1) ^ at(rounds, 2 * round + 1),
    )
    const target = 2 - source
    block[target] = at(block, target) ^ upper
    block[target + 1] = at(block, target + 1) ^ lower
  }
  const [a, b, c, d] = [at(block, 0), at(block, 1), at(block, 2), at(block, 3)]
  block[0] = c ^ at(whitening, 4)
  block[1] = d ^ at(whitening, 5)
  block[2] = a ^ at(whitening, 6)
  block[3] = b ^ at(whitening, 7)
}

/** FL (section 2.4.2) on the left half. */
function applyFl(block: Uint32Array, upperKey: number, lowerKey: number): void {
  block[1] = at(block, 1) ^ turned(at(block, 0) & upperKey)
  block[0] = at(block, 0) ^ (at(block, 1) | lowerKey)
}

/** Its inverse (section 2.4.3) on the right half. */
function applyInverseFl(block: Uint32Array, upperKey: number, lowerKey: number): void {
  block[2] = at(block, 2) ^ (at(block, 3) | lowerKey)
  block[3] = at(block, 3) ^ turned(at(block, 2) & upperKey)
}

/** The function F (section 2.4.1) after its key was added: S-boxes, then sums of their values. */
function substitute(upper: number, lower: number): readonly [number, number] {
  const t1 = at(SBOX1, upper >>> 24)
  const t2 = at(SBOX2, (upper >>> 16) & 0xff)
  const t3 = at(SBOX3, (upper >>> 8) & 0xff)
  const t4 = at(SBOX4, upper & 0xff)
  const t5 = at(SBOX2, lower >>> 24)
  const t6 = at(SBOX3, (lower >>> 16) & 0xff)
  const t7 = at(SBOX4, (lower >>> 8) & 0xff)
  const t8 = at(SBOX1, lower & 0xff)
  return [
    ((t1 ^ t3 ^ t4 ^ t6 ^ t7 ^ t8) << 24) |
      ((t1 ^ t2 ^ t4 ^ t5 ^ t7 ^ t8) << 16) |
      ((t1 ^ t2 ^ t3 ^ t5 ^ t6 ^ t8) << 8) |
      (t2 ^ t3 ^ t4 ^ t5 ^ t6 ^ t7),
    ((t1 ^ t2 ^ t6 ^ t7 ^ t8) << 24) |
      ((t2 ^ t3 ^ t5 ^ t7 ^ t8) << 16) |
      ((t3 ^ t4 ^ t5 ^ t6 ^ t8) << 8) |
      (t1 ^ t4 ^ t5 ^ t6 ^ t7),
  ]
}

/** Section 2.2. */
function scheduleOf(key: Bytes): Schedule {
  const number = BigInt(`0x${toHex(key)}`)
  const isShort = key.length === 16
  const left = isShort ? number : number >> BigInt(key.length * 8 - 128)
  const right = isShort ? 0n : rightHalf(number, key.length)
  const first = mix(left ^ right, SIGMA[0], SIGMA[1]) ^ left
  const a = mix(first, SIGMA[2], SIGMA[3])
  const b = mix(a ^ right, SIGMA[4], SIGMA[5])
  // The halves of each key, turned by so many bits.
  const halves = (value: bigint, bits: number): readonly [bigint, bigint] => {
    const turn = ((value << BigInt(bits)) | (value >> BigInt(128 - bits))) & WHOLE
    return [turn >> 64n, turn & HALF]
  }
  if (isShort) {
    return reversed({
      whitening: [...halves(left, 0), ...halves(a, 111)],
      rounds: [
        ...[...halves(a, 0), ...halves(left, 15), ...halves(a, 15), ...halves(left, 45)],
        ...[halves(a, 45)[0], halves(left, 60)[1], ...halves(a, 60), ...halves(left, 94)],
        ...[...halves(a, 94), ...halves(left, 111)],
      ],
      layers: [...halves(a, 30), ...halves(left, 77)],
    })
  }
  return reversed({
    whitening: [...halves(left, 0), ...halves(b, 111)],
    rounds: [
      ...[...halves(b, 0), ...halves(right, 15), ...halves(a, 15), ...halves(b, 30), ...halves(left, 45)],
      ...[...halves(a, 45), ...halves(right, 60), ...halves(b, 60), ...halves(left, 77)],
      ...[...halves(right, 94), ...halves(a, 94), ...halves(left, 111)],
    ],
    layers: [...halves(right, 30), ...halves(left, 60), ...halves(a, 77)],
  })
}

/** The right half of a long key; of 192 bits its second part is the complement of its first. */
function rightHalf(number: bigint, bytes: number): bigint {
  if (bytes === 32) return number & WHOLE
  const part = number & HALF
  return (part << 64n) | (part ^ HALF)
}

/** Two rounds of F with constants for keys. */
function mix(value: bigint, firstKey: bigint, secondKey: bigint): bigint {
  let [upper, lower] = [value >> 64n, value & HALF]
  lower ^= substituted(upper ^ firstKey)
  upper ^= substituted(lower ^ secondKey)
  return (upper << 64n) | lower
}

function substituted(value: bigint): bigint {
  const [upper, lower] = substitute(Number(value >> 32n), Number(value & 0xffffffffn))
  return (BigInt(upper >>> 0) << 32n) | BigInt(lower >>> 0)
}

/** Section 2.3.3: decrypting is encrypting with the subkeys the other way round. */
function reversed(keys: Readonly<Record<keyof Schedule, readonly bigint[]>>): Schedule {
  const words = (values: readonly bigint[]): Uint32Array =>
    Uint32Array.from(values.flatMap((value) => [Number(value >> 32n), Number(value & 0xffffffffn)]))
  const [k1 = 0n, k2 = 0n, k3 = 0n, k4 = 0n] = keys.whitening
  return {
    whitening: words([k3, k4, k1, k2]),
    rounds: words([...keys.rounds].reverse()),
    layers: words([...keys.layers].reverse()),
  }
}

function turned(value: number): number {
  return (value << 1) | (value >>> 31)
}

function at(values: Uint8Array | Uint32Array, index: number): number {
  return values[index] ?? 0
}
