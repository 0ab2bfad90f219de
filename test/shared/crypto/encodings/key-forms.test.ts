/** Every form of a key against Node's own crypto. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { jwkText, jwkThumbprint, privateJwk, publicJwk } from '#shared/crypto/encodings/jwk'
import { pkcs1PrivateKey, pkcs1PublicKey } from '#shared/crypto/encodings/pkcs1'
import { certificatesPkcs7 } from '#shared/crypto/pki/pkcs7'
import { openssl } from '../../../support/open-ssl'
import { authorityCredentials, serverCredentials } from '../../../support/credentials'

const KEYS = {
  'RSA, 2048 bits': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA with the exponent 3': generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
} as const
const RSA = ['RSA, 2048 bits', 'RSA with the exponent 3'] as const
const NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[]
const ED25519 = generateKeyPairSync('ed25519')

const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)
const spkiOf = (key: KeyObject): Bytes => bytes(key.export({ type: 'spki', format: 'der' }))
const pkcs8Of = (key: KeyObject): Bytes => bytes(key.export({ type: 'pkcs8', format: 'der' }))

describe('JWK', () => {
  it.each(NAMES)('is the key that Node reads: %s', async (name) => {
    const { publicKey, privateKey } = KEYS[name]
    const [open, secret] = [await publicJwk(spkiOf(publicKey)), await privateJwk(pkcs8Of(privateKey))]
    expect(createPublicKey({ key: { ...open }, format: 'jwk' }).equals(publicKey)).toBe(true)
    expect(createPrivateKey({ key: { ...secret }, format: 'jwk' }).equals(privateKey)).toBe(true)
  })

  it.each(NAMES)('has the members that Node writes, and the thumbprint as kid: %s', async (name) => {
    const { publicKey, privateKey } = KEYS[name]
    const { kid, ...secret } = await privateJwk(pkcs8Of(privateKey))
    expect(secret).toEqual(privateKey.export({ format: 'jwk' }))
    expect(await publicJwk(spkiOf(publicKey))).toEqual({ kid, ...publicKey.export({ format: 'jwk' }) })
  })

  it('has the thumbprint of RFC 7638 section 3.1', async () => {
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
    const kid = await jwkThumbprint({ kty: 'RSA', n, e: 'AQAB', alg: 'RS256' })
    expect(kid).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })

  it('is JSON with a line feed at its end, alone and in a set', async () => {
    const jwk = await publicJwk(spkiOf(KEYS['P-256'].publicKey))
    expect(jwkText(jwk)).toMatch(/^\{\n {2}"kty": "EC",\n {2}"kid": .*\}\n$/s)
    expect(JSON.parse(jwkText({ keys: [jwk, jwk] }))).toEqual({ keys: [jwk, jwk] })
  })

  it('is refused for an algorithm that it is not written for', async () => {
    await expect(publicJwk(spkiOf(ED25519.publicKey))).rejects.toMatchObject({ code: 'unsupported_key' })
    await expect(privateJwk(pkcs8Of(ED25519.privateKey))).rejects.toThrow('1.3.101.112')
  })
})

describe('PKCS#1', () => {
  it.each(RSA)('is what Node writes: %s', (name) => {
    const { publicKey, privateKey } = KEYS[name]
    const written = {
      open: toHex(pkcs1PublicKey(spkiOf(publicKey))),
      secret: toHex(pkcs1PrivateKey(pkcs8Of(privateKey))),
    }
    expect(written).toEqual({
      open: publicKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'),
      secret: privateKey.export({ type: 'pkcs1', format: 'der' }).toString('hex'),
    })
  })

  it('is for RSA alone', () => {
    expect(() => pkcs1PublicKey(spkiOf(KEYS['P-256'].publicKey))).toThrow(
      expect.objectContaining({ code: 'unsupported_key' }),
    )
    expect(() => pkcs1PrivateKey(pkcs8Of(ED25519.privateKey))).toThrow('1.3.101.112')
  })
})

describe('bytes that are no key', () => {
  it.each([
    ['nothing', new Uint8Array()],
    ['a sequence of nothing', new Uint8Array([0x30, 0])],
    ['a cut key', spkiOf(KEYS['P-256'].publicKey).slice(0, -1)],
  ])('are refused: %s', async (_name, wrong) => {
    await expect(publicJwk(wrong)).rejects.toMatchObject({ code: 'bad_key' })
    await expect(privateJwk(wrong)).rejects.toMatchObject({ code: 'bad_key' })
    expect(() => pkcs1PublicKey(wrong)).toThrow(expect.objectContaining({ code: 'bad_key' }))
  })
})

it('a PKCS#7 chain holds the certificates as they are, in their order', async () => {
  const authority = await authorityCredentials(Date.now())
  const { certificate } = await serverCredentials(authority, Date.now())
  const made = certificatesPkcs7([certificate.der, authority.certificate.der])
  const der = Buffer.from(made).toString('hex')
  expect(der.indexOf(toHex(certificate.der))).toBeLessThan(der.indexOf(toHex(authority.certificate.der)))
  const pem = `-----BEGIN PKCS7-----\n${Buffer.from(made).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END PKCS7-----\n`
  const printed = await openssl(['pkcs7', '-print_certs'], pem)
  expect(printed.output.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g)).toEqual([
    certificate.pem,
    authority.certificate.pem,
  ])
})
