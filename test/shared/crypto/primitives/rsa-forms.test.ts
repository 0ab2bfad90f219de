import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { integer, octets, sequence } from '#shared/crypto/encodings/asn1'
import { encodePem } from '#shared/crypto/encodings/pem'
import { integersAt } from '#shared/crypto/encodings/rsa-numbers'
import {
  describePrivateKey,
  publicKeyFromPem,
  publicKeyFromSpki,
  RSA_ENCRYPTION,
  signPkcs1,
  verifyPkcs1,
} from '#shared/crypto/primitives/rsa'
import { toUtf8, type Bytes } from '#shared/bytes'

const made = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pkcs8 = new Uint8Array(made.privateKey.export({ format: 'der', type: 'pkcs8' }))
const spki = new Uint8Array(made.publicKey.export({ format: 'der', type: 'spki' }))
/** PKCS#1: version, n, e, d, p, q, dp, dq, qi. */
const NUMBERS = integersAt(new Uint8Array(made.privateKey.export({ format: 'der', type: 'pkcs1' })), 0)
const DATA = toUtf8('what is signed')

const pkcs8Of = (numbers: readonly Bytes[], ...more: readonly Bytes[]): Bytes =>
  sequence(integer(0), RSA_ENCRYPTION, octets(sequence(...numbers.map(integer))), ...more)
const keyOf = (der: Bytes) => ({ pkcs8: der, pem: encodePem('PRIVATE KEY', der) })

/** In which form keys are handed to WebCrypto while `use` runs. */
async function formsIn(use: () => Promise<unknown>): Promise<readonly string[]> {
  const importKey = vi.spyOn(crypto.subtle, 'importKey')
  await use()
  return importKey.mock.calls.map(([format]) => format)
}

describe('a private key', () => {
  afterEach(() => vi.restoreAllMocks())

  it('is taken in by its numbers where it is in the usual form, and is the same key', async () => {
    const key = keyOf(pkcs8)
    expect(await formsIn(() => signPkcs1(key, DATA))).toEqual(['jwk'])
    const signature = await signPkcs1(key, DATA)
    expect(await verifyPkcs1(publicKeyFromSpki(spki), signature, DATA)).toBe(true)
    const { d, qi } = createPrivateKey(made.privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
      format: 'jwk',
    })
    const described = await describePrivateKey(key)
    expect(described.d).toBe(Buffer.from(d ?? '', 'base64url').toString('hex'))
    expect(described.qi).toBe(Buffer.from(qi ?? '', 'base64url').toString('hex'))
  })

  it('is left to be read or refused in any other form', async () => {
    const [version = new Uint8Array(), n = new Uint8Array(), ...others] = NUMBERS
    const needless = keyOf(pkcs8Of([version, Uint8Array.of(0, ...n), ...others]))
    const negative = keyOf(pkcs8Of([version, n.subarray(1), ...others]))
    const short = keyOf(pkcs8Of(NUMBERS.slice(0, -1)))
    const attributes = keyOf(pkcs8Of(NUMBERS, Uint8Array.of(0xa0, 0)))
    expect(pkcs8Of(NUMBERS)).toEqual(pkcs8)
    for (const key of [needless, negative, short, attributes]) {
      expect(await formsIn(() => signPkcs1(key, DATA).catch(() => undefined))).toEqual(['pkcs8'])
      vi.restoreAllMocks()
    }
    await expect(signPkcs1(short, DATA)).rejects.toMatchObject({ code: 'bad_key' })
  })
})

describe('a public key', () => {
  it('is one thing, whether its bytes came or the text that this program writes for them', () => {
    const pem = createPublicKey(made.publicKey.export({ format: 'pem', type: 'spki' })).export({
      format: 'pem',
      type: 'spki',
    }) as string
    expect(publicKeyFromSpki(spki).pem).toBe(pem)
    expect(publicKeyFromSpki(spki)).toBe(publicKeyFromPem(pem))
  })
})

describe('PEM', () => {
  it('has lines of 64 characters, and none that is empty', () => {
    expect(encodePem('PKCS7', new Uint8Array(48))).toBe(
      `-----BEGIN PKCS7-----\n${'A'.repeat(64)}\n-----END PKCS7-----\n`,
    )
    expect(encodePem('PKCS7', new Uint8Array(49))).toBe(
      `-----BEGIN PKCS7-----\n${'A'.repeat(64)}\nAA==\n-----END PKCS7-----\n`,
    )
  })
})
