/** Summaries: what they say of the lab's own keys and certificates, and which weak spots they name. */
import { generateKeyPairSync } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { signCertS } from '#shared/crypto/pki/cert-s'
import { decodePem } from '#shared/crypto/encodings/pem'
import { makeRequest } from '#shared/crypto/pki/request'
import { publicKeyFromSpki, signPss, type RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { webCrypto } from '#shared/crypto/provider'
import type { Artifact, InspectContext } from '#shared/inspect/artifact'
import type { SummaryView } from '#shared/inspect/summary/view'
import { summarise, type LabKnowledge } from '#shared/inspect/summary'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { issueFaulty, SERVER_EXTENSIONS, type CertificateTemplate } from '../../support/certificates'
import { authorityCredentials, keyPair, serverCredentials } from '../../support/credentials'
import { hex } from '../../support/vectors'

const NOW = Date.UTC(2025, 5, 15)
const DAY = 86_400_000
const CLASSIC: LabKnowledge = { key: { madeBy: 'authority', deliveredUnder: 'DES' } }
const MODERN: LabKnowledge = { key: { madeBy: 'server', deliveredUnder: undefined } }
const COMMON = { id: 'one', title: 'One', source: 'a test' }

let authority: AuthorityCredentials
let server: ServerCredentials
let stranger: RsaKeyPair
let context: InspectContext

beforeAll(async () => {
  authority = await authorityCredentials(NOW)
  server = await serverCredentials(authority, NOW)
  stranger = await keyPair('stranger')
  context = { now: NOW, trustAnchors: [authority.certificate.der], intermediates: [], host: '127.0.0.1' }
})

const certificateArtifact = (der: Bytes): Artifact => ({ kind: 'certificate', ...COMMON, der })
const spotsOf = ({ weakSpots }: SummaryView): string[] => weakSpots.map(({ id }) => id)
const factOf = ({ facts }: SummaryView, title: string): string | undefined =>
  facts.find((fact) => fact.title === title)?.text

/** A certificate of the server by the authority, with something changed. */
function issued(changes: Partial<CertificateTemplate> = {}): Artifact {
  const pem = issueFaulty({
    signer: authority.keyPair.privateKey,
    issuer: 'ID-CA',
    subject: ['ID-Server'],
    publicKey: server.publicKey,
    notBefore: NOW - DAY,
    notAfter: NOW + 364 * DAY,
    extensions: Object.values(SERVER_EXTENSIONS),
    ...changes,
  })
  return certificateArtifact(decodePem('CERTIFICATE', pem))
}

describe('the server’s certificate', () => {
  it('is told in plain words', async () => {
    const view = await summarise(certificateArtifact(server.certificate.der), context, MODERN)
    expect(view).toMatchObject({
      heading: 'Server certificate',
      lead: 'For CN=ID-Server (localhost, 127.0.0.1). CN=ID-CA vouches for it; it is valid until 15 June 2026, in 365 days.',
      soundness: 'sound',
      conclusion: 'A trusted server certificate for 127.0.0.1: no check has failed.',
      weakSpots: [],
    })
    expect(view.verdict?.accepted).toBe(true)
    expect(factOf(view, 'Names')).toBe('DNS: localhost, IP: 127.0.0.1')
    expect(factOf(view, 'Good for')).toBe('servers (TLS), signing data, receiving keys')
    expect(factOf(view, 'Key')).toBe('RSA, 2048 bits')
    expect(factOf(view, 'Valid until')).toBe('2026-06-15 00:00:00 UTC')
  })

  it('is weak in suite classic: DES carried its key, and the authority knows it', async () => {
    const view = await summarise(certificateArtifact(server.certificate.der), context, CLASSIC)
    expect(view.soundness).toBe('weak')
    expect(spotsOf(view)).toEqual(['des_delivery', 'key_escrow'])
    expect(view.conclusion).toContain('2 weak spots: private key delivered under DES and the authority knows')
  })

  it.each([
    ['long before', -100 * DAY, /it is valid from \d+ June 2025 on, in 99 days/],
    ['long after', 500 * DAY, /it expired on 14 June 2026, 136 days ago/],
  ])('has its dates in words %s', async (_, shift, text) => {
    const view = await summarise(issued(), { ...context, now: NOW + shift })
    expect(view.lead).toMatch(text)
    expect(view.soundness).toBe('unsound')
  })

  it('is not sound when nobody who is trusted vouches for it', async () => {
    const view = await summarise(certificateArtifact(server.certificate.der), {
      ...context,
      trustAnchors: [],
    })
    expect(view.soundness).toBe('unsound')
    expect(view.conclusion).toMatch(/^Not to be relied on\./)
  })
})

describe('weak spots of a certificate', () => {
  const { basicConstraints, keyUsage, extKeyUsage } = SERVER_EXTENSIONS
  const names = (...values: string[]) => [
    ...[basicConstraints, keyUsage, extKeyUsage],
    { name: 'subjectAltName', altNames: values.map((value) => ({ type: 2, value })) },
  ]
  const rsaKey = (modulusLength: number, publicExponent: number) => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength, publicExponent })
    return publicKeyFromSpki(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })))
  }

  it.each([
    ['none', () => ({}), []],
    ['long validity', () => ({ notAfter: NOW + 398 * DAY }), ['long_validity']],
    ['short enough', () => ({ notAfter: NOW + 397 * DAY }), []],
    ['about to expire', () => ({ notAfter: NOW + 3 * DAY }), ['expires_soon']],
    ['SHA-1', () => ({ hash: 'sha1' as const }), ['weak_hash']],
    ['1024 bits', () => ({ publicKey: rsaKey(1024, 65_537) }), ['small_key']],
    ['exponent 3', () => ({ publicKey: rsaKey(2048, 3) }), ['small_exponent']],
    [
      'no alternative names',
      () => ({ extensions: [basicConstraints, keyUsage, extKeyUsage] }),
      ['no_alternative_name'],
    ],
    ['wildcard', () => ({ extensions: names('*.example.com') }), ['wildcard']],
    ['wildcard for a part', () => ({ extensions: names('w*.example.com') }), ['partial_wildcard']],
    ['wildcard for a top-level domain', () => ({ extensions: names('*.com') }), ['partial_wildcard']],
    ['the authority’s key', () => ({ publicKey: authority.keyPair.publicKey }), ['authority_as_server']],
    [
      'an authority as a server',
      () => ({
        extensions: [
          { name: 'basicConstraints', critical: true, cA: true },
          ...names('localhost').filter(({ name }) => name !== 'basicConstraints'),
        ],
      }),
      ['authority_as_server'],
    ],
    [
      'self-signed',
      () => ({ issuer: 'ID-Server', signer: stranger.privateKey, publicKey: stranger.publicKey }),
      ['self_signed'],
    ],
    [
      'several, the heaviest first',
      () => ({ hash: 'sha1' as const, notAfter: NOW + 1000 * DAY, extensions: names('*.example.com') }),
      ['weak_hash', 'long_validity', 'wildcard'],
    ],
  ])('%s', async (_, changes, expected) => {
    const view = await summarise(issued(changes()), context)
    expect(spotsOf(view)).toEqual(expected)
    for (const { title, text } of view.weakSpots) expect(title && text.endsWith('.')).toBe(true)
  })

  it('lists a few of very many names', async () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `host-${index}.example.com`)
    const view = await summarise(issued({ extensions: names(...many) }), context)
    expect(factOf(view, 'Names')).toMatch(/^DNS: host-0\.example\.com, .+ and 1,992 more$/)
    expect(view.lead.length).toBeLessThan(400)
  })
})

describe('the authority’s certificate', () => {
  it('is judged as an authority’s, not as a server’s', async () => {
    const view = await summarise(certificateArtifact(authority.certificate.der), context)
    expect(view).toMatchObject({
      heading: 'Certificate of an authority (root)',
      soundness: 'sound',
      conclusion: 'A trusted authority: no check has failed.',
    })
    expect(view.lead).toContain('It names itself as its issuer')
    expect(view.verdict?.checks.find(({ id }) => id === 'host_name')?.result).toBe('not_made')
    expect(factOf(view, 'Good for')).toBe('issuing certificates, signing revocation lists')
  })
})

describe('a request', () => {
  it('is sound when it is signed with its own key', async () => {
    const der = decodePem(
      'CERTIFICATE REQUEST',
      await makeRequest('ID-Server', await keyPair('server'), webCrypto),
    )
    const view = await summarise({ kind: 'request', ...COMMON, der }, context)
    expect(view).toMatchObject({ heading: 'Certification request', soundness: 'sound', weakSpots: [] })
    expect(view.conclusion).toContain('proof of possession')
    expect(factOf(view, 'For')).toBe('CN=ID-Server')
    der[der.length - 1]! ^= 1
    expect(await summarise({ kind: 'request', ...COMMON, der }, context)).toMatchObject({
      soundness: 'unsound',
    })
  })
})

describe('keys', () => {
  it('a public key says that it does not say whose it is', async () => {
    const { spki } = server.publicKey
    const view = await summarise({ kind: 'public-key', ...COMMON, spki }, context)
    expect(view).toMatchObject({ heading: 'Public key (RSA, 2048 bits)', soundness: 'sound', weakSpots: [] })
    const classic = await summarise({ kind: 'public-key', ...COMMON, spki }, context, CLASSIC)
    expect(classic).toMatchObject({ soundness: 'weak' })
    expect(spotsOf(classic)).toEqual(['des_delivery', 'key_escrow'])
  })

  it('a private key whose numbers contradict each other is not sound', async () => {
    const { pkcs8 } = server.privateKey
    const good = await summarise({ kind: 'private-key', ...COMMON, pkcs8 }, context)
    expect(good).toMatchObject({ heading: 'Private key (RSA, 2048 bits)', soundness: 'sound' })
    const damaged = pkcs8.slice()
    damaged[damaged.length - 1]! ^= 2
    const bad = await summarise({ kind: 'private-key', ...COMMON, pkcs8: damaged }, context)
    expect(bad.soundness).toBe('unsound')
    expect(spotsOf(bad)).toEqual(['inconsistent_qi'])
  })

  it('keys of other kinds are told by what they do', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('x25519')
    const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))
    const view = await summarise({ kind: 'public-key', ...COMMON, spki }, context)
    expect(view.lead).toContain('agrees on a key with its owner')
    const pkcs8 = new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
    const own = await summarise({ kind: 'private-key', ...COMMON, pkcs8 }, context)
    // Its public half is not stored: it is computed.
    expect(own.soundness).toBe('sound')
  })

  it.each([
    ['K_boot', 'classic', undefined, 'unsound', ['known_key']],
    ['K_tmp1', 'classic', hex('4c41422d4b455921'), 'weak', ['des']],
    ['K_tmp1', 'classic', hex('0101010101010101'), 'unsound', ['weak_des_key', 'des']],
    ['K_sess', 'modern', undefined, 'sound', []],
  ] as const)('%s in suite %s', async (symbol, suite, key, soundness, spots) => {
    const artifact: Artifact = { kind: 'symmetric-key', ...COMMON, symbol, ...(key ? { key } : {}) }
    const view = await summarise(artifact, context, { symmetric: { role: 'server', suite, entries: [] } })
    expect(view.soundness).toBe(soundness)
    expect(spotsOf(view)).toEqual(spots)
  })

  it('a symmetric key without its session is left open', async () => {
    const view = await summarise({ kind: 'symmetric-key', ...COMMON, symbol: 'K_sess' }, context)
    expect(view.soundness).toBe('open')
  })
})

describe('signatures', () => {
  it('are sound, not sound, or left open', async () => {
    const signed = toUtf8('what the server proves')
    const signature = await signPss(server.privateKey, signed)
    const base = { kind: 'signature', ...COMMON, scheme: 'RSASSA-PSS', signature } as const
    const soundness = async (more: object): Promise<string> =>
      (await summarise({ ...base, ...more }, context)).soundness
    const signer = server.publicKey.spki
    expect(await soundness({ signed, signer })).toBe('sound')
    expect(await soundness({ signed: toUtf8('other'), signer })).toBe('unsound')
    expect(await soundness({ signed })).toBe('open')
  })

  it('of Cert_S is judged with the key of the trusted authority of its name', async () => {
    const parts = { idS: 'ID-Server', idCa: 'ID-CA', pkS: server.publicKey.pem }
    const certS: Artifact = { kind: 'cert-s', ...COMMON, ...parts, signature: server.certS! }
    const view = await summarise(certS, context, CLASSIC)
    expect(view).toMatchObject({
      soundness: 'weak',
      conclusion: expect.stringContaining('verifies the signature'),
    })
    expect(spotsOf(view)).toEqual(['des_delivery', 'key_escrow', 'no_dates'])
    const forged = { ...certS, signature: await signCertS(stranger.privateKey, parts, webCrypto) }
    expect((await summarise(forged, context)).soundness).toBe('unsound')
    expect((await summarise({ ...certS, idCa: 'ID-Other' }, context)).soundness).toBe('open')
  })
})

describe('anything else', () => {
  it('has nothing to judge', async () => {
    const view = await summarise(
      { kind: 'other', ...COMMON, der: new Uint8Array([5, 0]), what: 'ASN.1' },
      context,
    )
    expect(view).toMatchObject({ heading: 'ASN.1', soundness: 'open', weakSpots: [] })
  })

  it('what is not of its kind is refused with a code', async () => {
    await expect(summarise(certificateArtifact(new Uint8Array([5, 0])), context)).rejects.toMatchObject({
      code: 'bad_certificate',
    })
  })
})
