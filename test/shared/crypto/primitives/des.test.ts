import { describe, expect, it } from 'vitest'
import { concat, equalBytes, toHex, toUtf8, type Bytes } from '#shared/bytes'
import { decryptDes, encryptDes } from '#shared/crypto/primitives/des'
import { isWeakDesKey } from '#shared/crypto/primitives/des-keys'
import { LabError } from '#shared/errors'
import { seededRandom } from '../../../support/environment'
import { hex } from '../../../support/vectors'

const ZERO_IV = new Uint8Array(8)
const KEY = hex('133457799bbcdff1')

/** CBC without padding: the ciphertext of whole blocks. */
async function encryptBlocks(key: Bytes, iv: Bytes, blocks: Bytes): Promise<Bytes> {
  return (await encryptDes(key, iv, blocks)).slice(0, blocks.length)
}

/** Decrypts blocks that end in these bytes, whether they are padding or not. */
async function open(end: Bytes): Promise<string> {
  const start = new Uint8Array((8 - (end.length % 8)) % 8).fill(0x61)
  const ciphertext = await encryptBlocks(KEY, ZERO_IV, concat(start, end))
  try {
    return toHex(await decryptDes(KEY, ZERO_IV, ciphertext))
  } catch (error) {
    return error instanceof LabError ? error.code : String(error)
  }
}

describe('DES', () => {
  // SP 800-17: variable plaintext, variable key and substitution table tests. With an IV of zeros the first block is ECB.
  it.each([
    { key: '0101010101010101', plaintext: '8000000000000000', ciphertext: '95f8a5e5dd31d900' },
    { key: '0101010101010101', plaintext: '0000000000000001', ciphertext: '166b40b44aba4bd6' },
    { key: '8001010101010101', plaintext: '0000000000000000', ciphertext: '95a8d72813daa94d' },
    { key: '7ca110454a1a6e57', plaintext: '01a1d6d039776742', ciphertext: '690f5b0d9a26939b' },
    { key: '133457799bbcdff1', plaintext: '0123456789abcdef', ciphertext: '85e813540f0ab405' },
  ])('under $key turns $plaintext into $ciphertext', async ({ key, plaintext, ciphertext }) => {
    expect(toHex(await encryptBlocks(hex(key), ZERO_IV, hex(plaintext)))).toBe(ciphertext)
  })

  it('in CBC mode gives the example of FIPS 81', async () => {
    const ciphertext = await encryptBlocks(
      hex('0123456789abcdef'),
      hex('1234567890abcdef'),
      toUtf8('Now is the time for all '),
    )
    expect(toHex(ciphertext)).toBe('e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6')
  })

  it('opens what it has closed, whatever the length, also beyond the slice that is worked on at once', async () => {
    const random = seededRandom('lengths')
    const iv = random(8)
    for (const length of [0, 1, 7, 8, 9, 16, 1000, 0xffff, 0x10000, 0x10001, 140_003]) {
      const plaintext = random(length)
      const ciphertext = await encryptDes(KEY, iv, plaintext)
      expect(ciphertext.length).toBe((Math.floor(length / 8) + 1) * 8)
      expect(equalBytes(await decryptDes(KEY, iv, ciphertext), plaintext), `${length} bytes`).toBe(true)
    }
  })

  it('lets other work go on while it is at a long message', async () => {
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    await encryptDes(KEY, ZERO_IV, new Uint8Array(1_000_000))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})

describe('the padding (PKCS#7)', () => {
  it('is 1 to 8 bytes, each of them their number', async () => {
    for (let count = 1; count <= 8; count++) {
      const padding = new Uint8Array(count).fill(count)
      expect(await open(concat(new Uint8Array(8 - count).fill(0x61), padding))).toBe('61'.repeat(8 - count))
    }
  })

  it('whose last byte is not 1 to 8 is wrong', async () => {
    for (const last of [0, ...Array.from({ length: 247 }, (_, index) => index + 9)]) {
      expect(await open(new Uint8Array(8).fill(last)), `last byte ${last}`).toBe('bad_ciphertext')
    }
  })

  it('with any other byte than the last one changed is wrong', async () => {
    for (let count = 2; count <= 8; count++) {
      for (let place = 0; place < count - 1; place++) {
        const padding = new Uint8Array(count).fill(count)
        padding[place]! ^= 0x01
        expect(await open(padding), `byte ${place} of ${count}`).toBe('bad_ciphertext')
      }
    }
  })

  it('is never more than there is', async () => {
    expect(await open(new Uint8Array(8).fill(8))).toBe('')
  })

  it('is never longer than a block, though all of it be right', async () => {
    for (let count = 9; count <= 16; count++) {
      expect(await open(new Uint8Array(16).fill(count)), `${count} bytes`).toBe('bad_ciphertext')
    }
  })

  it('is missing where the ciphertext is empty or no whole number of blocks', async () => {
    const ciphertext = await encryptDes(KEY, ZERO_IV, toUtf8('two blocks'))
    for (const length of [0, 1, 7, 9, 15]) {
      await expect(decryptDes(KEY, ZERO_IV, ciphertext.slice(0, length))).rejects.toMatchObject({
        code: 'bad_ciphertext',
      })
    }
  })
})

describe('a weak key', () => {
  const WEAK = ['0101010101010101', 'fefefefefefefefe', '1f1f1f1f0e0e0e0e', 'e0e0e0e0f1f1f1f1'].map(hex)
  const SEMI_WEAK_PAIRS = [
    ['01fe01fe01fe01fe', 'fe01fe01fe01fe01'],
    ['1fe01fe00ef10ef1', 'e01fe01ff10ef10e'],
    ['01e001e001f101f1', 'e001e001f101f101'],
    ['1ffe1ffe0efe0efe', 'fe1ffe1ffe0efe0e'],
    ['011f011f010e010e', '1f011f010e010e01'],
    ['e0fee0fef1fef1fe', 'fee0fee0fef1fef1'],
  ].map(([first, second]) => [hex(first!), hex(second!)] as const)
  const ALL = [...WEAK, ...SEMI_WEAK_PAIRS.flat()]

  it('is its own opposite, and a semi-weak one that of its partner: that is why they are refused', async () => {
    const block = hex('0123456789abcdef')
    const pairs = [...WEAK.map((key) => [key, key] as const), ...SEMI_WEAK_PAIRS]
    for (const [first, second] of pairs) {
      const once = await encryptBlocks(first, ZERO_IV, block)
      expect(toHex(await encryptBlocks(second, ZERO_IV, once)), toHex(first)).toBe(toHex(block))
    }
  })

  it('is one of sixteen', () => {
    expect(new Set(ALL.map((key) => toHex(key))).size).toBe(16)
    for (const key of ALL) expect(isWeakDesKey(key), toHex(key)).toBe(true)
  })

  it('is weak whatever its parity bits say', () => {
    for (const key of ALL) {
      for (let parities = 0; parities < 256; parities++) {
        const variant = key.map((byte, index) => (byte & 0xfe) | ((parities >> index) & 1))
        expect(isWeakDesKey(variant), toHex(variant)).toBe(true)
      }
    }
  })

  it('is not weak any more with a key bit changed', () => {
    for (const key of ALL) {
      for (let bit = 1; bit < 8; bit++) {
        const changed = key.slice()
        changed[3]! ^= 1 << bit
        expect(isWeakDesKey(changed), toHex(changed)).toBe(false)
      }
    }
  })

  it('is not the bootstrap key, nor an all but weak one', () => {
    for (const key of ['4c41422d4b455921', '0101010101010103', '0123456789abcdef', '133457799bbcdff1']) {
      expect(isWeakDesKey(hex(key))).toBe(false)
    }
  })

  it('needs eight bytes', () => {
    expect(isWeakDesKey(hex('01010101010101'))).toBe(false)
    expect(isWeakDesKey(hex('010101010101010101'))).toBe(false)
  })
})
