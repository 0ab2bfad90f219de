/** Signatures that Node's own crypto makes, verified under their names in certificates. */
import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { readPssParameters, signatureAlgorithm, verifySignature } from '#shared/crypto/pki/verify'

const signed = toUtf8('the bytes that are signed')
const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)
const hex = (text: string): Bytes => bytes(Buffer.from(text, 'hex'))
const spkiOf = (key: KeyObject): Bytes => bytes(key.export({ type: 'spki', format: 'der' }))

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
/** RSASSA-PSS-params with SHA-256 for hash and mask and a salt of 32 bytes, as OpenSSL writes them. */
const PSS_SHA256 =
  '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120'

/** The result for the true signature, and for one over other bytes. */
async function both(
  algorithm: { oid: string; parameters?: Bytes },
  spki: Bytes,
  signature: Bytes,
): Promise<readonly string[]> {
  const name = { oid: algorithm.oid, parameters: algorithm.parameters }
  const good = await verifySignature(name, spki, signature, signed)
  const bad = await verifySignature(name, spki, signature, toUtf8('other bytes'))
  return [good.result, bad.result]
}

describe('RSASSA-PKCS1-v1_5', () => {
  it.each([
    ['sha1', '1.2.840.113549.1.1.5'],
    ['sha256', '1.2.840.113549.1.1.11'],
    ['sha384', '1.2.840.113549.1.1.12'],
    ['sha512', '1.2.840.113549.1.1.13'],
  ])('with %s', async (hash, oid) => {
    const signature = bytes(sign(hash, signed, rsa.privateKey))
    expect(await both({ oid }, spkiOf(rsa.publicKey), signature)).toEqual(['valid', 'invalid'])
  })

  it.each([
    ['md5', '1.2.840.113549.1.1.4', 'MD5'],
    ['sha224', '1.2.840.113549.1.1.14', 'SHA-224'],
  ])('with %s can’t be tried', async (hash, oid, name) => {
    const signature = bytes(sign(hash, signed, rsa.privateKey))
    const parameters = undefined
    const result = await verifySignature({ oid, parameters }, spkiOf(rsa.publicKey), signature, signed)
    expect(result).toEqual({
      result: 'unsupported',
      reason: `Signatures with ${name} can’t be checked here.`,
    })
  })
})

describe('RSASSA-PSS', () => {
  const oid = '1.2.840.113549.1.1.10'
  const pss = (saltLength: number): Bytes =>
    bytes(
      sign('sha256', signed, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
    )

  it('with its hash and salt length from the parameters', async () => {
    const parameters = hex(PSS_SHA256)
    expect(readPssParameters(parameters)).toEqual({
      hash: 'SHA-256',
      maskHash: 'SHA-256',
      saltLength: 32,
      trailer: 1,
    })
    expect(await both({ oid, parameters }, spkiOf(rsa.publicKey), pss(32))).toEqual(['valid', 'invalid'])
    expect(await both({ oid, parameters }, spkiOf(rsa.publicKey), pss(20))).toEqual(['invalid', 'invalid'])
  })

  it('with the defaults of RFC 4055, SHA-1 and 20 bytes, where there are none', async () => {
    const padding = constants.RSA_PKCS1_PSS_PADDING
    const signature = bytes(sign('sha1', signed, { key: rsa.privateKey, padding, saltLength: 20 }))
    expect(await both({ oid }, spkiOf(rsa.publicKey), signature)).toEqual(['valid', 'invalid'])
  })

  it('with a key that is for this scheme alone', async () => {
    const pair = generateKeyPairSync('rsa-pss', {
      modulusLength: 2048,
      hashAlgorithm: 'sha256',
      mgf1HashAlgorithm: 'sha256',
    })
    const signature = bytes(sign('sha256', signed, { key: pair.privateKey, saltLength: 32 }))
    const parameters = hex(PSS_SHA256)
    expect(await both({ oid, parameters }, spkiOf(pair.publicKey), signature)).toEqual(['valid', 'invalid'])
  })

  it('can’t be tried with two different hashes, or with unreadable parameters', async () => {
    const mixed = hex('3022a00f300d06096086480165030402010500a10f300d06092a864886f70d01010805')
    expect(readPssParameters(mixed)).toBeUndefined()
    const sha256AndSha1 = hex('3011a00f300d06096086480165030402010500')
    for (const parameters of [mixed, sha256AndSha1]) {
      expect(await both({ oid, parameters }, spkiOf(rsa.publicKey), pss(32))).toEqual([
        'unsupported',
        'unsupported',
      ])
    }
  })
})

describe('ECDSA', () => {
  it.each([
    ['P-256', 'sha256', '1.2.840.10045.4.3.2'],
    ['P-256', 'sha1', '1.2.840.10045.4.1'],
    ['P-384', 'sha384', '1.2.840.10045.4.3.3'],
    ['P-521', 'sha512', '1.2.840.10045.4.3.4'],
  ])('on %s with %s, many times over: r and s have any length', async (namedCurve, hash, oid) => {
    const pair = generateKeyPairSync('ec', { namedCurve })
    for (let round = 0; round < 40; round++) {
      const signature = bytes(sign(hash, signed, pair.privateKey))
      expect(await both({ oid }, spkiOf(pair.publicKey), signature)).toEqual(['valid', 'invalid'])
    }
  })

  it('refuses what is no pair of numbers, or one too large', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const oid = '1.2.840.10045.4.3.2'
    const large = `3027022101${'00'.repeat(32)}020101`
    for (const signature of ['', '00', '3003020101', '3006020101020101ff', large]) {
      const name = { oid, parameters: undefined }
      const { result } = await verifySignature(name, spkiOf(pair.publicKey), hex(signature), signed)
      expect(result, signature).toBe('invalid')
    }
  })

  it('can’t be tried on other curves', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
    const signature = bytes(sign('sha256', signed, pair.privateKey))
    expect(await both({ oid: '1.2.840.10045.4.3.2' }, spkiOf(pair.publicKey), signature)).toEqual([
      'unsupported',
      'unsupported',
    ])
  })
})

describe('others', () => {
  it('verifies Ed25519 where the platform has it', async () => {
    const pair = generateKeyPairSync('ed25519')
    const signature = bytes(sign(null, signed, pair.privateKey))
    expect(await both({ oid: '1.3.101.112' }, spkiOf(pair.publicKey), signature)).toEqual([
      'valid',
      'invalid',
    ])
  })

  it('says that it can’t be tried: Ed448, an unknown algorithm, a key of another kind, no key at all', async () => {
    const signature = bytes(sign('sha256', signed, rsa.privateKey))
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(signatureAlgorithm('1.2.3')).toBeUndefined()
    expect(signatureAlgorithm('constructor')).toBeUndefined()
    const cases: readonly [string, Bytes][] = [
      ['1.3.101.113', spkiOf(generateKeyPairSync('ed448').publicKey)],
      ['1.2.3', spkiOf(rsa.publicKey)],
      ['1.2.840.113549.1.1.11', spkiOf(ec.publicKey)],
      ['1.2.840.113549.1.1.11', new Uint8Array([1, 2, 3])],
      ['1.2.840.10045.4.3.2', new Uint8Array()],
    ]
    for (const [oid, spki] of cases) {
      expect(await both({ oid }, spki, signature), oid).toEqual(['unsupported', 'unsupported'])
    }
  })
})
