/** What the authority certifies in suite `modern`: requests are judged for form, version, key and name (protocol.md section 7). */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { concat, toBase64, toUtf8, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import { readElement, writeElement } from '#shared/crypto/encodings/der'
import { SUITE_NAMES } from '#shared/hl1/suites'
import { keyPair } from '../../../support/credentials'
import { bits, context, hex, integer, oid, sequence, set, utf8 } from '../../../support/der'
import { fakeEnvironment } from '../../../support/environment'
import { judge, runHonestly, withMembers, type HonestRun } from '../../../support/handshake'

const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), hex('0500'))
const RSA = sequence(oid('1.2.840.113549.1.1.1'), hex('0500'))
/** A DigestInfo of SHA-256 without its digest (RFC 8017 section 9.2). */
const DIGEST_INFO = hex('3031300d060960864801650304020105000420')

type Sign = (signed: Bytes) => Bytes

let run: HonestRun
let spki: Bytes
let own: Sign
beforeAll(async () => {
  run = await runHonestly(fakeEnvironment(), { suite: 'modern' })
  const pair = await keyPair('other')
  spki = pair.publicKey.spki
  own = (signed) => new Uint8Array(sign('sha256', signed, pair.privateKey.pem))
})

interface Request {
  readonly version?: Bytes
  readonly name?: string
  readonly key?: Bytes
  readonly attributes?: Bytes
  readonly sign?: Sign
  readonly algorithm?: Bytes
}

function request(changes: Request = {}): string {
  const { version = integer('00'), name = 'ID-Server', key = spki, attributes = context(0, true) } = changes
  const subject = sequence(set(sequence(oid('2.5.4.3'), utf8(name))))
  const signed = sequence(version, subject, key, attributes)
  const signature = bits((changes.sign ?? own)(signed))
  return encodePem('CERTIFICATE REQUEST', sequence(signed, changes.algorithm ?? SHA256_WITH_RSA, signature))
}

const rsa = (modulus: Bytes, exponent: string): Bytes =>
  sequence(RSA, bits(sequence(writeElement(0x02, modulus), integer(exponent))))

/** The signature that everybody can make for a key whose exponent is 1: the padded text itself. */
const unsigned: Sign = (signed) => {
  const digest = new Uint8Array(createHash('sha256').update(signed).digest())
  const end = concat(DIGEST_INFO, digest)
  const padding = new Uint8Array(256 - 3 - end.length).fill(0xff)
  return concat(hex('0001'), padding, new Uint8Array(1), end)
}

async function fate(csr: string): Promise<{ code: string; failed: string | undefined }> {
  const { code, record } = await judge(
    run.moments[1],
    await withMembers(run.moments[1], { csr_s: csr, nonce_s: toBase64(new Uint8Array(randomBytes(32))) }),
  )
  return { code, failed: record.checks.find(({ result }) => result === 'failed')?.id }
}

describe('a request', () => {
  it('as it should be is certified, with empty attributes and without any', async () => {
    expect(await fate(request())).toEqual({ code: 'accepted', failed: undefined })
    expect(await fate(request({ attributes: new Uint8Array() }))).toMatchObject({ code: 'accepted' })
  })

  it('is refused for a key with exponent 1, which everybody can sign for', async () => {
    const modulus = concat(new Uint8Array(1), new Uint8Array(256).fill(0xfd))
    const csr = request({ key: rsa(modulus, '01'), sign: unsigned })
    expect(await fate(csr)).toEqual({ code: 'bad_certificate', failed: 'request_key_size' })
  })

  it('is refused for a key that is short, or has another exponent, though its owner has signed', async () => {
    const options = [
      { modulusLength: 1024 },
      { modulusLength: 2048, publicExponent: 3 },
      { modulusLength: 2047 },
    ]
    for (const option of options) {
      const pair = generateKeyPairSync('rsa', option)
      const key = new Uint8Array(pair.publicKey.export({ type: 'spki', format: 'der' }))
      const csr = request({ key, sign: (signed) => new Uint8Array(sign('sha256', signed, pair.privateKey)) })
      expect(await fate(csr), JSON.stringify(option)).toEqual({
        code: 'bad_certificate',
        failed: 'request_key_size',
      })
    }
  })

  it.each<readonly [string, () => Request]>([
    ['version 2', () => ({ version: integer('01') })],
    ['version 3', () => ({ version: integer('02') })],
    ['a version of two bytes', () => ({ version: integer('0000') })],
    ['no version', () => ({ version: new Uint8Array() })],
    ['a negative modulus', () => ({ key: rsa(new Uint8Array(256).fill(0xfd), '010001') })],
    ['an empty modulus', () => ({ key: rsa(new Uint8Array(), '010001') })],
    [
      'a key with a needless byte',
      () => ({ key: rsa(concat(new Uint8Array(2), new Uint8Array(256).fill(0xfd)), '010001') }),
    ],
    ['another algorithm', () => ({ algorithm: sequence(oid('1.2.840.113549.1.1.5'), hex('0500')) })],
    [
      'parameters that are no NULL',
      () => ({ algorithm: sequence(oid('1.2.840.113549.1.1.11'), integer('00')) }),
    ],
    ['attributes of another form', () => ({ attributes: context(0, true, hex('0500')) })],
    ['an attribute without values', () => ({ attributes: context(0, true, sequence(oid('1.2.3'), set())) })],
    ['a signature with unused bits', () => ({ sign: (signed) => own(signed).slice(1) })],
  ])('is refused for %s', async (_name, changes) => {
    expect(await fate(request(changes()))).toEqual({ code: 'bad_certificate', failed: 'request_signature' })
  })

  it('is refused in BER', async () => {
    const der = Buffer.from(request().replace(/-----[^-]+-----|\n/g, ''), 'base64')
    const content = der.subarray(readElement(der).contentStart)
    const open = concat(hex('3080'), content, hex('0000'))
    for (const bytes of [open, concat(new Uint8Array(der), toUtf8('x'))])
      expect(await fate(encodePem('CERTIFICATE REQUEST', bytes))).toMatchObject({ code: 'bad_certificate' })
  })
})

describe.each(SUITE_NAMES)('the authority’s own name, in suite %s,', (suite) => {
  it.each(['ID-CA', 'id-ca', 'Id-Ca'])('is certified for nobody: %s', async (name) => {
    const { moments } = await runHonestly(fakeEnvironment(), { suite })
    const changes = suite === 'modern' ? { id_s: name, csr_s: request({ name }) } : { id_s: name }
    const { code, step } = await judge(moments[1], await withMembers(moments[1], changes))
    expect({ code, step }).toEqual({ code: 'unknown_identity', step: 1 })
  })
})
