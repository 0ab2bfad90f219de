/**
 * The commands for a file that was opened are asked of that file as it lies on disk, whatever its name and form, and every one
 * of them succeeds in a shell and speaks of what is in it.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Artifact } from '#shared/inspect/artifact'
import { shellWord } from '#shared/export/names'
import { openFile } from '#shared/inspect/open'
import { commandsOf } from '../../renderer/common/inspect/worker/commands'
import { ForeignFiles, PASSPHRASE } from '../support/foreign-files'
import { sample } from '../support/sample'

vi.setConfig({ testTimeout: 120_000, hookTimeout: 60_000 })

const FAULTS = join(import.meta.dirname, '../vectors/faults/files')
/** Names that a shell, OpenSSL or a reader could take for something else. */
const NAMES = [
  'plain',
  'two  words',
  `it's "quoted"`,
  '-in',
  'a\nline',
  'at the end\n',
  'right\u202eot left',
  '$HOME;`id`',
  '100%d\\n!',
  'file:x',
  '@list',
  ' ',
  'ключ\u00a0и пробел',
] as const

const foreign = new ForeignFiles()
afterAll(() => foreign.remove())

interface Case {
  readonly title: string
  readonly bytes: () => Uint8Array
  /** Which of what comes out; the last unless said. */
  readonly kind: Artifact['kind']
  readonly passphrase?: string
  /** What the commands print among them. */
  readonly said: readonly string[]
  /** True where something has to be exported too. */
  readonly exports?: boolean
}

const openssl = (...args: readonly string[]): Uint8Array => foreign.openssl(...args)
const fault = (name: string): Uint8Array => readFileSync(join(FAULTS, name))
const ssh = (...args: readonly string[]): void => void foreign.run('ssh-keygen', '-q', '-N', '', ...args)
const locked = ['-topk8', '-passout', 'env:PASSPHRASE', '-iter', '10']
const p12 = ['pkcs12', '-export', '-inkey', 'ec.key', '-in', 'ec.crt', '-passout', 'env:PASSPHRASE']

const CASES: readonly Case[] = [
  {
    title: 'a certificate in PEM',
    bytes: () => openssl('x509', '-in', 'rsa.crt'),
    kind: 'certificate',
    said: ['rsa.example', 'Modulus=', '0:d=0'],
  },
  {
    title: 'a certificate in PEM behind its text, with CR LF',
    bytes: () => Buffer.from(String(openssl('x509', '-in', 'ec.crt', '-text')).replaceAll('\n', '\r\n')),
    kind: 'certificate',
    said: ['ec.example', '0:d=0'],
  },
  {
    title: 'a certificate in DER',
    bytes: () => openssl('x509', '-in', 'rsa.crt', '-outform', 'DER'),
    kind: 'certificate',
    said: ['rsa.example', 'Modulus=', '0:d=0'],
  },
  {
    title: 'a request in PEM',
    bytes: () => openssl('req', '-in', 'ed25519.csr'),
    kind: 'request',
    said: ['ed25519.example', 'verify OK'],
  },
  {
    title: 'a request in DER',
    bytes: () => openssl('req', '-in', 'rsa.csr', '-outform', 'DER'),
    kind: 'request',
    said: ['rsa.example', 'verify OK'],
  },
  {
    title: 'a public key in PEM',
    bytes: () => openssl('pkey', '-in', 'rsa.key', '-pubout'),
    kind: 'public-key',
    said: ['Public-Key: (2048 bit)', 'ssh-rsa '],
  },
  {
    title: 'a public key in DER',
    bytes: () => openssl('pkey', '-in', 'ec.key', '-pubout', '-outform', 'DER'),
    kind: 'public-key',
    said: ['Public-Key: (384 bit)', 'ecdsa-sha2-nistp384 '],
  },
  {
    title: 'a public key of Ed25519 in PEM',
    bytes: () => openssl('pkey', '-in', 'ed25519.key', '-pubout'),
    kind: 'public-key',
    said: ['ED25519'],
    exports: true,
  },
  {
    title: 'a line of OpenSSH',
    bytes: () => foreign.read('ssh-rsa.pub'),
    kind: 'public-key',
    said: ['Public-Key: (2048 bit)', 'SHA256:'],
  },
  {
    title: 'a private key in PEM',
    bytes: () => openssl('pkey', '-in', 'rsa.key'),
    kind: 'private-key',
    said: ['Key is valid', 'Verified OK'],
  },
  {
    title: 'a private key in PEM of its own form, behind its curve',
    bytes: () => openssl('ecparam', '-name', 'secp384r1', '-genkey'),
    kind: 'private-key',
    said: ['Key is valid', 'Verified OK'],
  },
  {
    title: 'a private key of PKCS#1 in DER',
    bytes: () => openssl('rsa', '-in', 'rsa.key', '-traditional', '-outform', 'DER'),
    kind: 'private-key',
    said: ['Key is valid', 'Verified OK'],
  },
  {
    title: 'a locked private key in PEM',
    bytes: () => openssl('pkcs8', '-in', 'ec.key', ...locked),
    kind: 'private-key',
    passphrase: PASSPHRASE,
    said: ['Key is valid', 'BEGIN PUBLIC KEY'],
  },
  {
    title: 'a locked private key in DER',
    bytes: () => openssl('pkcs8', '-in', 'rsa.key', ...locked, '-outform', 'DER'),
    kind: 'private-key',
    passphrase: PASSPHRASE,
    said: ['Key is valid', 'BEGIN PUBLIC KEY'],
  },
  {
    title: 'a locked private key in OpenSSL’s older PEM',
    bytes: () => openssl('rsa', '-in', 'rsa.key', '-traditional', '-aes128', '-passout', 'env:PASSPHRASE'),
    kind: 'private-key',
    passphrase: PASSPHRASE,
    said: ['Key is valid', 'BEGIN PUBLIC KEY'],
  },
  {
    title: 'the certificate in a PKCS#12 file',
    bytes: () => openssl(...p12),
    kind: 'certificate',
    passphrase: PASSPHRASE,
    said: ['ec.example', '0:d=0'],
  },
  {
    title: 'the key in a PKCS#12 file',
    bytes: () => openssl(...p12),
    kind: 'private-key',
    passphrase: PASSPHRASE,
    said: ['Key is valid'],
  },
  {
    title: 'a PKCS#12 file',
    bytes: () => openssl(...p12),
    kind: 'other',
    passphrase: PASSPHRASE,
    said: ['MAC: sha256'],
  },
  {
    title: 'a PKCS#12 file with RC2',
    bytes: () => openssl(...p12, '-legacy'),
    kind: 'other',
    passphrase: PASSPHRASE,
    said: ['MAC: sha1'],
  },
  { title: 'a revocation list in PEM', bytes: () => fault('11-crl.pem'), kind: 'other', said: ['(CRL)'] },
  {
    title: 'an OCSP response',
    bytes: () => fault('10b-ocsp-response.der'),
    kind: 'other',
    said: ['OCSP Response Status: successful'],
  },
  {
    title: 'an S/MIME message',
    bytes: () => fault('12-smime-multipart.eml'),
    kind: 'other',
    said: ['signerInfos'],
  },
  {
    title: 'PKCS#7 in PEM',
    bytes: () => openssl('crl2pkcs7', '-nocrl', '-certfile', 'rsa.crt'),
    kind: 'other',
    said: ['CMS_ContentInfo', '0:d=0'],
  },
  { title: 'parameters of DSA', bytes: () => fault('90d-dsaparams.der'), kind: 'other', said: ['Q:'] },
]

beforeAll(() => {
  ssh('-t', 'rsa', '-b', '2048', '-f', 'ssh-rsa')
})

/** Runs a line as a person would, without a terminal. */
function run(line: string, folder: string): Promise<{ readonly code: number | null; readonly all: string }> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: 'C.UTF-8' }
    const child = spawn('sh', ['-c', line], { cwd: folder, detached: true, env })
    const all: string[] = []
    child.stdout.on('data', (chunk: Buffer) => all.push(String(chunk)))
    child.stderr.on('data', (chunk: Buffer) => all.push(String(chunk)))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, all: all.join('') }))
    child.stdin.on('error', () => undefined)
    child.stdin.end(`${PASSPHRASE}\n`.repeat(3))
  })
}

async function commandsFor(each: Case, name: string) {
  const bytes = new Uint8Array(each.bytes())
  const { artifacts } = await openFile(bytes, name, each.passphrase)
  const artifact = artifacts.findLast(({ kind }) => kind === each.kind)
  expect(artifact?.file?.name, each.title).toBe(name)
  const list = await commandsOf({
    artifact: artifact!,
    ...{ owner: undefined, names: {}, certificates: [], host: '' },
  })
  return { bytes, ...list }
}

describe('commands on a file as it lies', () => {
  it.each(CASES.map((each, index) => [each.title, each, NAMES[index % NAMES.length]!] as const))(
    '%s',
    async (_title, each, name) => {
      const folder = foreign.path(`folder-${CASES.indexOf(each)}`)
      mkdirSync(folder)
      const { bytes, commands, files } = await commandsFor(each, name)
      writeFileSync(join(folder, name), bytes, { mode: 0o600 })
      expect(files.some(({ own }) => own)).toBe(true)
      const exported = files.filter(({ own }) => !own).map((file) => file.name)
      expect(exported.length > 0).toBe(each.exports === true)
      // Without a terminal, one passphrase can be typed and no more.
      const isRun = (line: string): boolean =>
        !exported.some((file) => line.includes(file)) &&
        (each.passphrase === undefined || line.split(shellWord(name)).length === 2)
      let said = ''
      for (const { line } of commands.filter((command) => isRun(command.line))) {
        const { code, all } = await run(line, folder)
        expect(code, `${line}\n${all}`).toBe(0)
        said += all
      }
      for (const text of each.said) expect(said).toContain(text)
    },
  )

  const called = sample('names', NAMES, 3, () => '')
  it.each(called.map((name) => [JSON.stringify(name), name] as const))('called %s', async (_shown, name) => {
    const folder = foreign.path(`named-${NAMES.indexOf(name)}`)
    mkdirSync(folder)
    for (const each of [CASES[0]!, CASES[2]!, CASES[9]!]) {
      const { bytes, commands } = await commandsFor(each, name)
      writeFileSync(join(folder, name), bytes, { mode: 0o600 })
      for (const { id, line } of commands.filter(({ tool }) => tool === 'openssl')) {
        const { code, all } = await run(line, folder)
        expect(code, `${id}: ${line}\n${all}`).toBe(0)
        // What is on the screen is what is copied, whatever the name.
        if (!name.endsWith('\n')) expect(line).not.toMatch(/[\n\u202e\u00a0]/)
      }
    }
  })
})

describe('commands stay with what the export writes', () => {
  it.each([
    [
      'of several in a file',
      () => Buffer.concat([openssl('x509', '-in', 'rsa.crt'), openssl('x509', '-in', 'ec.crt')]),
    ],
    ['of a JWK', () => Buffer.from(JSON.stringify({ kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }))],
    [
      'in base64 without marks',
      () => Buffer.from(String(openssl('x509', '-in', 'rsa.crt')).replace(/-----.*-----\n/g, '')),
    ],
    ['in UTF-16', () => Buffer.from(`\ufeff${String(openssl('x509', '-in', 'rsa.crt'))}`, 'utf16le')],
    [
      'in one line of base64',
      () => Buffer.from(String(openssl('x509', '-in', 'rsa.crt')).replace(/(?<=[A-Za-z0-9+/]{64})\n/g, '')),
    ],
  ])('%s', async (_title, make) => {
    const { artifacts } = await openFile(new Uint8Array(make()), 'any')
    expect(artifacts.map(({ file }) => file)).toEqual(artifacts.map(() => undefined))
  })

  it('where a name could not be read as Unicode', async () => {
    const bytes = new Uint8Array(openssl('x509', '-in', 'rsa.crt'))
    expect((await openFile(bytes, 'caf\ufffd.crt')).artifacts[0]?.file).toBeUndefined()
  })
})
