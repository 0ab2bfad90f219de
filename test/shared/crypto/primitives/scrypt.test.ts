import { scryptSync } from 'node:crypto'
import { describe, expect, it, vi } from 'vitest'
import { toHex, toUtf8 } from '#shared/bytes'
import { MAX_SCRYPT_WORK, scrypt } from '#shared/crypto/primitives/scrypt'

vi.setConfig({ testTimeout: 60_000 })

describe('scrypt', () => {
  // RFC 7914 section 12; its last vector takes 1 GiB.
  it.each([
    ['', '', 16, 1, 1, '77d6576238657b203b19ca42c18a0497'],
    ['password', 'NaCl', 1024, 8, 16, 'fdbabe1c9d3472007856e7190d01e9fe'],
    ['pleaseletmein', 'SodiumChloride', 16_384, 8, 1, '7023bdcb3afd7348461c06cd81fd38eb'],
  ])(
    'of %j and %j is that of RFC 7914',
    async (passphrase, salt, cost, blockSize, parallelization, start) => {
      const key = await scrypt(toUtf8(passphrase), toUtf8(salt), { cost, blockSize, parallelization }, 64)
      expect(key).toHaveLength(64)
      expect(toHex(key).slice(0, 32)).toBe(start)
    },
  )

  it.each([
    [2, 1, 1, 1],
    [64, 3, 2, 17],
    [256, 5, 3, 100],
  ])(
    'is that of Node with cost %i, block size %i, parallelization %i, for %i bytes',
    async (cost, r, p, length) => {
      const [passphrase, salt] = [toUtf8('grüne Wiese'), toUtf8('salt')]
      const key = await scrypt(passphrase, salt, { cost, blockSize: r, parallelization: p }, length)
      expect(toHex(key)).toBe(scryptSync(passphrase, salt, length, { N: cost, r, p }).toString('hex'))
    },
  )

  it.each([
    ['no power of 2', 1000, 8, 1],
    ['a cost of 1', 1, 8, 1],
    ['no blocks', 16, 0, 1],
    ['nothing in parallel', 16, 1, 0],
    ['more work than is accepted', MAX_SCRYPT_WORK, 1, 2],
  ])('is refused for %s', async (_name, cost, blockSize, parallelization) => {
    const asked = scrypt(toUtf8('x'), toUtf8('y'), { cost, blockSize, parallelization }, 32)
    await expect(asked).rejects.toBeInstanceOf(SyntaxError)
  })
})
