import forge from 'node-forge'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import {
  OPERATIONS,
  observed,
  type MadeOperation,
  type Operation,
} from '#shared/crypto/primitives/operations'
import { isKeyPair, makeProvider, webCrypto, type CryptoProvider } from '#shared/crypto/provider'
import { keyPair } from '../../../support/credentials'

afterEach(() => {
  vi.restoreAllMocks()
})

/** What `work` makes with the provider that it gets. */
async function madeBy(work: (by: CryptoProvider) => Promise<unknown>): Promise<readonly MadeOperation[]> {
  const made: MadeOperation[] = []
  await work(
    makeProvider(
      observed(
        (operation) => made.push(operation),
        () => performance.now(),
      ),
    ),
  )
  return made
}

const names = (made: readonly MadeOperation[]): readonly Operation[] => made.map(({ operation }) => operation)
const bytes = new Uint8Array(8)
const key = new Uint8Array(32)
const nonce = new Uint8Array(12)

describe('looking on', () => {
  it('tells every operation once, where it is made', async () => {
    const { publicKey, privateKey } = await keyPair('server')
    const works: Readonly<Record<Operation, (by: CryptoProvider) => Promise<unknown>>> = {
      rsa_generate: (by) => by.generateRsaKeyPair(2048),
      rsa_encrypt: (by) => by.encryptOaep(publicKey, 'SHA-256', bytes),
      rsa_decrypt: (by) => by.decryptOaep(privateKey, 'SHA-256', sealedRsa),
      rsa_sign: (by) => by.signPkcs1(privateKey, bytes),
      rsa_verify: (by) => by.verifyPkcs1(publicKey, bytes, bytes),
      ecdh_generate: (by) => by.makeKeyShare(),
      ecdh_agree: async (by) => by.agree(mine.privateKey, await by.readShare(theirs.share)),
      hkdf_derive: (by) => by.deriveKey(key, key, toUtf8('info')),
      aes_encrypt: (by) => by.encryptGcm(key, nonce, bytes, bytes),
      aes_decrypt: (by) => by.decryptGcm(key, nonce, bytes, sealedAes),
      des_encrypt: (by) => by.encryptDes(bytes, bytes, bytes),
      des_decrypt: (by) => by.decryptDes(bytes, bytes, sealedDes),
    }
    const sealedRsa = await webCrypto.encryptOaep(publicKey, 'SHA-256', bytes)
    const sealedAes = await webCrypto.encryptGcm(key, nonce, bytes, bytes)
    const sealedDes = await webCrypto.encryptDes(bytes, bytes, bytes)
    const [mine, theirs] = [await webCrypto.makeKeyShare(), await webCrypto.makeKeyShare()]
    for (const [name, work] of Object.entries(works)) expect(names(await madeBy(work))).toEqual([name])
    expect(names(await madeBy((by) => by.signPss(privateKey, bytes)))).toEqual(['rsa_sign'])
    expect(names(await madeBy((by) => by.verifyPss(publicKey, bytes, bytes)))).toEqual(['rsa_verify'])
    expect(names(await madeBy((by) => isKeyPair({ publicKey, privateKey }, bytes, by)))).toEqual([
      'rsa_sign',
      'rsa_verify',
    ])
  })

  it('tells of one that fails as well, and the failure goes its way', async () => {
    const made = await madeBy((by) =>
      expect(by.decryptGcm(key, nonce, bytes, new Uint8Array(32))).rejects.toMatchObject({
        code: 'bad_ciphertext',
      }),
    )
    expect(names(made)).toEqual(['aes_decrypt'])
  })

  it('says how long each took, as a number of milliseconds', async () => {
    const made = await madeBy((by) => by.generateRsaKeyPair(2048))
    expect(made[0]!.took).toBeGreaterThan(0)
  })

  it('is told of what its own provider makes, and of nothing that others make meanwhile', async () => {
    const made = await madeBy(async (by) => {
      await webCrypto.deriveKey(key, key, toUtf8('info'))
      await makeProvider().deriveKey(key, key, toUtf8('info'))
      await by.deriveKey(key, key, toUtf8('info'))
    })
    expect(names(made)).toEqual(['hkdf_derive'])
  })

  it('measures by the clock that was handed in, read once before and once after', async () => {
    const { publicKey } = await keyPair('server')
    const made: MadeOperation[] = []
    let readings = 0
    const provider = makeProvider(
      observed(
        (operation) => made.push(operation),
        () => 10 * readings++,
      ),
    )
    await provider.encryptOaep(publicKey, 'SHA-256', bytes)
    expect(made).toEqual([{ operation: 'rsa_encrypt', took: 10 }])
  })

  it('agrees with what WebCrypto and node-forge are asked for', async () => {
    const { publicKey, privateKey } = await keyPair('server')
    const asked = {
      sign: vi.spyOn(crypto.subtle, 'sign'),
      verify: vi.spyOn(crypto.subtle, 'verify'),
      encrypt: vi.spyOn(crypto.subtle, 'encrypt'),
      des: vi.spyOn(forge.cipher, 'createCipher'),
    }
    const made = await madeBy(async (by) => {
      await isKeyPair({ publicKey, privateKey }, bytes, by)
      await by.encryptGcm(key, nonce, bytes, bytes)
      await by.encryptOaep(publicKey, 'SHA-1', bytes)
      await by.encryptDes(bytes, bytes, bytes)
    })
    expect(made).toHaveLength(Object.values(asked).reduce((sum, spy) => sum + spy.mock.calls.length, 0))
  })
})

it('every operation has words for what it does', () => {
  for (const { title } of Object.values(OPERATIONS)) expect(title).toMatch(/^[a-z]/)
})
