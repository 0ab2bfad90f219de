/** Command lines: which there are, for which files, and how names are quoted. What they print: test/integration. */
import { execFileSync } from 'node:child_process'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Artifact } from '#shared/inspect/artifact'
import { labFiles, type CommandFiles } from '#shared/commands/files'
import { filesFor } from '#shared/commands/files-for'
import { line, verbatim } from '#shared/commands/lines'
import { commandsFor } from '#shared/commands/commands-for'
import { EXPORT_FILES, type ExportFileId } from '#shared/export/items'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { authorityCredentials, serverCredentials } from '../../support/credentials'

const NAMES = Object.fromEntries(EXPORT_FILES.map(({ id, name }) => [id, name])) as Record<
  ExportFileId,
  string
>
const SERVER_FILES = labFiles('server', NAMES)
const of = { id: 'x', title: 'CN=ID-Server', source: 'a test' }

let authority: AuthorityCredentials
let server: ServerCredentials
let certificate: Artifact

beforeAll(async () => {
  authority = await authorityCredentials(Date.now())
  server = await serverCredentials(authority, Date.now())
  certificate = { kind: 'certificate', ...of, der: server.certificate.der }
})

const idsOf = (artifact: Artifact, files: CommandFiles): string[] =>
  commandsFor(artifact, files).map(({ id }) => id)

describe('a line', () => {
  it('has names that a shell takes as they are', () => {
    for (const name of ['plain.crt', "it's", '-rf', '$HOME', '`id`', 'a b', 'a;b', '!', 'é', '*', '\\']) {
      const text = line`printf '%s' ${name}`!
      const printed = execFileSync('sh', ['-c', text], { encoding: 'utf8' })
      expect(printed).toBe(name.startsWith('-') ? `./${name}` : name)
    }
  })

  it('is not there without one of its names', () => {
    expect(line`cat ${undefined} ${'b'}`).toBeUndefined()
    expect(line`cat ${verbatim('-n')} ${'b'}`).toBe('cat -n b')
  })
})

describe('the commands', () => {
  it('leave out what needs a file that is not there', () => {
    const ids = idsOf(certificate, { certificate: 'server.crt' })
    expect(ids).toContain('certificate_text')
    for (const id of [
      'certificate_verify',
      'certificate_key',
      'signature_open',
      'chain_list',
      'pkcs12_list',
    ]) {
      expect(ids).not.toContain(id)
      expect(idsOf(certificate, SERVER_FILES)).toContain(id)
    }
    expect(idsOf(certificate, {})).toEqual([])
  })

  it('have purposes of one sentence, lines of one line, and ids that are unique', () => {
    const artifacts: readonly Artifact[] = [
      certificate,
      { kind: 'public-key', ...of, spki: server.publicKey.spki },
      { kind: 'private-key', ...of, pkcs8: server.privateKey.pkcs8 },
    ]
    for (const artifact of artifacts) {
      const commands = commandsFor(artifact, SERVER_FILES, '127.0.0.1')
      expect(commands.length).toBeGreaterThan(7)
      expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
      for (const { purpose, line: text } of commands) {
        expect(purpose).toMatch(/^[A-Z].*\.$/)
        expect(text).not.toContain('\n')
      }
    }
  })

  it('judge a server for its host, and an authority as one', () => {
    const verify = (artifact: Artifact, files: CommandFiles, host: string): string =>
      commandsFor(artifact, files, host).find(({ id }) => id === 'certificate_verify')!.line
    const files = { certificate: 'server.crt', authority: 'ca.crt' }
    expect(verify(certificate, files, 'localhost')).toBe(
      'openssl verify -x509_strict -auth_level 2 -purpose sslserver -verify_hostname localhost -CAfile ca.crt server.crt',
    )
    expect(verify(certificate, { ...files, intermediates: 'in between.crt' }, '::1')).toBe(
      "openssl verify -x509_strict -auth_level 2 -purpose sslserver -verify_ip ::1 -CAfile ca.crt -untrusted 'in between.crt' server.crt",
    )
    const own: Artifact = { kind: 'certificate', ...of, der: authority.certificate.der }
    expect(verify(own, labFiles('authority', NAMES), 'localhost')).toBe(
      'openssl verify -x509_strict -auth_level 2 -CAfile ca.crt ca.crt',
    )
    for (const host of ['', '$(reboot)', '-help', 'a b', "a'b", 'a;b']) {
      expect(verify(certificate, files, host)).not.toContain('-verify_')
    }
  })

  it('take the signature out of where it stands', () => {
    const open = commandsFor(certificate, SERVER_FILES).find(({ id }) => id === 'signature_open')!.line
    // The BIT STRING at the end: its header, a byte of unused bits, 256 bytes of signature.
    expect(open).toContain(`-strparse ${server.certificate.der.length - 256 - 5} `)
  })
})

describe('file names', () => {
  it('of the lab are those of the export', () => {
    expect(SERVER_FILES).toMatchObject({
      certificate: 'server.crt',
      issuer: 'ca.crt',
      authority: 'ca.crt',
      key: 'server.key',
      chain: 'server-chain.crt',
    })
    expect(labFiles('authority', NAMES)).toMatchObject({ certificate: 'ca.crt', key: 'ca.key' })
    expect(labFiles('server', { 'ca-certificate/pem': 'mine.crt' })).toEqual({
      issuer: 'mine.crt',
      authority: 'mine.crt',
    })
  })

  it('of anything else are those that its export begins with', async () => {
    expect(await filesFor(certificate)).toEqual({ certificate: 'ID-Server.crt' })
    const { spki } = server.publicKey
    expect(await filesFor({ kind: 'public-key', ...of, title: 'PK_S', spki })).toEqual({
      publicKey: 'PK_S-public.pem',
      openssh: 'PK_S-ssh.pub',
    })
    expect(await filesFor({ kind: 'symmetric-key', ...of, symbol: 'K_sess' })).toEqual({})
  })
})
