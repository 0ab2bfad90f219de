/** A peer's key is judged before anything is computed with it: how long that would take, its owner chooses. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { toBase64, type Bytes } from '#shared/bytes'
import { encodePem } from '#shared/crypto/encodings/pem'
import {
  numberHex,
  readRsaPrivateNumbers,
  type RsaPrivateNumbers,
} from '#shared/crypto/encodings/rsa-numbers'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { requirePrivateKeyOf } from '#shared/crypto/pki/rsa-key'
import { privateKeyFromPem } from '#shared/crypto/primitives/rsa'
import type { CryptoProvider } from '#shared/crypto/provider'
import type { SuiteName } from '#shared/hl1/suites'
import type { ServerState } from '#shared/hl1/state'
import { build } from '#shared/hl1/message'
import { issueFaulty, SERVER_EXTENSIONS } from '../../support/certificates'
import { keyPair } from '../../support/credentials'
import { bits, context, hex, integer, octets, oid, sequence, set, utf8 } from '../../support/der'
import { fakeEnvironment, seededRandom, START } from '../../support/environment'
import { judge, runHonestly, withMembers, type HonestRun, type Moment } from '../../support/handshake'

const RSA = sequence(oid('1.2.840.113549.1.1.1'), hex('0500'))
const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), hex('0500'))
const E = 65537n
const DAY = 86_400_000

/** The inverse of `value` modulo `modulus`; undefined where there is none. */
function inverse(value: bigint, modulus: bigint): bigint | undefined {
  let [r, next, s, following] = [modulus, value % modulus, 0n, 1n]
  while (next > 0n) {
    const quotient = r / next
    ;[r, next] = [next, r - quotient * next]
    ;[s, following] = [following, s - quotient * following]
  }
  return r === 1n ? ((s % modulus) + modulus) % modulus : undefined
}

/** Numbers that fit one another, of so many bits; its factors are no primes. */
function numbersOf(size: number): RsaPrivateNumbers {
  const random = seededRandom(`a key of ${size} bits`)
  const odd = (): bigint => {
    const bytes = random(size / 16)
    bytes[0]! |= 0xc0
    bytes[bytes.length - 1]! |= 1
    return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
  }
  for (;;) {
    const [p, q] = [odd(), odd()]
    const d = inverse(E, (p - 1n) * (q - 1n))
    const qi = inverse(q, p)
    if (d === undefined || qi === undefined) continue
    return { n: p * q, e: E, d, p, q, dp: d % (p - 1n), dq: d % (q - 1n), qi }
  }
}

function number(value: bigint): Bytes {
  const text = numberHex(value)
  return integer(Number.parseInt(text.slice(0, 2), 16) >= 0x80 ? `00${text}` : text)
}

const spkiOf = ({ n, e }: RsaPrivateNumbers): Bytes => sequence(RSA, bits(sequence(number(n), number(e))))
const pkcs8Of = ({ n, e, d, p, q, dp, dq, qi }: RsaPrivateNumbers): Bytes =>
  sequence(
    integer('00'),
    RSA,
    octets(sequence(integer('00'), ...[n, e, d, p, q, dp, dq, qi].map((each) => number(each)))),
  )

/** Keys that nobody is to work with; those of 1024 bits and of exponent 3 would do what they are asked for. */
const ODD: Readonly<Record<string, () => { readonly spki: Bytes; readonly pkcs8: Bytes }>> = {
  '12,288 bits': () => {
    const numbers = numbersOf(12_288)
    return { spki: spkiOf(numbers), pkcs8: pkcs8Of(numbers) }
  },
  '1024 bits': () => exported({ modulusLength: 1024 }),
  'exponent 3': () => exported({ modulusLength: 2048, publicExponent: 3 }),
}

function exported(options: { readonly modulusLength: number; readonly publicExponent?: number }) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', options)
  return {
    spki: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    pkcs8: new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' })),
  }
}

/** What is computed with keys that are none of these. */
const WITH_KEYS = ['encryptOaep', 'decryptOaep', 'signPkcs1', 'verifyPkcs1', 'signPss', 'verifyPss'] as const

/** The same moment; `used` has what was done with which key. */
function watched(
  moment: Moment,
  known: readonly Bytes[],
): { readonly moment: Moment; readonly used: string[] } {
  const used: string[] = []
  const names = new Set(known.map(toBase64))
  const { crypto } = moment.environment
  const watching = Object.fromEntries(
    WITH_KEYS.map((name) => [
      name,
      (key: { readonly spki?: Bytes; readonly pkcs8?: Bytes }, ...rest: readonly unknown[]) => {
        if (!names.has(toBase64(key.spki ?? key.pkcs8 ?? new Uint8Array()))) used.push(name)
        return (crypto[name] as (...all: readonly unknown[]) => unknown)(key, ...rest)
      },
    ]),
  ) as unknown as CryptoProvider
  return {
    moment: { ...moment, environment: { ...moment.environment, crypto: { ...crypto, ...watching } } },
    used,
  }
}

describe.each(Object.keys(ODD))('a key of %s', (name) => {
  const { spki, pkcs8 } = ODD[name]!()
  const runs = {} as Record<SuiteName, HonestRun>
  let certificate: string
  let known: readonly Bytes[]
  beforeAll(async () => {
    for (const suite of ['classic', 'modern'] as const)
      runs[suite] = await runHonestly(fakeEnvironment(), { suite })
    const { keyPair: signer, identity } = runs.modern.authority
    certificate = issueFaulty({
      signer: signer.privateKey,
      issuer: identity,
      subject: ['ID-Server'],
      publicKey: (await keyPair('server')).publicKey,
      otherKey: spki,
      notBefore: START - DAY,
      notAfter: START + 300 * DAY,
      extensions: Object.values(SERVER_EXTENSIONS),
    })
    known = [signer.publicKey.spki, signer.privateKey.pkcs8]
  })

  async function fate(moment: Moment, frame: Bytes) {
    const watch = watched(moment, known)
    const { code, record } = await judge(watch.moment, frame)
    return { code, failed: record.checks.find(({ result }) => result === 'failed')?.id, used: watch.used }
  }

  it('in a request is refused before its signature is looked at', async () => {
    const moment = runs.modern.moments[1]
    const subject = sequence(set(sequence(oid('2.5.4.3'), utf8('ID-Server'))))
    const signed = sequence(integer('00'), subject, spki, context(0, true))
    const { privateKey } = await keyPair('other')
    const signature = bits(new Uint8Array(sign('sha256', signed, privateKey.pem)))
    const csr = encodePem('CERTIFICATE REQUEST', sequence(signed, SHA256_WITH_RSA, signature))
    expect(await fate(moment, await withMembers(moment, { csr_s: csr }))).toEqual({
      code: 'bad_certificate',
      failed: 'request_key_size',
      used: [],
    })
  })

  it('that the authority hands out is refused before it signs anything', async () => {
    const moment = runs.classic.moments[2]
    const members = { pk_s: encodePem('PUBLIC KEY', spki), sk_s: encodePem('PRIVATE KEY', pkcs8) }
    expect(await fate(moment, await withMembers(moment, members))).toEqual({
      code: 'bad_certificate',
      failed: 'key_pair',
      used: [],
    })
  })

  it('in a certificate is refused before the proof is looked at', async () => {
    const moment = runs.modern.moments[4]
    const builder = moment.builder as ServerState
    const credentials = { ...builder.credentials, certificate: parseCertificate(certificate) }
    const { frame } = await build(4, { ...builder, credentials }, {}, moment.environment)
    expect(await fate(moment, frame)).toEqual({
      code: 'bad_certificate',
      failed: 'certificate_key',
      used: [],
    })
  })
})

describe('a private key with numbers of any length', () => {
  it('is refused as fast as its bytes are read: they are held to the modulus first', async () => {
    const { publicKey, privateKey } = await keyPair('server')
    const own = readRsaPrivateNumbers(privateKey.pkcs8)!
    const long = numbersOf(65_536)
    const refused = (changes: Partial<RsaPrivateNumbers>): number => {
      const key = privateKeyFromPem(encodePem('PRIVATE KEY', pkcs8Of({ ...own, ...changes })))
      const started = performance.now()
      expect(() => requirePrivateKeyOf(publicKey, key)).toThrow('do not fit one another')
      return performance.now() - started
    }
    // What two numbers of 32,768 bits have in common took a fifth of a second to be found.
    expect(Math.min(...[1, 2, 3].map(() => refused({ p: long.p, q: long.q })))).toBeLessThan(20)
  })
})
