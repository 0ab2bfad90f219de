/** Signatures that Node's own crypto makes, verified under their names in certificates. */
import { execFileSync } from 'node:child_process'
import { constants, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { concat, toUtf8, type Bytes } from '#shared/bytes'
import { numberHex, powerMod, readRsaPrivateNumbers } from '#shared/crypto/encodings/rsa-numbers'
import { readPssParameters } from '#shared/crypto/pki/pss-parameters'
import { signatureAlgorithm, verifySignature } from '#shared/crypto/pki/verify'
import { rsaSpki } from '#shared/inspect/x509/keys'
import { contentBytes, readChildren, readElement, writeElement } from '#shared/crypto/encodings/der'
import { bits, oid as oidOf, sequence } from '../../../support/der'

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

/** A modulus with this exponent, and a signature with the private exponent that belongs to it. */
async function signedWith(exponent: bigint): Promise<{ spki: Bytes; signature: Bytes }> {
  for (let { privateKey } = rsa; ; { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })) {
    const { n, e, p, q } = readRsaPrivateNumbers(bytes(privateKey.export({ type: 'pkcs8', format: 'der' })))!
    const order = (p - 1n) * (q - 1n)
    // The inverse by Euclid’s algorithm.
    let [a, b, x, y] = [exponent, order, 1n, 0n]
    while (b > 0n) [a, b, x, y] = [b, a % b, y, x - (a / b) * y]
    // With a divisor in common there is none: that is another modulus’s matter.
    if (a !== 1n) continue
    const usual = BigInt(`0x${sign('sha256', signed, privateKey).toString('hex')}`)
    const block = await powerMod(usual, e, n)
    const own = await powerMod(block, ((x % order) + order) % order, n)
    return {
      spki: rsaSpki(hex(numberHex(n)), hex(numberHex(exponent))),
      signature: hex(own.toString(16).padStart(512, '0')),
    }
  }
}

describe('RSASSA-PKCS1-v1_5', () => {
  it.each([
    ['md5', '1.2.840.113549.1.1.4'],
    ['sha1', '1.2.840.113549.1.1.5'],
    ['sha224', '1.2.840.113549.1.1.14'],
    ['sha256', '1.2.840.113549.1.1.11'],
    ['sha384', '1.2.840.113549.1.1.12'],
    ['sha512', '1.2.840.113549.1.1.13'],
    ['sha3-256', '2.16.840.1.101.3.4.3.14'],
    ['sha3-512', '2.16.840.1.101.3.4.3.16'],
  ])('with %s', async (hash, oid) => {
    const signature = bytes(sign(hash, signed, rsa.privateKey))
    expect(await both({ oid }, spkiOf(rsa.publicKey), signature)).toEqual(['valid', 'invalid'])
  })

  it.each([17n, 65537n, 1_099_511_627_791n, 2n ** 256n + 297n])(
    'with the exponent %s, which not every runtime takes',
    async (exponent) => {
      const { spki, signature } = await signedWith(exponent)
      expect(await both({ oid: '1.2.840.113549.1.1.11' }, spki, signature)).toEqual(['valid', 'invalid'])
    },
  )

  it('with MD2, whose hash is not known here, can’t be tried', async () => {
    const name = { oid: '1.2.840.113549.1.1.2', parameters: undefined }
    const result = await verifySignature(name, spkiOf(rsa.publicKey), new Uint8Array(256), signed)
    expect(result).toEqual({
      result: 'unsupported',
      reason: 'Signatures with this hash can’t be checked here.',
    })
  })
})

describe('RSASSA-PSS', () => {
  const oid = '1.2.840.113549.1.1.10'
  const pss = (saltLength: number): Bytes =>
    bytes(
      sign('sha256', signed, { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }),
    )

  const signedByOpenssl = (options: readonly string[]): Bytes => {
    const folder = mkdtempSync(join(tmpdir(), 'pss-'))
    const key = join(folder, 'key.pem')
    writeFileSync(key, rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const given = options.flatMap((option) => ['-sigopt', option])
    const made = execFileSync('openssl', ['dgst', '-sha256', '-sign', key, ...given], { input: signed })
    rmSync(folder, { recursive: true })
    return bytes(made)
  }

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

  it('with one hash for the bytes and another for the mask', async () => {
    const options = ['rsa_padding_mode:pss', 'rsa_pss_saltlen:32', 'rsa_mgf1_md:sha1']
    const signature = signedByOpenssl(options)
    const parameters = hex('3016a00f300d06096086480165030402010500a203020120')
    expect(readPssParameters(parameters)).toMatchObject({ hash: 'SHA-256', maskHash: 'SHA-1' })
    expect(await both({ oid, parameters }, spkiOf(rsa.publicKey), signature)).toEqual(['valid', 'invalid'])
    expect(await both({ oid, parameters: hex(PSS_SHA256) }, spkiOf(rsa.publicKey), signature)).toEqual([
      'invalid',
      'invalid',
    ])
  })

  it('only as the key allows (RFC 4055 section 3.1)', async () => {
    const spki = spkiOf(rsa.publicKey)
    const restricted = (restrictions: string): Bytes => {
      const key = readChildren(spki, readElement(spki))[1]!
      return sequence(sequence(oidOf(oid), hex(restrictions)), spki.slice(key.start, key.end))
    }
    const sha512 =
      '3034a00f300d06096086480165030402030500a11c301a06092a864886f70d010108300d06096086480165030402030500a203020120'
    const mask1 = '3016a00f300d06096086480165030402010500a203020120'
    const salt40 = PSS_SHA256.replace(/20$/, '28')
    const salt16 = PSS_SHA256.replace(/20$/, '10')
    const parameters = hex(PSS_SHA256)
    for (const [restrictions, expected] of [
      [PSS_SHA256, 'valid'],
      [salt16, 'valid'],
      [salt40, 'invalid'],
      [sha512, 'invalid'],
      [mask1, 'invalid'],
    ] as const)
      expect(await both({ oid, parameters }, restricted(restrictions), pss(32)), restrictions).toEqual([
        expected,
        'invalid',
      ])
  })

  it('can’t be tried with unreadable parameters', async () => {
    const mixed = hex('3022a00f300d06096086480165030402010500a10f300d06092a864886f70d01010805')
    expect(readPssParameters(mixed)).toBeUndefined()
    const otherMask = hex(PSS_SHA256.replace('2a864886f70d010108', '2a864886f70d010109'))
    const negativeSalt = hex(PSS_SHA256.replace(/20$/, 'a0'))
    for (const parameters of [mixed, otherMask, negativeSalt]) {
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

  it('with a compressed point, and refuses one off the curve', async () => {
    const oid = '1.2.840.10045.4.3.2'
    for (let round = 0; round < 8; round++) {
      const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
      const signature = bytes(sign('sha256', signed, pair.privateKey))
      const spki = spkiOf(pair.publicKey)
      const point = spki.slice(-65)
      const compressed = concat(Uint8Array.of(2 + (point[64]! & 1)), point.subarray(1, 33))
      const short = sequence(spki.slice(2, 23), bits(compressed))
      expect(await both({ oid }, short, signature)).toEqual(['valid', 'invalid'])
      spki[spki.length - 1]! ^= 1
      expect(await both({ oid }, spki, signature)).toEqual(['unsupported', 'unsupported'])
    }
  })

  it('refuses a signature whose numbers are not in DER', async () => {
    const oid = '1.2.840.10045.4.3.2'
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const spki = spkiOf(publicKey)
    const signature = bytes(sign('sha256', signed, privateKey))
    const [r, s] = readChildren(signature, readElement(signature)).map((number) =>
      contentBytes(signature, number),
    )
    const made = (...numbers: readonly Bytes[]): Bytes =>
      sequence(...numbers.map((number) => writeElement(0x02, number)))
    const padded = (number: Bytes): Bytes => concat(new Uint8Array(1), number)
    expect(await both({ oid }, spki, made(r!, s!))).toEqual(['valid', 'invalid'])
    for (const wrong of [
      made(padded(r!), s!),
      made(r!, padded(s!)),
      made(r!, s!, s!),
      concat(made(r!, s!), s!),
    ])
      expect(await both({ oid }, spki, wrong)).toEqual(['invalid', 'invalid'])
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

  it('can’t be tried on curves over fields of 2^m', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'sect283r1' })
    const signature = bytes(sign('sha256', signed, pair.privateKey))
    expect(await both({ oid: '1.2.840.10045.4.3.2' }, spkiOf(pair.publicKey), signature)).toEqual([
      'unsupported',
      'unsupported',
    ])
  })
})

describe('others', () => {
  it.each([
    ['1.3.101.112', generateKeyPairSync('ed25519')],
    ['1.3.101.113', generateKeyPairSync('ed448')],
  ])('verifies EdDSA, %s', async (name, pair) => {
    const signature = bytes(sign(null, signed, pair.privateKey))
    expect(await both({ oid: name }, spkiOf(pair.publicKey), signature)).toEqual(['valid', 'invalid'])
    const cut = await both({ oid: name }, spkiOf(pair.publicKey), signature.slice(0, -1))
    expect(cut).toEqual(['invalid', 'invalid'])
  })

  it('says that it can’t be tried: DSA, an unknown algorithm, a key of another kind, no key at all', async () => {
    const signature = bytes(sign('sha256', signed, rsa.privateKey))
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    expect(signatureAlgorithm('1.2.3')).toBeUndefined()
    expect(signatureAlgorithm('constructor')).toBeUndefined()
    const cases: readonly [string, Bytes][] = [
      ['2.16.840.1.101.3.4.3.2', spkiOf(rsa.publicKey)],
      ['1.3.101.113', spkiOf(rsa.publicKey)],
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
