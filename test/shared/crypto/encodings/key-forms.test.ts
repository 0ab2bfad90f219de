/** Every form of a key against Node's own crypto. */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { jwkText, jwkThumbprint, privateJwk, publicJwk } from '#shared/crypto/pki/jwk'
import { readChildren, readElement, writeElement } from '#shared/crypto/encodings/der'
import { pkcs8FromPkcs1 } from '#shared/inspect/open/key-forms'
import { unsigned } from '#shared/inspect/x509/keys'
import { publicKeyOf } from '#shared/inspect/x509/public-of-private'
import { pkcs1PrivateKey, pkcs1PublicKey } from '#shared/crypto/encodings/pkcs1'
import { certificatesPkcs7 } from '#shared/crypto/pki/pkcs7'
import { openssl } from '../../../support/open-ssl'
import { authorityCredentials, serverCredentials } from '../../../support/credentials'
import { jwkOf } from '../../../support/jwk'

const ED25519 = generateKeyPairSync('ed25519')
const KEYS = {
  'RSA, 2048 bits': generateKeyPairSync('rsa', { modulusLength: 2048 }),
  'RSA with the exponent 3': generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 }),
  'P-256': generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  'P-384': generateKeyPairSync('ec', { namedCurve: 'P-384' }),
  'P-521': generateKeyPairSync('ec', { namedCurve: 'P-521' }),
  secp256k1: generateKeyPairSync('ec', { namedCurve: 'secp256k1' }),
  Ed25519: ED25519,
  Ed448: generateKeyPairSync('ed448'),
  X25519: generateKeyPairSync('x25519'),
  X448: generateKeyPairSync('x448'),
} as const
const RSA = ['RSA, 2048 bits', 'RSA with the exponent 3'] as const
const NAMES = Object.keys(KEYS) as (keyof typeof KEYS)[]

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
    expect(secret).toEqual(jwkOf(privateKey))
    expect(await publicJwk(spkiOf(publicKey))).toEqual({ kid, ...jwkOf(publicKey) })
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

  it.each(NAMES.filter((name) => !name.startsWith('RSA')))(
    'has the public half of a key that doesn’t store it: %s',
    async (name) => {
      const { publicKey, privateKey } = KEYS[name]
      const bare = withoutPublicHalf(pkcs8Of(privateKey))
      expect(await privateJwk(bare)).toEqual(await privateJwk(pkcs8Of(privateKey)))
      expect(toHex((await publicKeyOf(bare))!)).toBe(toHex(spkiOf(publicKey)))
    },
  )

  it('of a key for RSA-PSS is one for RSA', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
    const [open, secret] = [await publicJwk(spkiOf(publicKey)), await privateJwk(pkcs8Of(privateKey))]
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const signature = sign('sha256', Buffer.from('a text'), { key: privateKey, padding })
    const read = createPublicKey({ key: { ...open }, format: 'jwk' })
    expect(verify('sha256', Buffer.from('a text'), { key: read, padding }, signature)).toBe(true)
    expect([open.kty, secret.n, secret.kid]).toEqual(['RSA', open.n, open.kid])
    expect(createPrivateKey({ key: { ...secret }, format: 'jwk' }).asymmetricKeyType).toBe('rsa')
  })

  it('of an RSA key of three primes has the third in oth, and its numbers are the key’s', async () => {
    const { output } = await openssl(['genrsa', '-primes', '3', '2048'])
    const jwk = await privateJwk(pkcs8Of(createPrivateKey(output)))
    const [n, e, p, q, r] = [jwk.n, jwk.e, jwk.p, jwk.q, jwk.oth?.[0]?.r].map(number)
    const [d, dr, t] = [jwk.d, jwk.oth?.[0]?.d, jwk.oth?.[0]?.t].map(number)
    expect(p! * q! * r!).toBe(n)
    expect([dr! === d! % (r! - 1n), (t! * p! * q!) % r!, (e! * dr!) % (r! - 1n)]).toEqual([true, 1n, 1n])
  })

  it('of an RSA key whose primes are zero has none of them', async () => {
    const { n, e, d } = jwkOf(KEYS['RSA, 2048 bits'].privateKey)
    const zeros = rsaPkcs8([n, e, d].map((text) => Buffer.from(text!, 'base64url')))
    const { kid: _kid, ...jwk } = await privateJwk(zeros)
    expect(jwk).toEqual({ kty: 'RSA', n, e, d })
  })

  it('is refused for an algorithm that JWK has no name for', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' })
    await expect(publicJwk(spkiOf(publicKey))).rejects.toMatchObject({ code: 'unsupported_key' })
    await expect(privateJwk(pkcs8Of(privateKey))).rejects.toThrow('1.3.36.3.3.2.8.1.1.7')
  })

  it.each([
    ['a compressed point', '02'],
    ['a hybrid one', '06'],
  ])('is refused for %s: it has both coordinates', async (_what, first) => {
    const spki = spkiOf(KEYS['P-256'].publicKey)
    spki[spki.length - 65] = Number.parseInt(first, 16)
    await expect(publicJwk(spki)).rejects.toMatchObject({
      code: 'bad_key',
      message: expect.stringMatching(/point/),
    })
  })

  it.each([
    ['zero', new Uint8Array(32)],
    ['above the order', new Uint8Array(32).fill(0xff)],
    ['too short', new Uint8Array(31).fill(1)],
  ])('is refused for a secret that is %s', async (_what, secret) => {
    const wrong = withoutPublicHalf(pkcs8Of(KEYS['P-256'].privateKey), secret)
    await expect(privateJwk(wrong)).rejects.toMatchObject({ code: 'bad_key' })
  })
})

/** PKCS#8 without a public half, and with another secret where one is given. */
function withoutPublicHalf(pkcs8: Bytes, secret?: Bytes): Bytes {
  const [version, algorithm, key] = readChildren(pkcs8, readElement(pkcs8)).map(({ start, end }) =>
    pkcs8.slice(start, end),
  )
  const inner = pkcs8Inner(key!)
  const bare =
    inner[0] === 0x30
      ? writeElement(0x30, Uint8Array.of(2, 1, 1), secret ? writeElement(0x04, secret) : secondOf(inner))
      : inner
  return writeElement(0x30, version!, algorithm!, writeElement(0x04, bare))
}

const pkcs8Inner = (key: Bytes): Bytes => key.slice(readElement(key).contentStart)

function secondOf(sequence: Bytes): Bytes {
  const { start, end } = readChildren(sequence, readElement(sequence))[1]!
  return sequence.slice(start, end)
}

/** An RSAPrivateKey of n, e, d and zeros for the rest. */
function rsaPkcs8(numbers: readonly Uint8Array[]): Bytes {
  const zeros = Array.from({ length: 5 }, () => new Uint8Array(1))
  const key = writeElement(0x30, unsigned(new Uint8Array(1)), ...[...numbers, ...zeros].map(unsigned))
  return pkcs8FromPkcs1(key)
}

const number = (text: string | undefined): bigint =>
  BigInt(`0x${Buffer.from(text!, 'base64url').toString('hex')}`)

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
