/** Signatures opened, compared with what Node's own crypto finds inside. */
import { constants, createHash, generateKeyPairSync, publicDecrypt, sign, type KeyObject } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { toHex, toUtf8, type Bytes } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import type { SignatureArtifact } from '#shared/inspect/artifact'
import type { SignatureFacts } from '#shared/inspect/signature/facts'
import { signatureFacts, signatureOf, signatureOfCertS } from '#shared/inspect/signature'
import { readCertificate } from '#shared/inspect/x509/certificate'
import { readVector } from '../../support/vectors'

const signed = toUtf8('the bytes that are signed')
const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)
const spkiOf = (key: KeyObject): Bytes => bytes(key.export({ type: 'spki', format: 'der' }))
const NAMES = { id: 'signature', title: 'Signature', source: 'a test' }

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const other = generateKeyPairSync('rsa', { modulusLength: 2048 })

function artifact(
  scheme: SignatureArtifact['scheme'],
  signature: Bytes,
  more: Partial<SignatureArtifact> = {},
): SignatureArtifact {
  return { ...NAMES, kind: 'signature', scheme, signature, signed, signer: spkiOf(rsa.publicKey), ...more }
}

const pkcs1 = (hash: string): Bytes => bytes(sign(hash, signed, rsa.privateKey))
const results = ({ checks }: SignatureFacts): string[] => checks.map(({ id, result }) => `${id} ${result}`)
const shown = ({ parts, block }: SignatureFacts): string[] =>
  parts.map(({ name, start, end }) => `${name}: ${toHex(block!.subarray(start, end))}`)

describe('a PKCS#1 v1.5 signature', () => {
  it.each([
    ['sha1', 'SHA-1', '3021300906052b0e03021a05000414'],
    ['sha256', 'SHA-256', '3031300d060960864801650304020105000420'],
    ['sha384', 'SHA-384', '3041300d060960864801650304020205000430'],
    ['sha512', 'SHA-512', '3051300d060960864801650304020305000440'],
  ])('with %s opens to padding and DigestInfo', async (name, hash, prefix) => {
    const signature = pkcs1(name)
    const facts = await signatureFacts(artifact('RSASSA-PKCS1-v1_5', signature))
    const block = publicDecrypt({ key: rsa.publicKey, padding: constants.RSA_NO_PADDING }, signature)
    expect(toHex(facts.block!)).toBe(block.toString('hex'))
    const digest = createHash(name).update(signed).digest('hex')
    const info = prefix + digest
    expect(shown(facts)).toEqual([
      '00: 00',
      '01: 01',
      `FF…: ${'ff'.repeat(256 - 3 - info.length / 2)}`,
      '00: 00',
      `DigestInfo: ${info}`,
    ])
    expect(facts.parts.every(({ ok }) => ok)).toBe(true)
    expect(facts).toMatchObject({
      scheme: `RSASSA-PKCS1-v1_5 with ${hash}`,
      hash,
      length: 256,
      signedDigest: digest,
      computedDigest: digest,
      verified: true,
    })
    expect(toHex(facts.digestInfo!)).toBe(info)
    expect(results(facts)).toEqual(['opening ok', 'padding ok', 'digest_info ok', 'digest ok'])
  })

  it('over other bytes has another digest', async () => {
    const facts = await signatureFacts(
      artifact('RSASSA-PKCS1-v1_5', pkcs1('sha256'), { signed: toUtf8('other') }),
    )
    expect(results(facts)).toEqual(['opening ok', 'padding ok', 'digest_info ok', 'digest failed'])
    expect(facts.verified).toBe(false)
    expect(facts.signedDigest).not.toBe(facts.computedDigest)
  })

  it('by another key opens to nothing that has a form', async () => {
    const signature = bytes(sign('sha256', signed, other.privateKey))
    signature[0] = 0
    const facts = await signatureFacts(artifact('RSASSA-PKCS1-v1_5', signature))
    expect(results(facts)).toEqual(['opening ok', 'padding failed', 'digest_info failed', 'digest not_made'])
    expect(facts.parts.some(({ ok }) => !ok)).toBe(true)
    expect(facts.digestInfo).toBeUndefined()
    expect(facts.verified).toBe(false)
    expect(facts.conclusion).toBe('This key has not made the signature over these bytes.')
  })

  it.each([
    ['too short', new Uint8Array(255)],
    ['too long', new Uint8Array(257)],
    ['empty', new Uint8Array()],
    ['not below the modulus', new Uint8Array(256).fill(0xff)],
  ])('%s is no number that can be opened', async (_, signature) => {
    const facts = await signatureFacts(artifact('RSASSA-PKCS1-v1_5', signature))
    expect(results(facts)).toEqual(['opening failed'])
    expect(facts.block).toBeUndefined()
    expect(facts.verified).toBe(false)
  })

  it('with MD5 is opened, and verified', async () => {
    const facts = await signatureFacts(artifact('RSASSA-PKCS1-v1_5', pkcs1('md5')))
    expect(facts.hash).toBe('MD5')
    expect(facts.signedDigest).toBe(createHash('md5').update(signed).digest('hex'))
    expect(results(facts)).toEqual(['opening ok', 'padding ok', 'digest_info ok', 'digest ok'])
    expect(facts.verified).toBe(true)
  })

  it('without key or signed bytes tells what it can', async () => {
    const { signer: _, ...unsigned } = artifact('RSASSA-PKCS1-v1_5', pkcs1('sha256'))
    expect(await signatureFacts(unsigned)).toMatchObject({
      block: undefined,
      verified: undefined,
      length: 256,
    })
    const { signed: __, ...unknown } = artifact('RSASSA-PKCS1-v1_5', pkcs1('sha256'))
    const facts = await signatureFacts(unknown)
    expect(results(facts)).toEqual(['opening ok', 'padding ok', 'digest_info ok', 'digest not_made'])
    expect(facts.conclusion).toBe('Not verified: the bytes that were signed are not known.')
  })
})

describe('an RSASSA-PSS signature', () => {
  const pss = (pair: { privateKey: KeyObject }, saltLength: number): Bytes => {
    const padding = constants.RSA_PKCS1_PSS_PADDING
    return bytes(sign('sha256', signed, { key: pair.privateKey, padding, saltLength }))
  }

  it('opens to mask, hash and trailer, and under the mask to the salt', async () => {
    const facts = await signatureFacts(artifact('RSASSA-PSS', pss(rsa, 32)))
    expect(facts.parts.map(({ name, start, end }) => `${name} ${start} ${end}`)).toEqual([
      'Masked data block 0 223',
      'H 223 255',
      'BC 255 256',
    ])
    expect(facts.unmaskedParts.map(({ name, start, end }) => `${name} ${start} ${end}`)).toEqual([
      '00… 0 190',
      '01 190 191',
      'Salt 191 223',
    ])
    expect(facts.unmasked!.subarray(0, 191)).toEqual(new Uint8Array(191).with(190, 1))
    const digest = createHash('sha256').update(signed).digest()
    const salt = facts.unmasked!.subarray(191)
    const h = createHash('sha256').update(new Uint8Array(8)).update(digest).update(salt).digest('hex')
    expect(toHex(facts.block!.subarray(223, 255))).toBe(h)
    expect(results(facts)).toEqual(['opening ok', 'trailer ok', 'salt ok', 'digest ok'])
    expect(facts).toMatchObject({
      scheme: 'RSASSA-PSS with SHA-256',
      verified: true,
      signedDigest: undefined,
    })
  })

  it('of a key with one bit more than whole bytes has a first byte that is not part of it', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 1025 })
    const facts = await signatureFacts(
      artifact('RSASSA-PSS', pss(pair, 32), { signer: spkiOf(pair.publicKey) }),
    )
    expect(facts.parts[0]).toMatchObject({ name: '00', start: 0, end: 1, ok: true })
    expect(results(facts)).toEqual(['opening ok', 'trailer ok', 'salt ok', 'digest ok'])
    expect(facts.verified).toBe(true)
  })

  it('with another salt length than agreed fails', async () => {
    const facts = await signatureFacts(artifact('RSASSA-PSS', pss(rsa, 20)))
    expect(results(facts)).toEqual(['opening ok', 'trailer ok', 'salt failed', 'digest ok'])
    expect(facts.verified).toBe(false)
  })

  it('over other bytes, or by another key, fails', async () => {
    const changed = await signatureFacts(artifact('RSASSA-PSS', pss(rsa, 32), { signed: toUtf8('other') }))
    expect(results(changed)).toEqual(['opening ok', 'trailer ok', 'salt ok', 'digest failed'])
    const foreign = pss(other, 32)
    foreign[0] = 0
    const facts = await signatureFacts(artifact('RSASSA-PSS', foreign))
    expect(facts.verified).toBe(false)
    expect(results(facts)).toContain('salt failed')
  })
})

describe('signatures of other schemes', () => {
  it('are verified as their algorithm names them, without a block', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const signature = bytes(sign('sha256', signed, pair.privateKey))
    const algorithm = { oid: '1.2.840.10045.4.3.2', parameters: undefined }
    const facts = await signatureFacts(
      artifact('ECDSA', signature, { algorithm, signer: spkiOf(pair.publicKey) }),
    )
    expect(facts).toMatchObject({ scheme: 'ECDSA with SHA-256', block: undefined, parts: [], verified: true })
    expect(facts.computedDigest).toBe(createHash('sha256').update(signed).digest('hex'))
  })

  it('say why they could not be verified', async () => {
    const pair = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 })
    const algorithm = { oid: '2.16.840.1.101.3.4.3.2', parameters: undefined }
    const facts = await signatureFacts(
      artifact('DSA', new Uint8Array(70), { algorithm, signer: spkiOf(pair.publicKey) }),
    )
    expect(facts.verified).toBeUndefined()
    expect(facts.conclusion).toBe('Not verified. DSA signatures can’t be checked here.')
  })

  it('with an RSA scheme and a key of another kind can’t be opened', async () => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const facts = await signatureFacts(
      artifact('RSASSA-PKCS1-v1_5', pkcs1('sha256'), { signer: spkiOf(pair.publicKey) }),
    )
    expect(results(facts)).toEqual(['opening not_made'])
    expect(facts.checks[0]?.reason).toContain('no RSA key')
  })
})

describe('the signatures of the protocol', () => {
  const vector = readVector('classic')
  const answer = vector.opened.find(({ step }) => step === 2)!.plaintext
  let authorityKey: Bytes

  beforeAll(() => {
    authorityKey = parseCertificate(vector.ca_certificate).publicKey.spki
  })

  it('inside a certificate is by its issuer', async () => {
    const certificate = readCertificate(parseCertificate(String(answer['x509_s'])).der)
    const found = signatureOf(certificate, NAMES, authorityKey)!
    expect(found).toMatchObject({ ...NAMES, kind: 'signature', scheme: 'RSASSA-PKCS1-v1_5' })
    const facts = await signatureFacts(found)
    expect(facts).toMatchObject({ hash: 'SHA-256', verified: true })
    expect(facts.signedDigest).toBe(createHash('sha256').update(certificate.signedPart).digest('hex'))
    expect(
      signatureOf(
        { ...certificate, signatureAlgorithm: { ...certificate.signatureAlgorithm, oid: '1.2.3' } },
        NAMES,
      ),
    ).toBeUndefined()
  })

  it('of Cert_S is by the authority over the three parts', async () => {
    const parts = { idS: 'ID-Server', idCa: 'ID-CA', pkS: String(answer['pk_s']) }
    const signature = bytes(Buffer.from(String(answer['cert_s']), 'base64'))
    const of = { kind: 'cert-s', ...NAMES, ...parts, signature } as const
    expect(await signatureFacts(signatureOfCertS(of, NAMES, authorityKey))).toMatchObject({ verified: true })
    const renamed = signatureOfCertS({ ...of, idS: 'ID-Other' }, NAMES, authorityKey)
    expect(await signatureFacts(renamed)).toMatchObject({ verified: false })
  })
})
