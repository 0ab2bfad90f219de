import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { mainEnvironment } from '#main/lab/environment'
import { servingCrypto } from '#main/terminal/serving-crypto'
import { concat, toUtf8 } from '#shared/bytes'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { keyPair } from '../../support/credentials'

const onTheSpot = servingCrypto(() => true, mainEnvironment.crypto)
const DATA = toUtf8('some data')
let pair: RsaKeyPair
beforeAll(async () => {
  pair = await keyPair('server')
})

describe('what serving computes by while one client is there', () => {
  it.each(['SHA-1', 'SHA-256'] as const)(
    'opens RSA-OAEP with %s, and nothing that is not as long as the modulus, or changed',
    async (hash) => {
      const block = await webCrypto.encryptOaep(pair.publicKey, hash, DATA)
      expect(await onTheSpot.decryptOaep(pair.privateKey, hash, block)).toEqual(DATA)
      const changed = block.slice()
      changed[200]! ^= 1
      const other = hash === 'SHA-1' ? 'SHA-256' : 'SHA-1'
      for (const bytes of [changed, block.slice(1), concat(new Uint8Array(1), block), new Uint8Array()])
        await expect(onTheSpot.decryptOaep(pair.privateKey, hash, bytes)).rejects.toMatchObject({
          code: 'bad_ciphertext',
        })
      await expect(onTheSpot.decryptOaep(pair.privateKey, other, block)).rejects.toMatchObject({
        code: 'bad_ciphertext',
      })
    },
  )

  it('signs with RSASSA-PSS, a salt of 32 bytes', async () => {
    const signature = await onTheSpot.signPss(pair.privateKey, DATA)
    expect(await webCrypto.verifyPss(pair.publicKey, signature, DATA)).toBe(true)
  })

  it('agrees on the secret that the other side has', async () => {
    const [own, peer] = [await onTheSpot.makeKeyShare(), await webCrypto.makeKeyShare()]
    const secret = await onTheSpot.agree(own.privateKey, await onTheSpot.readShare(peer.share))
    expect(secret).toEqual(await webCrypto.agree(peer.privateKey, await webCrypto.readShare(own.share)))
  })
})

describe('which thread computes', () => {
  afterEach(() => vi.restoreAllMocks())

  it.each([true, false])('is asked at each operation; alone: %s', async (alone) => {
    let isAlone = !alone
    const crypto = servingCrypto(() => isAlone, mainEnvironment.crypto)
    isAlone = alone
    const sign = vi.spyOn(globalThis.crypto.subtle, 'sign')
    await crypto.signPss(pair.privateKey, DATA)
    expect(sign).toHaveBeenCalledTimes(alone ? 0 : 1)
  })
})
