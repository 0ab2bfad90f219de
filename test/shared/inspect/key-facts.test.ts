/** Keys explained, compared with what Node's own crypto says of them. */
import { createHash, generateKeyPairSync, verify, type KeyObject } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { readChildren, readElement } from '#shared/crypto/encodings/der'
import { privateKeyFacts, publicKeyFacts } from '#shared/inspect/key-facts'
import { openFile } from '#shared/inspect/open'
import { CHALLENGE_BYTES, provePair } from '#shared/inspect/pair-proof'
import { jwkOf } from '../../support/jwk'

const spkiOf = (key: KeyObject): Bytes => new Uint8Array(key.export({ type: 'spki', format: 'der' }))
const pkcs8Of = (key: KeyObject): Bytes => new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }))
const challenge = new Uint8Array(CHALLENGE_BYTES).fill(7)

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve })

function numbersOf(facts: { numbers: readonly { symbol: string; hex: string }[] }): Record<string, string> {
  return Object.fromEntries(facts.numbers.map(({ symbol, hex }) => [symbol, hex]))
}

describe('an RSA key', () => {
  it.each([
    [2048, 65_537],
    [1536, 65_537],
    [2048, 3],
    [1024, 17],
    [2047, 65_537],
  ])('of %i bits with exponent %i has the numbers that Node reads', async (modulusLength, publicExponent) => {
    const pair = generateKeyPairSync('rsa', { modulusLength, publicExponent })
    const jwk = jwkOf(pair.privateKey)
    const hex = (part: string | undefined): string => Buffer.from(part ?? '', 'base64url').toString('hex')
    const facts = await privateKeyFacts(pkcs8Of(pair.privateKey))
    expect(numbersOf(facts)).toEqual({
      n: hex(jwk.n),
      e: hex(jwk.e),
      ...{ d: hex(jwk.d), p: hex(jwk.p), q: hex(jwk.q), dp: hex(jwk.dp), dq: hex(jwk.dq), qi: hex(jwk.qi) },
    })
    expect(facts).toMatchObject({
      algorithm: `RSA, ${modulusLength} bits`,
      bits: modulusLength,
      isPrivate: true,
    })
    const [n, e] = facts.numbers
    expect(n).toMatchObject({ symbol: 'n', bits: modulusLength, secret: false })
    expect(BigInt(n!.decimal)).toBe(BigInt(`0x${hex(jwk.n)}`))
    expect(e).toMatchObject({ decimal: String(publicExponent), secret: false })
    expect(facts.numbers.filter(({ secret }) => secret).map(({ symbol }) => symbol)).toEqual([
      ...['d', 'p', 'q', 'dp', 'dq', 'qi'],
    ])
    expect(facts.checks.map(({ result }) => result)).toEqual(Array(6).fill('ok'))
    const half = await publicKeyFacts(spkiOf(pair.publicKey))
    expect(numbersOf(half)).toEqual({ n: hex(jwk.n), e: hex(jwk.e) })
    expect(half.fingerprints).toEqual(facts.fingerprints)
  })

  it('has the fingerprints that are computed from its parts', async () => {
    const spki = spkiOf(rsa.publicKey)
    const { fingerprints, opensshLine } = await publicKeyFacts(spki, 'ID-Server')
    const text = Object.fromEntries(fingerprints.map(({ id, text }) => [id, text]))
    const digest = createHash('sha256').update(spki).digest()
    expect(text['spki_sha256']).toBe(toHex(digest, ':'))
    expect(text['spki_pin']).toBe(digest.toString('base64'))
    const pkcs1 = rsa.publicKey.export({ type: 'pkcs1', format: 'der' })
    expect(text['key_identifier']).toBe(toHex(createHash('sha1').update(pkcs1).digest(), ':'))
    const [name, blob, comment] = opensshLine!.split(' ')
    expect([name, comment]).toEqual(['ssh-rsa', 'ID-Server'])
    const openssh = createHash('sha256').update(Buffer.from(blob!, 'base64')).digest('base64')
    expect(text['openssh']).toBe(`SHA256:${openssh.replace('=', '')}`)
  })

  it.each(['p', 'q', 'd', 'dp', 'dq', 'qi', 'n', 'e'])(
    'with another %s is told from a sound one',
    async (symbol) => {
      const pkcs8 = pkcs8Of(rsa.privateKey)
      const order = ['version', 'n', 'e', 'd', 'p', 'q', 'dp', 'dq', 'qi']
      const [, , octets] = readChildren(pkcs8, readElement(pkcs8))
      const numbers = readChildren(pkcs8, readElement(pkcs8, octets!.contentStart))
      const { end } = numbers[order.indexOf(symbol)]!
      pkcs8[end - 1]! ^= 2
      const [, ...checks] = (await privateKeyFacts(pkcs8)).checks
      const failed = checks.filter(({ result }) => result === 'failed').map(({ id }) => id)
      const expected: Readonly<Record<string, readonly string[]>> = {
        p: ['product', 'exponents', 'dp', 'qi'],
        q: ['product', 'exponents', 'dq', 'qi'],
        d: ['exponents', 'dp', 'dq'],
        dp: ['dp'],
        dq: ['dq'],
        qi: ['qi'],
        n: ['product'],
        e: ['exponents'],
      }
      expect(failed).toEqual(expected[symbol])
    },
  )

  it('with primes of zero is judged, not divided by', async () => {
    const pkcs8 = pkcs8Of(rsa.privateKey)
    const [, , octets] = readChildren(pkcs8, readElement(pkcs8))
    const numbers = readChildren(pkcs8, readElement(pkcs8, octets!.contentStart))
    for (const { contentStart, end } of numbers.slice(4)) pkcs8.fill(0, contentStart, end)
    const { checks } = await privateKeyFacts(pkcs8)
    expect(checks.map(({ result }) => result)).toEqual(Array(6).fill('failed'))
  })

  // Making such a key may take seconds; judging it takes milliseconds.
  it('of 4096 bits is judged too', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 4096 })
    const facts = await privateKeyFacts(pkcs8Of(pair.privateKey))
    expect(facts.numbers[0]?.bits).toBe(4096)
    expect(facts.checks.every(({ result }) => result === 'ok')).toBe(true)
  }, 60_000)
})

describe('keys of other kinds', () => {
  it.each([
    ['P-256', ec('P-256'), 'EC, P-256', 'ecdsa-sha2-nistp256'],
    ['P-521', ec('P-521'), 'EC, P-521', 'ecdsa-sha2-nistp521'],
    ['Ed25519', generateKeyPairSync('ed25519'), 'Ed25519', 'ssh-ed25519'],
    ['secp256k1', ec('secp256k1'), 'EC, secp256k1', undefined],
    ['X25519', generateKeyPairSync('x25519'), 'X25519', undefined],
  ])('%s has the fingerprints that apply and no numbers', async (_, pair, algorithm, openssh) => {
    const facts = await publicKeyFacts(spkiOf(pair.publicKey))
    expect(facts).toMatchObject({
      algorithm,
      numbers: [],
      checks: [{ id: 'public_key', result: 'ok' }],
      isPrivate: false,
    })
    expect(facts.fingerprints.map(({ id }) => id)).toEqual([
      ...['spki_sha256', 'spki_pin', 'key_identifier'],
      ...(openssh ? ['openssh'] : []),
    ])
    expect(facts.opensshLine?.split(' ')[0]).toBe(openssh)
    const digest = createHash('sha256').update(spkiOf(pair.publicKey)).digest('base64')
    expect(facts.fingerprints[1]?.text).toBe(digest)
    const own = await privateKeyFacts(pkcs8Of(pair.privateKey))
    expect(own).toMatchObject({ algorithm, numbers: [], isPrivate: true })
    expect(own.checks).toMatchObject([{ id: 'private_key', result: 'ok' }])
  })

  it('what is no key is refused with a code', async () => {
    await expect(publicKeyFacts(new Uint8Array([0x30, 0]))).rejects.toMatchObject({ code: 'bad_public_key' })
    await expect(privateKeyFacts(new Uint8Array([0x30, 0]))).rejects.toMatchObject({
      code: 'bad_private_key',
    })
  })
})

describe('the proof that two keys are a pair', () => {
  it.each([
    ['RSA', rsa, 'RSASSA-PKCS1-v1_5 with SHA-256'],
    ['P-256', ec('P-256'), 'ECDSA on P-256 with SHA-256'],
    ['P-384', ec('P-384'), 'ECDSA on P-384 with SHA-256'],
    ['P-521', ec('P-521'), 'ECDSA on P-521 with SHA-256'],
    ['secp256k1', ec('secp256k1'), 'ECDSA on secp256k1 with SHA-256'],
    ['Ed25519', generateKeyPairSync('ed25519'), 'Ed25519'],
    ['Ed448', generateKeyPairSync('ed448'), 'Ed448'],
  ])('is made for %s, with challenge and signature', async (_, pair, scheme) => {
    const proof = await provePair(pkcs8Of(pair.privateKey), spkiOf(pair.publicKey), challenge)
    expect(proof).toMatchObject({ belongs: true, scheme, challenge: '07'.repeat(32) })
    expect(proof.signature).toMatch(/^[0-9a-f]{128,}$/)
    expect(proof.reason).toContain('they are a pair')
    const signature = Buffer.from(proof.signature, 'hex')
    const hash = scheme.includes('SHA-256') ? 'sha256' : null
    const key = { key: pair.publicKey, dsaEncoding: 'ieee-p1363' } as const
    expect(verify(hash, challenge, key, signature)).toBe(true)
  })

  it.each([
    ['secp256k1', ec('secp256k1'), ec('secp256k1')],
    ['Ed25519', generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')],
    ['Ed448', generateKeyPairSync('ed448'), generateKeyPairSync('ed448')],
  ])('fails for another key on %s', async (_, pair, stranger) => {
    const proof = await provePair(pkcs8Of(pair.privateKey), spkiOf(stranger.publicKey), challenge)
    expect(proof.belongs).toBe(false)
  })

  it.each([
    ['another key', other.publicKey, 'two different pairs'],
    ['a key of another kind', ec('P-256').publicKey, 'of another kind (EC, P-256)'],
  ])('fails for %s', async (_, key, reason) => {
    const proof = await provePair(pkcs8Of(rsa.privateKey), spkiOf(key), challenge)
    expect(proof.belongs).toBe(false)
    expect(proof.reason).toContain(reason)
  })

  it('fails for a key on another curve', async () => {
    const proof = await provePair(pkcs8Of(ec('P-256').privateKey), spkiOf(ec('P-384').publicKey), challenge)
    expect(proof.belongs).toBe(false)
  })

  it('says so when a key can’t sign here, or is damaged', async () => {
    const x = generateKeyPairSync('x25519')
    await expect(provePair(pkcs8Of(x.privateKey), spkiOf(x.publicKey), challenge)).rejects.toMatchObject({
      code: 'unsupported_key',
    })
    const short = pkcs8Of(ec('P-256').privateKey)
    const damaged = short.fill(0, short.length - 60)
    await expect(provePair(damaged, spkiOf(rsa.publicKey), challenge)).rejects.toMatchObject({
      code: expect.stringMatching(/^bad_/),
    })
  })
})

describe('a private key that isn’t what it says', () => {
  const FAULTS = join(import.meta.dirname, '../../vectors/faults/files')
  const privateKeyOf = async (name: string): Promise<Bytes> => {
    const { artifacts } = await openFile(new Uint8Array(readFileSync(join(FAULTS, name))), name)
    const key = artifacts.find(({ kind }) => kind === 'private-key')
    if (key?.kind !== 'private-key') throw new Error('There is none.')
    return key.pkcs8
  }

  it.each([
    ['90u-ec-pkcs8-wrong-public.pem', /public half that it stores is not its own/],
    ['92a-ec-pkcs8-inner-p256-outer-p384.pem', /one curve outside and another inside|curve/],
  ])('is told from a sound one: %s', async (name, reason) => {
    const [check] = (await privateKeyFacts(await privateKeyOf(name))).checks
    expect(check).toMatchObject({
      id: 'private_key',
      result: 'failed',
      reason: expect.stringMatching(reason),
    })
  })

  it('of three primes has each of them tried', async () => {
    const pkcs8 = await privateKeyOf('61a-rsa-three-primes.pem')
    expect((await privateKeyFacts(pkcs8)).checks[0]).toMatchObject({ result: 'ok' })
    // The last byte is of the third prime's coefficient, those before it of its exponent and of the prime itself.
    for (const back of [1, 100, 200]) {
      const wrong = pkcs8.slice()
      wrong[wrong.length - back]! ^= 2
      expect((await privateKeyFacts(wrong)).checks[0], `${back}`).toMatchObject({ result: 'failed' })
    }
    // Its version says how many there are, and is behind two headers; OpenSSL takes any other for two primes.
    const inner = Buffer.from(pkcs8).indexOf(Buffer.from([0x02, 0x01, 0x01, 0x02, 0x82]))
    for (const version of [0, 2, 9]) {
      const wrong = pkcs8.slice()
      wrong[inner + 2] = version
      expect((await privateKeyFacts(wrong)).checks[0], `${version}`).toMatchObject({ result: 'failed' })
    }
  })

  it('has a public half that is computed where it stores none', async () => {
    const dsa = await privateKeyFacts(await privateKeyOf('14c-dsa-key-with-params.pem'))
    expect(dsa.fingerprints.length).toBeGreaterThan(0)
    const ed = await privateKeyFacts(await privateKeyOf('60b-ed25519-pkcs8.pem'))
    expect(ed.fingerprints.length).toBeGreaterThan(0)
  })
})
