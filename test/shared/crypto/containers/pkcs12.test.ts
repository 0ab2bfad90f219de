/** PKCS#12 files of other tools, read here. Those of this program: `pkcs12-write.test.ts`. */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { bytesOf, parseBer, partsOf } from '#shared/crypto/encodings/ber'
import { readPkcs12 } from '#shared/crypto/containers/pkcs12'
import { integer, sequence } from '../../../support/der'
import { always } from '../../../support/unlock'
import { authorityCredentials, serverCredentials } from '../../../support/credentials'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const PASSPHRASE = 'grüne Wiese 🌱 "$HOME"'
const LEGACY = ['-provider', 'legacy', '-provider', 'default']

let folder: string
/** DER of the server's certificate, of the authority's, and of the server's key. */
let server: Bytes
let authority: Bytes
let key: Bytes

/** What OpenSSL exports: the server's key and certificate, with the authority's. */
async function exported(options: readonly string[], passphrase = PASSPHRASE): Promise<Bytes> {
  const files = ['-in', 'server.crt', '-inkey', 'server.key', '-certfile', 'ca.crt', '-out', 'made.p12']
  const arguments_ = ['pkcs12', '-export', ...files, '-passout', 'env:PASSPHRASE', ...options]
  const env = { ...process.env, PASSPHRASE: passphrase }
  const { status, stderr } = spawnSync('openssl', arguments_, { cwd: folder, env })
  expect(status, String(stderr)).toBe(0)
  return new Uint8Array(await readFile(join(folder, 'made.p12')))
}

/** The file with another number of iterations of its MAC. */
function withMacIterations(file: Bytes, count: Bytes): Bytes {
  const [version, safe, mac] = partsOf(parseBer(file), 'sequence').map(bytesOf)
  const [digest, salt] = partsOf(parseBer(mac!), 'sequence').map(bytesOf)
  return sequence(version!, safe!, sequence(digest!, salt!, count))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pkcs12-'))
  const issuer = await authorityCredentials(Date.now())
  const credentials = await serverCredentials(issuer, Date.now())
  ;[server, authority, key] = [
    credentials.certificate.der,
    issuer.certificate.der,
    credentials.privateKey.pkcs8,
  ]
  await writeFile(join(folder, 'server.crt'), credentials.certificate.pem)
  await writeFile(join(folder, 'ca.crt'), issuer.certificate.pem)
  await writeFile(join(folder, 'server.key'), credentials.privateKey.pem)
})

afterAll(() => rm(folder, { recursive: true }))

describe('what OpenSSL has written opens', () => {
  it.each([
    ['as it writes today', []],
    ['with SHA-512 and AES of 192 bits', ['-keypbe', 'AES-192-CBC', '-macalg', 'sha512']],
    ['with 3DES by PBES2', ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'DES-EDE3-CBC']],
    ['with 3DES and SHA-1', ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    ['as it wrote by default for decades, with RC2 of 40 bits', ['-legacy']],
    [
      'with 3DES of two keys and RC2 of 128 bits',
      ['-keypbe', 'PBE-SHA1-2DES', '-certpbe', 'PBE-SHA1-RC2-128', ...LEGACY],
    ],
    ['with an unencrypted key and certificates', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
    ['without a MAC', ['-nomac']],
    ['with Camellia', ['-keypbe', 'camellia-256-cbc', '-certpbe', 'camellia-128-cbc']],
    ['with a MAC of SHA-3', ['-macalg', 'sha3-256']],
    ['with a MAC of SHA-512/256', ['-macalg', 'sha512-256']],
    ['with one iteration', ['-iter', '1', '-nomaciter']],
  ])('%s', async (_name, options) => {
    const { certificates, keys } = await readPkcs12(await exported(options), always(PASSPHRASE))
    expect(certificates.map(({ der }) => toHex(der))).toEqual([toHex(server), toHex(authority)])
    expect(keys.map(({ der }) => toHex(der))).toEqual([toHex(key)])
  })

  it('with the names of its entries, and the number that ties the key to its certificate', async () => {
    const names = ['-name', 'Größe: my server', '-caname', 'the authority']
    const { certificates, keys } = await readPkcs12(await exported(names), always(PASSPHRASE))
    expect(certificates.map(({ friendlyName }) => friendlyName)).toEqual([
      'Größe: my server',
      'the authority',
    ])
    const id = createHash('sha1').update(server).digest('hex')
    expect([keys[0], certificates[0]].map((entry) => toHex(entry!.localKeyId!))).toEqual([id, id])
    expect(keys[0]!.friendlyName).toBe('Größe: my server')
    expect(certificates[1]!.localKeyId).toBeUndefined()
  })

  it('when it has certificates alone, or an empty passphrase', async () => {
    const alone = await readPkcs12(await exported(['-nokeys']), always(PASSPHRASE))
    expect([alone.certificates.length, alone.keys.length]).toEqual([2, 0])
    const empty = await readPkcs12(await exported(['-legacy'], ''), always(''))
    expect([empty.certificates.length, empty.keys.length]).toEqual([2, 1])
  })
})

describe('another passphrase', () => {
  it.each([
    ['today’s encryption', []],
    ['old encryption', ['-legacy']],
    ['no MAC', ['-nomac']],
    ['a MAC alone', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ])('is refused for a file with %s', async (_name, options) => {
    const file = await exported(options)
    for (const other of ['', 'another', PASSPHRASE.slice(0, -1)])
      await expect(readPkcs12(file, always(other))).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })
})

describe('what is not known', () => {
  it.each([
    [
      'RC4',
      ['-keypbe', 'PBE-SHA1-RC4-128', '-certpbe', 'PBE-SHA1-RC4-128', ...LEGACY],
      'pbeWithSHAAnd128BitRC4',
    ],
    ['ARIA', ['-keypbe', 'aria-256-cbc', '-certpbe', 'aria-128-cbc'], 'aria'],
    ['SM3', ['-macalg', 'sm3'], 'a MAC with'],
  ])('is named: %s', async (_name, options, name) => {
    const refused = readPkcs12(await exported(options), always(PASSPHRASE))
    await expect(refused).rejects.toMatchObject({ code: 'unsupported_encryption' })
    await expect(refused).rejects.toThrow(name)
  })
})

describe('bytes that are no such file', () => {
  it('are refused when cut short, at many lengths, and with a byte too many', async () => {
    const file = await exported([])
    for (let length = 0; length < file.length; length += 97)
      await expect(readPkcs12(file.slice(0, length), always(PASSPHRASE))).rejects.toMatchObject({
        code: 'bad_pkcs12',
      })
    const longer = new Uint8Array([...file, 0])
    await expect(readPkcs12(longer, always(PASSPHRASE))).rejects.toMatchObject({ code: 'bad_pkcs12' })
  })

  it('are refused when they are a certificate or a key', async () => {
    for (const other of [server, key])
      await expect(readPkcs12(other, always(PASSPHRASE))).rejects.toMatchObject({ code: 'bad_pkcs12' })
  })

  it.each([0, 10_000_001, 0x7fffffff])('are refused when their MAC asks for %i iterations', async (count) => {
    const refused = readPkcs12(
      withMacIterations(await exported([]), integer(count.toString(16).padStart(8, '0'))),
      always(PASSPHRASE),
    )
    await expect(refused).rejects.toMatchObject({ code: 'bad_pkcs12' })
    await expect(refused).rejects.toThrow(count.toLocaleString('en-GB'))
  })

  it('are refused when a flipped bit makes them another file', async () => {
    const file = await exported([])
    const flipped = file.slice()
    flipped[300]! ^= 1
    await expect(readPkcs12(flipped, always(PASSPHRASE))).rejects.toMatchObject({ code: 'wrong_passphrase' })
  })
})

it('other work gets its turn while a key is derived', async () => {
  const file = await exported(['-macalg', 'sha1', '-iter', '20000', '-keypbe', 'PBE-SHA1-3DES', '-legacy'])
  let turns = 0
  let going = true
  const count = (): void => {
    turns++
    if (going) setImmediate(count)
  }
  setImmediate(count)
  await readPkcs12(file, always(PASSPHRASE))
  going = false
  expect(turns).toBeGreaterThan(20)
})
