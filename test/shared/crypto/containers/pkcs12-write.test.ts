/** PKCS#12 files of this program: read again here, and by OpenSSL. Other tools: `test/integration/export-formats.test.ts`. */
import { spawnSync } from 'node:child_process'
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { toHex, type Bytes } from '#shared/bytes'
import { readElement, readChildren } from '#shared/crypto/encodings/der'
import { readPkcs12 } from '#shared/crypto/containers/pkcs12'
import {
  pkcs12Length,
  writePkcs12,
  type Pkcs12Input,
  type Pkcs12Strength,
} from '#shared/crypto/containers/pkcs12-write'
import { systemEnvironment } from '#shared/hl1/environment'
import { always } from '../../../support/unlock'
import { authorityCredentials, serverCredentials } from '../../../support/credentials'

vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

const { random } = systemEnvironment
const PASSPHRASE = 'grüne Wiese 🌱 "$HOME"'
const STRENGTHS = ['modern', 'compatible'] as const

let folder: string
let input: Pkcs12Input
let chain: Pkcs12Input
let files: Record<(typeof STRENGTHS)[number], Bytes>

/** Runs `openssl pkcs12` on a file of the given strength. */
function openssl(strength: Pkcs12Strength, options: readonly string[], passphrase = PASSPHRASE) {
  const arguments_ = ['pkcs12', '-in', `${strength}.p12`, '-passin', 'env:PASSPHRASE', ...options]
  const env = { ...process.env, PASSPHRASE: passphrase }
  const { status, stdout, stderr } = spawnSync('openssl', arguments_, { cwd: folder, env, encoding: 'utf8' })
  return { ok: status === 0, output: stdout + stderr }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pkcs12-write-'))
  const authority = await authorityCredentials(Date.now())
  const { certificate, privateKey } = await serverCredentials(authority, Date.now())
  input = { pkcs8: privateKey.pkcs8, certificates: [certificate.der], friendlyName: 'ID-Server' }
  chain = { ...input, certificates: [certificate.der, authority.certificate.der] }
  files = {
    modern: await writePkcs12(chain, 'modern', PASSPHRASE, random),
    compatible: await writePkcs12(chain, 'compatible', PASSPHRASE, random),
  }
  for (const strength of STRENGTHS) await writeFile(join(folder, `${strength}.p12`), files[strength])
})

afterAll(() => rm(folder, { recursive: true }))

describe.each(STRENGTHS)('a %s file', (strength) => {
  it('opens with its passphrase, and has the key, its certificate and the chain', async () => {
    const { certificates, keys } = await readPkcs12(files[strength], always(PASSPHRASE))
    expect(certificates.map(({ der }) => toHex(der))).toEqual(chain.certificates.map((der) => toHex(der)))
    expect(keys.map(({ der }) => toHex(der))).toEqual([toHex(chain.pkcs8)])
  })

  it('names key and certificate, and ties them together by the certificate’s SHA-1', async () => {
    const { certificates, keys } = await readPkcs12(files[strength], always(PASSPHRASE))
    const localKeyId = createHash('sha1').update(chain.certificates[0]).digest('hex')
    for (const entry of [certificates[0]!, keys[0]!])
      expect([entry.friendlyName, toHex(entry.localKeyId!)]).toEqual(['ID-Server', localKeyId])
    expect([certificates[1]!.friendlyName, certificates[1]!.localKeyId]).toEqual([undefined, undefined])
  })

  it('opens with no other passphrase', async () => {
    const other = readPkcs12(files[strength], always(`${PASSPHRASE} `))
    await expect(other).rejects.toMatchObject({ code: 'wrong_passphrase' })
    expect(openssl(strength, ['-noout'], 'another').ok).toBe(false)
  })

  it('is as long as foretold, for every remainder of the block length', async () => {
    expect(await pkcs12Length(chain, strength)).toBe(files[strength].length)
    for (const friendlyName of ['', 'abc', 'x'.repeat(70)]) {
      const made = await writePkcs12({ ...input, friendlyName }, strength, 'x', random)
      expect(await pkcs12Length({ ...input, friendlyName }, strength)).toBe(made.length)
    }
  })

  it('is other bytes each time', async () => {
    const again = await writePkcs12(chain, strength, PASSPHRASE, random)
    expect(again.length).toBe(files[strength].length)
    expect(toHex(again.slice(-60))).not.toBe(toHex(files[strength].slice(-60)))
  })

  it('is DER: definite lengths throughout, nothing left over', () => {
    const visit = (bytes: Uint8Array, at: number): void => {
      const element = readElement(bytes, at)
      if ((element.tag & 0x20) !== 0)
        for (const child of readChildren(bytes, element)) visit(bytes, child.start)
    }
    const file = files[strength]
    visit(file, 0)
    expect(readElement(file).end).toBe(file.length)
    // The authenticated safe stands in an OCTET STRING, and so does what is in it.
    const [, safe] = readChildren(file, readElement(file))
    const content = readChildren(file, readChildren(file, safe!)[1]!)[0]!
    visit(file, content.contentStart)
    expect(readElement(file, content.contentStart).end).toBe(content.end)
  })

  it('is read by OpenSSL with the promised methods', () => {
    const { ok, output } = openssl(strength, ['-info', '-nokeys'])
    expect(ok, output).toBe(true)
    expect(output.match(/BEGIN CERTIFICATE/g)).toHaveLength(2)
    const promised =
      strength === 'modern'
        ? [
            'MAC: sha256, Iteration 100000',
            'PBES2, PBKDF2, AES-256-CBC, Iteration 250000, PRF hmacWithSHA256',
          ]
        : ['MAC: sha1, Iteration 10000', 'pbeWithSHA1And3-KeyTripleDES-CBC, Iteration 10000']
    for (const part of promised) expect(output).toContain(part)
    // Twice: for the certificates and for the key.
    expect(output.split(promised[1]!).length - 1).toBe(2)
  })
})

describe('a file under PBMAC1', () => {
  it('has the MAC of RFC 9579 over its content, by PBKDF2 and HMAC-SHA-256 of the passphrase in UTF-8', async () => {
    const file = await writePkcs12(chain, 'pbmac1', PASSPHRASE, random)
    expect(await pkcs12Length(chain, 'pbmac1')).toBe(file.length)
    const children = (
      bytes: Bytes,
      ...path: readonly number[]
    ): readonly { start: number; content: Bytes }[] => {
      const step = (at: number, [index, ...rest]: readonly number[]): number =>
        index === undefined ? at : step(readChildren(bytes, readElement(bytes, at))[index]!.start, rest)
      return readChildren(bytes, readElement(bytes, step(0, path))).map(({ start, contentStart, end }) => ({
        start,
        content: bytes.slice(contentStart, end),
      }))
    }
    const authenticated = children(file, 1, 1)[0]!.content
    const [, digest] = children(file, 2, 0)
    const [salt, iterations, length, prf] = children(file, 2, 0, 0, 1, 0, 1)
    const [, , times] = children(file, 2)
    expect(toHex(children(file, 2, 0, 0)[0]!.content)).toBe('2a864886f70d01050e')
    expect([toHex(iterations!.content), toHex(length!.content)]).toEqual(['03d090', '20'])
    expect(toHex(prf!.content)).toBe('06082a864886f70d02090500')
    expect([new TextDecoder().decode(children(file, 2)[1]!.content), toHex(times!.content)]).toEqual([
      'NOT USED',
      '01',
    ])
    const key = pbkdf2Sync(PASSPHRASE, salt!.content, 250_000, 32, 'sha256')
    expect(toHex(digest!.content)).toBe(createHmac('sha256', key).update(authenticated).digest('hex'))
  })

  it('is read by an OpenSSL that doesn’t know the MAC, when it may leave that out', async () => {
    await writeFile(join(folder, 'pbmac1.p12'), await writePkcs12(chain, 'pbmac1', PASSPHRASE, random))
    const { ok, output } = openssl('pbmac1', ['-nomacver', '-nodes'])
    expect(ok, output).toBe(true)
    expect(output.match(/BEGIN (CERTIFICATE|PRIVATE KEY)/g)).toHaveLength(3)
  })
})

it('the attributes are in the order of DER, whichever is longer', async () => {
  const order = async (friendlyName: string): Promise<(string | undefined)[]> => {
    const made = await writePkcs12({ ...input, friendlyName }, 'compatible', 'x', random)
    await writeFile(join(folder, 'order.p12'), made)
    const env = { ...process.env, PASSPHRASE: 'x' }
    const arguments_ = ['pkcs12', '-in', 'order.p12', '-passin', 'env:PASSPHRASE', '-nokeys']
    const { stdout } = spawnSync('openssl', arguments_, { cwd: folder, env, encoding: 'utf8' })
    return [...stdout.matchAll(/^ +(friendlyName|localKeyID)/gm)].map(([, name]) => name)
  }
  expect(await order('short')).toEqual(['friendlyName', 'localKeyID'])
  expect(await order('as long as')).toEqual(['friendlyName', 'localKeyID'])
  expect(await order('a longer name')).toEqual(['localKeyID', 'friendlyName'])
})
