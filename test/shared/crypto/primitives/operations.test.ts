import forge from 'node-forge'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import { decryptGcm, encryptGcm, makeKeyShare } from '#shared/crypto/primitives/aead'
import { deriveKey } from '#shared/crypto/primitives/hash'
import { decryptDes, encryptDes } from '#shared/crypto/primitives/des'
import {
  OPERATIONS,
  observeOperations,
  type MadeOperation,
  type Operation,
} from '#shared/crypto/primitives/operations'
import {
  decryptOaep,
  encryptOaep,
  generateRsaKeyPair,
  isKeyPair,
  signPkcs1,
  signPss,
  verifyPkcs1,
  verifyPss,
} from '#shared/crypto/primitives/rsa'
import { keyPair } from '../../../support/credentials'

afterEach(() => {
  observeOperations(undefined)
  vi.restoreAllMocks()
})

/** What is made while `work` runs. */
async function madeBy(work: () => Promise<unknown>): Promise<readonly MadeOperation[]> {
  const made: MadeOperation[] = []
  observeOperations((operation) => made.push(operation))
  await work()
  observeOperations(undefined)
  return made
}

const names = (made: readonly MadeOperation[]): readonly Operation[] => made.map(({ operation }) => operation)
const bytes = new Uint8Array(8)
const key = new Uint8Array(32)
const nonce = new Uint8Array(12)

describe('looking on', () => {
  it('tells every operation once, where it is made', async () => {
    const { publicKey, privateKey } = await keyPair('server')
    const works: Readonly<Record<Operation, () => Promise<unknown>>> = {
      rsa_generate: () => generateRsaKeyPair(2048),
      rsa_encrypt: () => encryptOaep(publicKey, 'SHA-256', bytes),
      rsa_decrypt: async () => decryptOaep(privateKey, 'SHA-256', sealedRsa),
      rsa_sign: () => signPkcs1(privateKey, bytes),
      rsa_verify: () => verifyPkcs1(publicKey, bytes, bytes),
      ecdh_generate: () => makeKeyShare(),
      ecdh_agree: async () => (await mine.meet(theirs.share))(),
      hkdf_derive: () => deriveKey(key, key, toUtf8('info')),
      aes_encrypt: () => encryptGcm(key, nonce, bytes, bytes),
      aes_decrypt: () => decryptGcm(key, nonce, bytes, sealedAes),
      des_encrypt: () => encryptDes(bytes, bytes, bytes),
      des_decrypt: () => decryptDes(bytes, bytes, sealedDes),
    }
    const sealedRsa = await encryptOaep(publicKey, 'SHA-256', bytes)
    const sealedAes = await encryptGcm(key, nonce, bytes, bytes)
    const sealedDes = await encryptDes(bytes, bytes, bytes)
    const [mine, theirs] = [await makeKeyShare(), await makeKeyShare()]
    for (const [name, work] of Object.entries(works)) expect(names(await madeBy(work))).toEqual([name])
    expect(names(await madeBy(() => signPss(privateKey, bytes)))).toEqual(['rsa_sign'])
    expect(names(await madeBy(() => verifyPss(publicKey, bytes, bytes)))).toEqual(['rsa_verify'])
    expect(names(await madeBy(() => isKeyPair(publicKey, privateKey, bytes)))).toEqual([
      'rsa_sign',
      'rsa_verify',
    ])
  })

  it('tells of one that fails as well, and the failure goes its way', async () => {
    const made = await madeBy(() =>
      expect(decryptGcm(key, nonce, bytes, new Uint8Array(32))).rejects.toMatchObject({
        code: 'bad_ciphertext',
      }),
    )
    expect(names(made)).toEqual(['aes_decrypt'])
  })

  it('says how long each took, as a number of milliseconds', async () => {
    const made = await madeBy(() => generateRsaKeyPair(2048))
    expect(made[0]!.took).toBeGreaterThan(0)
  })

  it('ends when it is told to', async () => {
    const made = await madeBy(() => deriveKey(key, key, toUtf8('info')))
    await deriveKey(key, key, toUtf8('info'))
    expect(made).toHaveLength(1)
  })

  it('agrees with what WebCrypto and node-forge are asked for', async () => {
    const { publicKey, privateKey } = await keyPair('server')
    const asked = {
      sign: vi.spyOn(crypto.subtle, 'sign'),
      verify: vi.spyOn(crypto.subtle, 'verify'),
      encrypt: vi.spyOn(crypto.subtle, 'encrypt'),
      des: vi.spyOn(forge.cipher, 'createCipher'),
    }
    const made = await madeBy(async () => {
      await isKeyPair(publicKey, privateKey, bytes)
      await encryptGcm(key, nonce, bytes, bytes)
      await encryptOaep(publicKey, 'SHA-1', bytes)
      await encryptDes(bytes, bytes, bytes)
    })
    expect(made).toHaveLength(Object.values(asked).reduce((sum, spy) => sum + spy.mock.calls.length, 0))
  })
})

it('every operation has words for what it does', () => {
  for (const { title } of Object.values(OPERATIONS)) expect(title).toMatch(/^[a-z]/)
})
