import { describe, expect, it } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import { toHex, type Bytes } from '#shared/bytes'
import { webCrypto } from '#shared/crypto/provider'

const { crypto, random } = mainEnvironment

interface Sealed {
  readonly key: Bytes
  readonly nonce: Bytes
  readonly additional: Bytes
  readonly plaintext: Bytes
}

const somethingOf = (length: number): Sealed => ({
  key: random(32),
  nonce: random(12),
  additional: random(40),
  plaintext: random(length),
})

describe('AES-GCM by Node', () => {
  it.each([0, 1, 15, 16, 17, 700, 524_288])(
    'seals %s bytes as WebCrypto does, and opens them',
    async (length) => {
      const { key, nonce, additional, plaintext } = somethingOf(length)
      const native = await webCrypto.encryptGcm(key, nonce, additional, plaintext)
      const sealed = await crypto.encryptGcm(key, nonce, additional, plaintext)
      expect(toHex(sealed)).toBe(toHex(native))
      expect(toHex(await crypto.decryptGcm(key, nonce, additional, sealed))).toBe(toHex(plaintext))
    },
  )

  it('refuses each changed bit, what is cut short, and other additional data', async () => {
    const { key, nonce, additional, plaintext } = somethingOf(20)
    const sealed = await crypto.encryptGcm(key, nonce, additional, plaintext)
    const open = (bytes: Bytes, other = additional): Promise<string> =>
      crypto
        .decryptGcm(key, nonce, other, bytes)
        .then(toHex, (error: unknown) => (error as { code: string }).code)
    for (let bit = 0; bit < sealed.length * 8; bit++) {
      const changed = sealed.slice()
      changed[bit >> 3]! ^= 1 << (bit & 7)
      expect(await open(changed), `bit ${bit}`).toBe('bad_ciphertext')
    }
    for (let length = 0; length < sealed.length; length++)
      expect(await open(sealed.slice(0, length)), `${length} bytes`).toBe('bad_ciphertext')
    expect(await open(sealed, random(40))).toBe('bad_ciphertext')
    expect(await open(sealed)).toBe(toHex(plaintext))
  })

  it('takes a nonce of 12 bytes and no other', async () => {
    const { key, additional, plaintext } = somethingOf(4)
    for (const length of [0, 8, 11, 13, 16])
      await expect(crypto.encryptGcm(key, random(length), additional, plaintext)).rejects.toThrow('12 bytes')
  })
})
