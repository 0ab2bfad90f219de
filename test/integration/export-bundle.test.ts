/** The ready bundle, under names of the person's own: every command of its README that this machine can run, run as it stands. */
import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { BUNDLE_FILE_IDS, type ExportFileId } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import { writeExport } from '#main/export/write'
import { authorityCredentials, serverCredentials } from '../support/credentials'
import { runTool, type ToolRun } from '../support/key-tools'
import { occupy } from '../support/ports'

const PASSPHRASE = 'correct horse battery staple'
const NAMES: Readonly<Partial<Record<ExportFileId, string>>> = {
  'server-certificate/pem': "web server's.crt",
  'server-private-key/pem': '-web.key',
  'ca-certificate/pem': 'my authority.pem',
  'server-private-key/pkcs12': 'größer.p12',
}
const VARIANTS = [
  { title: 'with plain keys and the usual names', protect: false, names: {} },
  { title: 'with locked keys and names of its own', protect: true, names: NAMES },
] as const

let root: string

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'export-bundle-'))
})
afterAll(() => rm(root, { recursive: true }))

describe.each(VARIANTS)('the README of a bundle $title', ({ protect, names }) => {
  let folder: string
  let readme: string
  let port: number

  /** The commands of a section: its indented lines. */
  function commandsOf(section: string): readonly string[] {
    const [, after = ''] = readme.split(`\n\n${section}\n\n`)
    const [body = ''] = after.split(/\n\n(?=Files|Are they|nginx|Node|curl|Java|Browsers|Keep to)/)
    return [...body.matchAll(/^ {4}(.*)$/gm)].map(([, line = '']) => line)
  }

  /** Runs a line as a person would, in a shell, in the folder. Prompts are answered with the passphrase. */
  function run(line: string): Promise<ToolRun> {
    return runTool('sh', ['-c', line], { cwd: folder, input: `${PASSPHRASE}\n` })
  }

  beforeAll(async () => {
    folder = join(root, protect ? 'locked' : 'plain')
    const free = await occupy()
    port = free.port
    await free.stop()
    const authority = await authorityCredentials(Date.now())
    const sources = { authority, server: await serverCredentials(authority, Date.now()) }
    const files = BUNDLE_FILE_IDS.map((id) => {
      const name = (names as typeof NAMES)[id]
      return name === undefined ? { id } : { id, name }
    })
    const request = { files, passphrase: PASSPHRASE, protect }
    const ask = async (): Promise<boolean> => true
    await writeExport(request, { folder, sources, random: systemEnvironment.random, ask, createFolder: true })
    readme = (await readFile(join(folder, 'README.txt'), 'utf8')).replaceAll('8443', String(port))
  })

  it('lists every file, and says which are private', () => {
    const lines = commandsOf('Files')
    expect(lines).toHaveLength(BUNDLE_FILE_IDS.length)
    const secret = protect ? '(PRIVATE, passphrase)' : '(PRIVATE)'
    expect(lines.filter((line) => line.endsWith(secret))).toHaveLength(protect ? 2 : 1)
    expect(readme).toMatch(/\nKeep to yourself, and delete when you are done: \S/)
    expect(readme.split('\n').filter((line) => line.length > 78 && !line.startsWith('    '))).toEqual([])
  })

  it('has commands that check the files, and they hold', async () => {
    const lines = commandsOf('Are they sound?')
    expect(lines.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
      'sha256sum -c',
      'openssl verify',
      'openssl x509',
      'openssl pkey',
    ])
    for (const line of lines) {
      // OpenSSL asks at the terminal, which a test has not.
      const isAsking = protect && line.startsWith('openssl pkey')
      const { ok, output } = await run(isAsking ? `${line} -passin stdin` : line)
      expect(ok, `${line}\n${output}`).toBe(true)
    }
    const { output } = await run(lines[0]!)
    expect(output.match(/: OK$/gm)).toHaveLength(BUNDLE_FILE_IDS.length - 1)
  })

  it('has a server for Node and a curl command that reaches it', async () => {
    const lines = commandsOf('Node')
    const start = lines.at(-1)!
    await writeFile(join(folder, 'serve.cjs'), lines.slice(0, -1).join('\n'))
    expect(start).toBe(protect ? "PASSPHRASE='…' node serve.cjs" : 'node serve.cjs')
    const server = await listening(start.replace('…', PASSPHRASE).replace('node serve', 'exec node serve'))
    try {
      const [line = ''] = commandsOf('curl')
      const { ok, stdout, output } = await run(line)
      expect([ok, stdout], output).toEqual([true, 'hello\n'])
      const other = await run(line.replace(/--cacert \S+|--cacert '[^']*'/, ''))
      expect(other.ok).toBe(false)
    } finally {
      server.kill()
    }
  })

  it('says which file is for whom: a TLS server of OpenSSL sends the chain, and curl trusts the authority’s alone', async () => {
    const [certificate = '', key = ''] = [
      ...readme.matchAll(/ssl_certificate(?:_key)? +"\/etc\/nginx\/tls\/([^"]+)"/g),
    ].map(([, name = '']) => name)
    expect(certificate).toBe('server-chain.crt')
    expect(readme.replace(/\s+/g, ' ')).toContain(
      `A server program (nginx, Apache, Node) gets ${certificate} and ${key}.`,
    )
    const quoted = [certificate, key].map((name) => `'./${name}'`)
    const server = await listening(
      `exec openssl s_server -accept 127.0.0.1:${port} -cert ${quoted[0]} -cert_chain ${quoted[0]} -key ${quoted[1]} -pass 'pass:${PASSPHRASE}' -www -quiet`,
    )
    try {
      const shown = await run(`openssl s_client -connect 127.0.0.1:${port} -showcerts </dev/null`)
      expect(shown.output).toMatch(/ 0 s:CN ?= ?ID-Server\n[\s\S]+ s:CN ?= ?ID-CA\n/)
      const [line = ''] = commandsOf('curl')
      expect((await run(`${line} -so /dev/null`)).ok).toBe(true)
    } finally {
      server.kill()
    }
  })

  it('has keytool commands that find the key and make a truststore', async () => {
    const [list = '', serve = '', trust = '', use = ''] = commandsOf('Java')
    const found = await run(list)
    expect(found.ok, found.output).toBe(true)
    expect(found.output).toContain('id-server')
    expect(readme).toContain('under the alias id-server')
    const made = await run(trust)
    expect(made.ok, made.output).toBe(true)
    const store = /trustStore=(\S+)/.exec(use)![1]!
    const trusted = await run(`keytool -list -keystore ${store} -storepass changeit`)
    expect(trusted.output).toContain('trustedCertEntry')
    expect(serve).toContain('-Djavax.net.ssl.keyStore=')
  })

  /** Starts a server and waits until something answers at its port. */
  async function listening(line: string): Promise<ChildProcess> {
    const child = spawn('sh', ['-c', line], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    let complaint = ''
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()))
    const probe = (): Promise<unknown> =>
      promisify(execFile)('curl', ['-sk', `https://127.0.0.1:${port}/`]).catch(() => undefined)
    while ((await probe()) === undefined)
      if (child.exitCode !== null) throw new Error(`The server ended:\n${complaint}`)
    return child
  }
})
