/** What single things can be written as: keys of any kind, certificates, requests, and what else the inspector shows. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, X509Certificate } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { fromUtf8, toUtf8, type Bytes } from '#shared/bytes'
import { filesOf, type GivenFile, type GivenGroup } from '#shared/export/given'
import { nameProblem } from '#shared/export/names'
import type { Artifact, PrivateKeyArtifact, PublicKeyArtifact } from '#shared/inspect/artifact'
import { readPkcs12 } from '#shared/crypto/containers/pkcs12'
import { always } from '../../support/unlock'
import { systemEnvironment } from '#shared/hl1/environment'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { authorityCredentials, serverCredentials } from '../../support/credentials'

const { random } = systemEnvironment
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ED25519 = generateKeyPairSync('ed25519')
const X25519 = generateKeyPairSync('x25519')
const SECP256K1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const RSA_PSS = generateKeyPairSync('rsa-pss', { modulusLength: 2048 })
const BRAINPOOL = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' })

let authority: AuthorityCredentials
let server: ServerCredentials

beforeAll(async () => {
  authority = await authorityCredentials(Date.now())
  server = await serverCredentials(authority, Date.now())
})

const bytes = (buffer: Buffer): Bytes => new Uint8Array(buffer)
const common = { id: 'x', title: 'CN=ID-Server', source: 'a file' }
const publicKey = ({ publicKey: key }: typeof ED25519): PublicKeyArtifact => ({
  ...common,
  kind: 'public-key',
  spki: bytes(key.export({ type: 'spki', format: 'der' })),
})
const privateKey = ({ privateKey: key }: typeof ED25519): PrivateKeyArtifact => ({
  ...common,
  kind: 'private-key',
  pkcs8: bytes(key.export({ type: 'pkcs8', format: 'der' })),
})
const formats = ([group]: readonly GivenGroup[]): string[] => group!.files.map(({ format }) => format)
const find = ([group]: readonly GivenGroup[], format: string): GivenFile =>
  group!.files.find((file) => file.format === format)!

/** The same point with a first byte that says it is compressed. */
function compressed(spki: Bytes): Bytes {
  const wrong = spki.slice()
  wrong[wrong.length - 65] = 2
  return wrong
}

/** A key whose inside is no ECPrivateKey any more. */
function damaged(pkcs8: Bytes): Bytes {
  const wrong = pkcs8.slice()
  wrong[wrong.findIndex((_, index) => index > 25 && wrong[index] === 0x30)] = 0x31
  return wrong
}

describe('a key has the forms that its kind has', () => {
  it.each([
    ['RSA', RSA, ['pem', 'der', 'pkcs1', 'jwk', 'jwks', 'openssh']],
    ['P-256', P256, ['pem', 'der', 'jwk', 'jwks', 'openssh']],
    ['Ed25519', ED25519, ['pem', 'der', 'jwk', 'jwks', 'openssh']],
    ['X25519', X25519, ['pem', 'der', 'jwk', 'jwks']],
    ['secp256k1', SECP256K1, ['pem', 'der', 'jwk', 'jwks']],
    ['RSA-PSS', RSA_PSS, ['pem', 'der', 'jwk', 'jwks', 'openssh']],
    ['brainpoolP256r1', BRAINPOOL, ['pem', 'der']],
  ])('public, %s', async (_name, pair, expected) => {
    expect(formats(await filesOf(publicKey(pair)))).toEqual(expected)
  })

  it.each([
    ['RSA', RSA, ['pem', 'der', 'pkcs1', 'pkcs1-der', 'jwk', 'jwks']],
    ['P-256', P256, ['pem', 'der', 'jwk', 'jwks']],
    ['Ed25519', ED25519, ['pem', 'der', 'jwk', 'jwks']],
    ['X25519', X25519, ['pem', 'der', 'jwk', 'jwks']],
    ['secp256k1', SECP256K1, ['pem', 'der', 'jwk', 'jwks']],
    ['RSA-PSS', RSA_PSS, ['pem', 'der', 'jwk', 'jwks']],
    ['brainpoolP256r1', BRAINPOOL, ['pem', 'der']],
  ])('private, %s', async (_name, pair, expected) => {
    const groups = await filesOf(privateKey(pair))
    expect(formats(groups)).toEqual(expected)
    expect(groups[0]!.private && groups[0]!.files.every((file) => file.private)).toBe(true)
  })

  it.each([
    ['RSA', RSA],
    ['P-256', P256],
  ])('and each is the key: %s', async (_name, pair) => {
    const open = await filesOf(publicKey(pair))
    const secret = await filesOf(privateKey(pair))
    const text = async (file: GivenFile): Promise<string> => fromUtf8(await file.encode(undefined))
    const jwk = JSON.parse(await text(find(open, 'jwk'))) as Record<string, string>
    expect(createPublicKey({ key: jwk, format: 'jwk' }).equals(pair.publicKey)).toBe(true)
    expect(createPublicKey(await text(find(open, 'pem'))).equals(pair.publicKey)).toBe(true)
    expect(createPrivateKey(await text(find(secret, 'pem'))).equals(pair.privateKey)).toBe(true)
  })
})

it('a form that can’t be made of a key is told with the reason, and takes no other along', async () => {
  const [open] = await filesOf({ ...publicKey(P256), spki: compressed(publicKey(P256).spki) })
  expect(open!.files.map(({ format }) => format)).toEqual(['pem', 'der'])
  expect(open!.missing.map(({ format }) => format)).toEqual(['jwk', 'jwks'])
  for (const { reason } of open!.missing) expect(reason).toMatch(/both coordinates\.$/)
  const [secret] = await filesOf({ ...privateKey(P256), pkcs8: damaged(privateKey(P256).pkcs8) })
  expect(secret!.files.map(({ format }) => format)).toEqual(['pem', 'der'])
  for (const { reason } of secret!.missing) expect(reason).toMatch(/\S.*\.$/)
})

it('a private key goes into PKCS#12 with its certificates, and says what is missing without them', async () => {
  const artifact: Artifact = { ...common, kind: 'private-key', pkcs8: server.privateKey.pkcs8 }
  const [alone] = await filesOf(artifact)
  expect(alone!.missing).toEqual([
    { format: 'pkcs12', reason: 'It holds the key’s certificate too: open that as well.' },
  ])
  const chain = [server.certificate.der, authority.certificate.der]
  const [group] = await filesOf(artifact, chain)
  expect(group!.missing).toEqual([])
  for (const format of ['pkcs12', 'pkcs12-compatible']) {
    const file = find([group!], format)
    expect([file.lock, file.holds]).toEqual([
      'always',
      expect.stringMatching(/its certificate and 1 above that\.$/),
    ])
    const made = await file.encode({ passphrase: 'x', random }, 'my entry')
    expect((await file.encode({ passphrase: 'x', random })).length).toBe(file.bytes)
    const read = await readPkcs12(made, always('x'))
    expect(read.keys.map((key) => [key.friendlyName, key.der])).toEqual([['my entry', artifact.pkcs8]])
    expect(read.certificates.map(({ der }) => der)).toEqual(chain)
  }
})

it('a private key is locked with the passphrase, and its size is foretold', async () => {
  const groups = await filesOf(privateKey(RSA))
  for (const format of ['pem', 'der']) {
    const file = find(groups, format)
    const plain = await file.encode(undefined)
    const locked = await file.encode({ passphrase: 'correct horse', random })
    expect([file.lock, file.bytes, file.lockedBytes]).toEqual(['optional', plain.length, locked.length])
    const form = format === 'der' ? ({ format: 'der', type: 'pkcs8' } as const) : {}
    const read = createPrivateKey({ key: Buffer.from(locked), passphrase: 'correct horse', ...form })
    expect(read.equals(RSA.privateKey)).toBe(true)
  }
  expect(find(groups, 'jwk').lock).toBe('never')
})

describe('a certificate', () => {
  const artifact = (): Artifact => ({ ...common, kind: 'certificate', der: server.certificate.der })

  it('is PEM, DER and a fingerprint as OpenSSL prints it', async () => {
    const groups = await filesOf(artifact())
    expect(groups.map(({ title }) => title)).toEqual(['Certificate'])
    expect(formats(groups)).toEqual(['pem', 'der', 'text'])
    expect(fromUtf8(await find(groups, 'pem').encode(undefined))).toBe(server.certificate.pem)
    const { fingerprint256 } = new X509Certificate(server.certificate.der)
    const text = fromUtf8(await find(groups, 'text').encode(undefined))
    expect(text).toBe(`sha256 Fingerprint=${fingerprint256}\n`)
  })

  it('is a chain, too, with those above it', async () => {
    const [, chain] = await filesOf(artifact(), [authority.certificate.der])
    expect(formats([chain!])).toEqual(['pem', 'pkcs7', 'pkcs7-der'])
    const pem = fromUtf8(await find([chain!], 'pem').encode(undefined))
    expect(pem).toBe(server.certificate.pem + authority.certificate.pem)
  })
})

describe('other things', () => {
  it('are the bytes that they are', async () => {
    const der = toUtf8('anything')
    const kinds: readonly Artifact[] = [
      { ...common, kind: 'request', der },
      { ...common, kind: 'other', der, what: 'Something' },
      { ...common, kind: 'signature', signature: der, scheme: 'RSASSA-PSS' },
      { ...common, kind: 'symmetric-key', symbol: 'K_sess', key: der },
    ]
    for (const artifact of kinds) {
      const [group] = await filesOf(artifact)
      expect(await group!.files.at(-1)!.encode(undefined)).toEqual(der)
      expect(group!.private).toBe(artifact.kind === 'symmetric-key')
    }
    expect(await filesOf({ ...common, kind: 'symmetric-key', symbol: 'K_sess' })).toEqual([])
  })

  it('have the exact text that was signed, where it is Cert_S', async () => {
    const parts = { idS: 'ID-Server', idCa: 'ID-CA', pkS: server.publicKey.pem }
    const [group] = await filesOf({ ...common, kind: 'cert-s', ...parts, signature: server.certS! })
    const json = JSON.parse(fromUtf8(await group!.files[0]!.encode(undefined))) as Record<string, string>
    expect(json['signed_text']).toBe(`ID-Server\nID-CA\n${server.publicKey.pem}`)
    expect(json['signature']).toBe(Buffer.from(server.certS!).toString('base64'))
  })
})

it.each([
  ['CN=ID-Server', 'ID-Server.crt'],
  ['CN=größer & kleiner, O=Lab', 'größer-kleiner.crt'],
  ['../../etc/passwd', 'exported.crt'],
  ['CON', 'exported.crt'],
  ['', 'exported.crt'],
  [`CN=${'x'.repeat(300)}`, `${'x'.repeat(60)}.crt`],
])('the title %s makes a name that every system takes', async (title, name) => {
  const groups = await filesOf({ ...common, title, kind: 'certificate', der: server.certificate.der })
  expect(find(groups, 'pem').name).toBe(name)
  for (const file of groups[0]!.files) expect(nameProblem(file.name)).toBeUndefined()
})
