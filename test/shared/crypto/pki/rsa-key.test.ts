/** Which private keys belong to a public one (protocol.md section 7, step 2). */
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, type Bytes } from '#shared/bytes'
import { readChildren, readElement } from '#shared/crypto/encodings/der'
import { requirePrivateKeyOf } from '#shared/crypto/pki/rsa-key'
import type { RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { isKeyPair, webCrypto } from '#shared/crypto/provider'
import { keyPair } from '../../../support/credentials'

let pair: RsaKeyPair
beforeAll(async () => {
  pair = await keyPair('server')
})

const belongs = (pkcs8: Bytes): boolean => {
  try {
    requirePrivateKeyOf(pair.publicKey, { pkcs8, pem: '' })
    return true
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad_der' })
    return false
  }
}

/** The key with the last bit but one of one of its numbers changed, in the order of RFC 8017 appendix A.1.2. */
function damaged(number: number): Bytes {
  const changed = pair.privateKey.pkcs8.slice()
  const octets = readChildren(changed, readElement(changed))[2]!
  const integer = readChildren(changed, readElement(changed, octets.contentStart))[number]!
  changed[integer.end - 1]! ^= 2
  return changed
}

describe('a private key', () => {
  it('belongs to its public key', async () => {
    expect(belongs(pair.privateKey.pkcs8)).toBe(true)
    expect(belongs((await keyPair('other')).privateKey.pkcs8)).toBe(false)
  })

  it('has no bytes behind it', () => {
    const { pkcs8 } = pair.privateKey
    expect(belongs(concat(pkcs8, new Uint8Array(1)))).toBe(false)
    expect(belongs(concat(pkcs8, pkcs8))).toBe(false)
  })

  it('is of the algorithm rsaEncryption', () => {
    const text = Buffer.from(pair.privateKey.pkcs8).toString('hex')
    const forPss = text.replace('2a864886f70d010101', '2a864886f70d01010a')
    expect(forPss).not.toBe(text)
    expect(belongs(new Uint8Array(Buffer.from(forPss, 'hex')))).toBe(false)
  })

  it.each(['n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi'].map((name, index) => [name, index + 1] as const))(
    'has the one %s that fits the others',
    (_name, index) => {
      expect(belongs(damaged(index))).toBe(false)
    },
  )

  it('signs even with a private exponent that is wrong: a signature does not show it', async () => {
    const privateKey = { pkcs8: damaged(3), pem: '' }
    const asked = isKeyPair({ publicKey: pair.publicKey, privateKey }, new Uint8Array(32), webCrypto)
    expect(await asked).toBe(true)
  })
})
