/** What is made with RSA is as long as the modulus (RFC 8017 sections 7.1.2, 8.1.2 and 8.2.2): no leading zero may be left out. */
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import { keyPair } from '../../../support/credentials'

const { decryptOaep, encryptOaep, signPkcs1, signPss, verifyPkcs1, verifyPss } = webCrypto
const DATA = toUtf8('some data')
let pair: RsaKeyPair
beforeAll(async () => {
  pair = await keyPair('server')
})

/** Makes something until it begins with a zero: one in 256 does. */
async function beginningWithZero(make: (turn: number) => Promise<Bytes>): Promise<Bytes> {
  for (let turn = 0; ; turn++) {
    const made = await make(turn)
    if (made[0] === 0) return made
  }
}

describe('a leading zero', () => {
  it.each(['SHA-1', 'SHA-256'] as const)('is part of a block of RSA-OAEP with %s', async (hash) => {
    const block = await beginningWithZero(() => encryptOaep(pair.publicKey, hash, DATA))
    const open = (bytes: Bytes) => decryptOaep(pair.privateKey, hash, bytes)
    expect(await open(block)).toEqual(DATA)
    await expect(open(block.slice(1))).rejects.toMatchObject({ code: 'bad_ciphertext' })
    await expect(open(concat(new Uint8Array(1), block))).rejects.toMatchObject({ code: 'bad_ciphertext' })
  })

  it('is part of a signature of RSASSA-PSS', async () => {
    const signature = await beginningWithZero(() => signPss(pair.privateKey, DATA))
    const verify = (bytes: Bytes) => verifyPss(pair.publicKey, bytes, DATA)
    expect(await verify(signature)).toBe(true)
    expect(await verify(signature.slice(1))).toBe(false)
    expect(await verify(concat(new Uint8Array(1), signature))).toBe(false)
  })

  it('is part of a signature of RSASSA-PKCS1-v1_5', async () => {
    let data = DATA
    const signature = await beginningWithZero((turn) =>
      signPkcs1(pair.privateKey, (data = toUtf8(`${turn}`))),
    )
    const verify = (bytes: Bytes) => verifyPkcs1(pair.publicKey, bytes, data)
    expect(await verify(signature)).toBe(true)
    expect(await verify(signature.slice(1))).toBe(false)
    expect(await verify(concat(new Uint8Array(1), signature))).toBe(false)
  })
})
