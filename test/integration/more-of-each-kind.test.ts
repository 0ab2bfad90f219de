/**
 * More members of the kinds of faults that test/vectors/faults stands for: keys whose halves are of two keys, numbers written in other
 * lengths, keys of security keys, comments, and formats to name. Each was read wrongly once, or not named.
 */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js'
import { generateKeyPairSync, pbkdf2Sync, randomBytes } from 'node:crypto'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { toUtf8, type Bytes } from '#shared/bytes'
import { writeElement } from '#shared/crypto/encodings/der'
import { encodeOid } from '#shared/crypto/encodings/oid-text'
import { openFile } from '#shared/inspect/open'
import { summarise } from '#shared/inspect/summary'
import { generalNamesText } from '#shared/inspect/x509/general-names'
import { ForeignFiles, PASSPHRASE } from '../support/foreign-files'
import { jwkOf } from '../support/jwk'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

const foreign = new ForeignFiles()
afterAll(() => foreign.remove())

const [INTEGER, BIT_STRING, OCTET_STRING, SEQUENCE] = [0x02, 0x03, 0x04, 0x30] as const
const oid = (text: string): Uint8Array => writeElement(0x06, encodeOid(text)!)
const octets = (bytes: Uint8Array): Uint8Array => writeElement(OCTET_STRING, bytes)
const number = (value: number): Uint8Array => writeElement(INTEGER, Uint8Array.of(value))
const sequence = (...parts: readonly Uint8Array[]): Bytes => writeElement(SEQUENCE, ...parts)
const pem = (label: string, der: Uint8Array): string => {
  const lines = Buffer.from(der)
    .toString('base64')
    .match(/.{1,64}/g)!
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}
const open = (content: string | Uint8Array, passphrase?: string) =>
  openFile(typeof content === 'string' ? toUtf8(content) : new Uint8Array(content), 'a file', passphrase)

async function judged(content: string) {
  const { artifacts } = await open(content)
  const context = { now: Date.now(), trustAnchors: [], intermediates: [], host: '' }
  return summarise(artifacts[0]!, context)
}

describe('a key in two halves', () => {
  it.each(['ed25519', 'ed448', 'x25519', 'x448'] as const)(
    'of %s in a JWK is sound, and unsound with the public half of another',
    async (kind) => {
      const pair = (): object => jwkOf(generateKeyPairSync(kind as 'ed25519').privateKey)
      const [one, other] = [pair(), pair() as { readonly x: string }]
      expect((await judged(JSON.stringify(one))).soundness).toBe('sound')
      const mixed = await judged(JSON.stringify({ ...one, x: other.x }))
      expect(mixed).toMatchObject({
        soundness: 'unsound',
        conclusion: expect.stringContaining('of another key'),
      })
    },
  )

  it('in OpenSSH’s form is refused where its private half is not that of the public one in front', async () => {
    const [own, other] = [edKey(), edKey()]
    const { artifacts } = await open(opensshFile(own.blob, own.secret, 'x'))
    expect(artifacts).toMatchObject([{ kind: 'private-key', title: 'x, private key' }])
    await expect(open(opensshFile(other.blob, own.secret, 'x'))).rejects.toMatchObject({
      code: 'bad_openssh_key',
      message: expect.stringContaining('put together from two keys'),
    })
  })
})

it.each([
  ['with one more', -1],
  ['without its leading zeros', 1],
])('a secret number on a curve, written %s, is the same key, as for OpenSSL', async (_how, cut) => {
  let secret = Buffer.alloc(0)
  let point = Buffer.alloc(0)
  // One in 256 begins with a zero.
  for (let found = false; !found;) {
    const { d, x, y } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      format: 'jwk',
    })
    const coordinates = [x, y].map((text) => Buffer.from(text!, 'base64url'))
    secret = Buffer.from(d!, 'base64url')
    point = Buffer.concat([Buffer.of(4), ...coordinates])
    found = cut < 0 || secret[0] === 0
  }
  const written = cut < 0 ? Buffer.concat([Buffer.of(0), secret]) : secret.subarray(cut)
  const publicPart = writeElement(0xa1, writeElement(BIT_STRING, new Uint8Array(1), point))
  const curve = writeElement(0xa0, oid('1.2.840.10045.3.1.7'))
  const key = pem('EC PRIVATE KEY', sequence(number(1), octets(written), curve, publicPart))
  foreign.write('odd.pem', key)
  expect(String(foreign.openssl('pkey', '-in', 'odd.pem', '-check', '-noout'))).toContain('Key is valid')
  expect((await judged(key)).soundness).toBe('sound')
})

describe('a key of a security key', () => {
  const point = Buffer.concat([Buffer.of(4), randomBytes(64)])
  it.each([
    ['sk-ssh-ed25519@openssh.com', [edKey().point], 'Ed25519'],
    ['sk-ecdsa-sha2-nistp256@openssh.com', ['nistp256', point], 'P-256'],
  ])('%s is shown by its public half, with what it is for and its comment', async (kind, fields, shown) => {
    const blob = Buffer.concat([kind, ...fields, 'ssh:work'].map(string))
    const secret = Buffer.concat([blob, Buffer.of(1), ...[randomBytes(64), ''].map(string)])
    const { artifacts, notes } = await open(opensshFile(blob, secret, 'stick of Zoë'))
    expect(notes).toEqual([expect.stringContaining('in a security key')])
    expect(artifacts).toMatchObject([{ kind: 'public-key', title: 'stick of Zoë' }])
    const { heading, facts } = await summarise(artifacts[0]!, {
      ...{ now: 0, trustAnchors: [], intermediates: [], host: '' },
    })
    expect(heading).toContain(shown)
    expect(facts).toContainEqual({ title: 'Application', text: 'ssh:work' })
  })
})

describe('ChaCha20-Poly1305', () => {
  it('in PBES2 opens (RFC 8103), and says it where the passphrase is wrong', async () => {
    const plain = new Uint8Array(
      foreign.openssl('pkcs8', '-topk8', '-nocrypt', '-in', 'ec.key', '-outform', 'DER'),
    )
    const [salt, nonce] = [randomBytes(8), randomBytes(12)]
    const key = pbkdf2Sync('secret', salt, 1000, 32, 'sha256')
    const sealed = chacha20poly1305(key, nonce).encrypt(plain)
    const iterations = writeElement(INTEGER, Uint8Array.of(0x03, 0xe8))
    const prf = sequence(oid('1.2.840.113549.2.9'), Uint8Array.of(5, 0))
    const derivation = sequence(oid('1.2.840.113549.1.5.12'), sequence(octets(salt), iterations, prf))
    const cipher = sequence(oid('1.2.840.113549.1.9.16.3.18'), octets(nonce))
    const scheme = sequence(oid('1.2.840.113549.1.5.13'), sequence(derivation, cipher))
    const file = pem('ENCRYPTED PRIVATE KEY', sequence(scheme, octets(sealed)))
    expect((await open(file, 'secret')).artifacts).toMatchObject([{ kind: 'private-key', pkcs8: plain }])
    await expect(open(file, 'other')).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })

  it('of OpenSSH opens, and the comment is UTF-8', async () => {
    const options = ['-q', '-t', 'ed25519', '-N', PASSPHRASE, '-C', 'née', '-f', 'chacha']
    foreign.run('ssh-keygen', ...options, '-Z', 'chacha20-poly1305@openssh.com', '-a', '2')
    const { artifacts } = await open(foreign.read('chacha'), PASSPHRASE)
    expect(artifacts).toMatchObject([{ kind: 'private-key', title: 'née, private key' }])
    await expect(open(foreign.read('chacha'), 'other')).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })
})

it('a comment that is no UTF-8 is read as Latin-1', async () => {
  const { blob, secret } = edKey()
  const { artifacts } = await open(opensshFile(blob, secret, Buffer.from('gr\xfcn', 'latin1')))
  expect(artifacts).toMatchObject([{ title: 'grün, private key' }])
})

it('a name with a comma is no second name', () => {
  const names = [
    { kind: 'URI', value: 'http://a/b, DNS: good.example' },
    { kind: 'DNS', value: 'a"b' },
    { kind: 'DNS', value: 'plain.example' },
  ] as const
  const views = names.map((name) => ({ ...name, content: new Uint8Array() }))
  expect(generalNamesText(views)).toBe(
    'URI: "http://a/b, DNS: good.example", DNS: "a\\"b", DNS: plain.example',
  )
})

it('a JWK without its curve is told what it lacks', async () => {
  await expect(open('{"kty":"EC","x":"AA","y":"AA"}')).rejects.toMatchObject({
    message: expect.stringContaining('lacks the member crv'),
  })
})

it.each([
  ['minisign', 'untrusted comment: minisign public key ABC\nRWQf6LRCGA9i53ml\n', 'minisign'],
  [
    'WireGuard',
    '# home\n[Interface]\nPrivateKey = yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=\n',
    'WireGuard',
  ],
  ['SPKAC', 'SPKAC=MIIBQDCBqjCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkCgYEA\n', 'SPKAC'],
  ['KeePass', Buffer.from('03d9a29a67fb4bb501000400', 'hex'), 'KeePass'],
  ['a property list', Buffer.from('bplist00\xd4\x01\x02', 'latin1'), 'property list'],
  ['a key of a TPM', pem('TSS2 PRIVATE KEY', sequence(oid('2.23.133.10.1.3'), number(1))), 'TPM'],
])('%s is named, with what to do', async (_format, content, named) => {
  await expect(open(content)).rejects.toMatchObject({
    code: 'unsupported_format',
    message: expect.stringMatching(new RegExp(`It is an? [^.]*${named}[^.]*\\. .{20}`)),
  })
})

/** SSH’s string: its length, then its bytes. */
function string(content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content as string)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function edKey() {
  const { d, x } = jwkOf(generateKeyPairSync('ed25519').privateKey)
  const [seed, point] = [d, x].map((text) => Buffer.from(text!, 'base64url')) as [Buffer, Buffer]
  const blob = Buffer.concat(['ssh-ed25519', point].map(string))
  return { point, blob, secret: Buffer.concat([blob, string(Buffer.concat([seed, point]))]) }
}

/** PROTOCOL.key of OpenSSH’s sources, without a passphrase. */
function opensshFile(blob: Uint8Array, secret: Uint8Array, comment: Uint8Array | string): string {
  const check = Buffer.from([0, 0, 0, 7, 0, 0, 0, 7])
  const content = Buffer.concat([check, secret, string(comment)])
  const padding = Buffer.from(Array.from({ length: (8 - (content.length % 8)) % 8 }, (_, at) => at + 1))
  const head = [
    Buffer.from('openssh-key-v1\0'),
    ...['none', 'none', ''].map(string),
    Buffer.from([0, 0, 0, 1]),
  ]
  const body = [string(blob), string(Buffer.concat([content, padding]))]
  return pem('OPENSSH PRIVATE KEY', Buffer.concat([...head, ...body]))
}
