/** Every exported file against OpenSSL, and what can't be exported yet. */
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import { EXPORT_FILES, EXPORT_ITEMS, type ExportItemId } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import type { RegistrationState } from '#shared/hl1/state'
import { contentOf, type ExportSources } from '#main/export/contents'
import { planExport } from '#main/export/plan'
import { writeExport } from '#main/export/write'
import { authorityCredentials, firstList, serverCredentials } from '../../support/credentials'
import { fakeEnvironment } from '../../support/environment'
import { judge, runHonestly } from '../../support/handshake'

const { random } = systemEnvironment
const ask = async (): Promise<boolean> => true
const PASSPHRASE = 'grüne Wiese 🌱 "$HOME"'

// Deriving keys from passphrases is slow on purpose.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 })

/** Every file that there is. */
const ALL = EXPORT_FILES.map(({ id }) => ({ id }))

let folder: string
let locked: string
let sources: Required<Omit<ExportSources, 'isPublicOnly'>>

/** Runs OpenSSL in the folder of plain exports; it reads the passphrase from the environment. */
function openssl(arguments_: string, passphrase = PASSPHRASE, cwd = folder): { ok: boolean; output: string } {
  const env = { ...process.env, PASSPHRASE: passphrase }
  const { status, stdout, stderr } = spawnSync('openssl', arguments_.split(' '), { cwd, env })
  return { ok: status === 0, output: `${String(stdout)}${String(stderr)}` }
}

/** The output of a run that OpenSSL is content with. */
function accepted(arguments_: string, passphrase?: string, cwd?: string): string {
  const { ok, output } = openssl(arguments_, passphrase, cwd)
  expect(ok, output).toBe(true)
  return output
}

const reasons = async (from: ExportSources): Promise<Partial<Record<ExportItemId, string>>> =>
  Object.fromEntries((await planExport({ sources: from })).unavailable.map(({ id, reason }) => [id, reason]))

beforeAll(async () => {
  const authority = await authorityCredentials(Date.now())
  const server = await serverCredentials(authority, Date.now())
  sources = { authority, server, revocationList: await firstList(authority), trustAnchor: undefined }
  folder = await mkdtemp(join(tmpdir(), 'export-contents-'))
  locked = join(folder, 'locked')
  const request = { files: ALL }
  await writeExport({ ...request, passphrase: PASSPHRASE, protect: false }, { folder, sources, random, ask })
  const options = { folder: locked, sources, random, ask, createFolder: true }
  await writeExport({ ...request, passphrase: PASSPHRASE }, options)
})

afterAll(() => rm(folder, { recursive: true }))

describe('OpenSSL accepts', () => {
  it('both certificates, and the server’s as one that the authority issued', () => {
    expect(accepted('x509 -in ca.crt -noout -subject')).toContain('CN = ID-CA')
    expect(accepted('x509 -in server.crt -noout -subject')).toContain('CN = ID-Server')
    expect(accepted('verify -x509_strict -purpose sslserver -CAfile ca.crt server.crt')).toContain('OK')
  })

  it('the chain: the server’s certificate first, then the authority’s', async () => {
    const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
    expect(await read('server-chain.crt')).toBe((await read('server.crt')) + (await read('ca.crt')))
    expect(accepted('verify -CAfile ca.crt -untrusted server-chain.crt server-chain.crt')).toContain('OK')
    expect(accepted('storeutl -noout -certs server-chain.crt')).toContain('Total found: 2')
  })

  it('the public key, which is that of the certificate', async () => {
    accepted('pkey -pubin -in server-public.pem -noout')
    expect(accepted('x509 -in server.crt -noout -pubkey')).toBe(
      await readFile(join(folder, 'server-public.pem'), 'utf8'),
    )
  })

  it.each([
    ['server.key', 'server.crt'],
    ['ca.key', 'ca.crt'],
  ])('%s, plain, as the key to %s', async (key, certificate) => {
    expect(await readFile(join(folder, key), 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/)
    expect(accepted(`pkey -in ${key} -check -noout`)).toContain('Key is valid')
    expect(accepted(`pkey -in ${key} -pubout`)).toBe(accepted(`x509 -in ${certificate} -noout -pubkey`))
  })

  it.each(['server.key', 'ca.key'])('%s with its passphrase, and not with another', async (key) => {
    const path = join(locked, key)
    expect(await readFile(path, 'utf8')).toMatch(/^-----BEGIN ENCRYPTED PRIVATE KEY-----\n/)
    const opened = accepted(`pkcs8 -in ${path} -passin env:PASSPHRASE`)
    expect(opened).toBe(await readFile(join(folder, key), 'utf8'))
    expect(accepted(`pkey -in ${path} -passin env:PASSPHRASE -check -noout`)).toContain('Key is valid')
    expect(openssl(`pkcs8 -in ${path} -passin env:PASSPHRASE`, 'another').ok).toBe(false)
  })

  it('a passphrase as long as allowed, read from a file', async () => {
    const passphrase = '€'.repeat(256)
    const options = { folder: join(folder, 'long'), sources, random, ask, createFolder: true }
    await writeExport({ files: [{ id: 'server-private-key/pem' }], passphrase }, options)
    await writeFile(join(folder, 'long', 'passphrase'), `${passphrase}\n`)
    const arguments_ = 'pkey -in server.key -passin file:passphrase -check -noout'
    expect(accepted(arguments_, '', options.folder)).toContain('Key is valid')
  })

  it('the signature of Cert_S over the signed text', async () => {
    const json = JSON.parse(await readFile(join(folder, 'cert-s.json'), 'utf8')) as Record<string, string>
    expect(Object.keys(json)).toEqual(['id_s', 'id_ca', 'pk_s', 'signed_text', 'signature', 'algorithm'])
    expect(json['signed_text']).toBe(`${json['id_s']}\n${json['id_ca']}\n${json['pk_s']}`)
    expect(json).toMatchObject({ id_s: 'ID-Server', id_ca: 'ID-CA' })
    expect(json['pk_s']).toBe(await readFile(join(folder, 'server-public.pem'), 'utf8'))

    await writeFile(join(folder, 'signed'), json['signed_text']!)
    await writeFile(join(folder, 'signature'), Buffer.from(json['signature']!, 'base64'))
    await writeFile(join(folder, 'authority.pem'), accepted('x509 -in ca.crt -noout -pubkey'))
    const verify = 'dgst -sha256 -verify authority.pem -signature signature signed'
    expect(accepted(verify)).toContain('Verified OK')
    await writeFile(join(folder, 'signed'), `${json['signed_text']!} `)
    expect(openssl(verify).ok).toBe(false)
  })
})

describe('the plan', () => {
  it.each([
    ['plain', false],
    ['locked', true],
  ])('knows the size of every file of the lab, %s', async (_name, isLocked) => {
    const inFolder = isLocked ? locked : folder
    const { files, unavailable } = await planExport({ sources, folder: inFolder })
    expect(unavailable).toEqual([])
    expect(files.map(({ id }) => id)).toEqual(EXPORT_FILES.map(({ id }) => id))
    for (const { id, name, path, bytes, lockedBytes, exists } of files) {
      expect({ path, exists }).toEqual({ path: join(inFolder, name), exists: true })
      if (id === 'readme/text' || id === 'checksums/text') continue
      expect([name, isLocked ? (lockedBytes ?? bytes) : bytes]).toEqual([name, (await readFile(path)).length])
    }
  })

  it('has the text of every public file that is text, and of no private one', async () => {
    const { files } = await planExport({ sources, folder })
    const withText = files.filter(({ text }) => text !== undefined)
    for (const { path, text } of withText) expect(text).toBe(await readFile(path, 'utf8'))
    expect(withText.map(({ name }) => name)).toEqual([
      'ca.crt',
      'server.crt',
      'server-chain.crt',
      'server-chain.p7b',
      'cert-s.json',
      'server-public.pem',
      'server-public-pkcs1.pem',
      'server-public.jwk',
      'server-public.jwks',
      'server-ssh.pub',
      'server.csr',
      'ca-crl.pem',
      'fingerprints.txt',
    ])
    expect(JSON.stringify(files)).not.toContain('PRIVATE KEY')
  })

  it('says what is in the files, of private ones too', async () => {
    const { files } = await planExport({ sources })
    const holds = (id: string): string | undefined => files.find((file) => file.id === id)?.holds
    expect(holds('server-chain/pkcs7')).toBe('The certificate of CN=ID-Server, then that of CN=ID-CA.')
    expect(holds('server-private-key/jwk')).toBe('The private key of ID-Server: RSA, 2048 bits.')
    expect(holds('server-private-key/pkcs12')).toContain('its certificate and that of the authority')
    expect(holds('ca-private-key/pkcs12')).toMatch(/its certificate\.$/)
  })

  it('works before a folder is chosen', async () => {
    const plan = await planExport({ sources })
    expect(plan.folder).toBeUndefined()
    expect(plan.files).toContainEqual(
      expect.objectContaining({ id: 'cert-s/json', path: 'cert-s.json', exists: false, private: false }),
    )
  })

  it('has the names that were given last, also of what can’t be exported yet', async () => {
    const names = { 'server-certificate/pem': 'web.pem' } as const
    const { files, names: all } = await planExport({ sources, folder, names })
    expect(files.find(({ id }) => id === 'server-certificate/pem')).toMatchObject({
      name: 'web.pem',
      path: join(folder, 'web.pem'),
      exists: false,
    })
    const nothing = await planExport({ sources: { authority: undefined, server: undefined }, names })
    expect(nothing.names).toEqual(all)
    expect(Object.keys(all)).toEqual(EXPORT_FILES.map(({ id }) => id))
    expect([all['server-certificate/pem'], all['ca-certificate/pem']]).toEqual(['web.pem', 'ca.crt'])
  })

  it('says of every item why it is not there when nothing was started', async () => {
    const found = await reasons({ authority: undefined, server: undefined })
    const ofTheLab = EXPORT_ITEMS.filter(({ owner }) => owner !== 'export')
    expect(Object.keys(found)).toEqual(ofTheLab.map(({ id }) => id))
    for (const { id, owner } of ofTheLab) {
      expect(found[id]).toContain(owner === 'authority' ? 'start the certificate authority' : 'register it')
    }
  })

  it('has the authority’s own files before a server is registered', async () => {
    const found = await reasons({ ...sources, server: undefined })
    expect(Object.keys(found).sort()).toEqual(
      EXPORT_ITEMS.filter(({ owner }) => owner === 'server')
        .map(({ id }) => id)
        .sort(),
    )
  })

  it('makes no chain with an authority that has not issued the certificate', async () => {
    const stranger = await authorityCredentials(Date.now(), 'stranger')
    const found = await reasons({ ...sources, authority: stranger })
    expect(Object.keys(found)).toEqual(['server-chain'])
    expect(found['server-chain']).toContain('register the server again')
  })

  it('makes the chain with the trust anchor where the authority is another program', async () => {
    const trustAnchor = sources.authority!.certificate
    const found = await reasons({ server: sources.server, authority: undefined, trustAnchor })
    expect(Object.keys(found)).toEqual(['ca-revocation-list', 'ca-private-key'])
  })

  it('has no Cert_S for a server that was registered without one', async () => {
    const server = (({ certS: _none, ...rest }) => rest)(sources.server!)
    expect(Object.keys(await reasons({ ...sources, server }))).toEqual(['cert-s'])
  })
})

describe('what is about the other files', () => {
  it('has the checksum of each of them, as sha256sum reads it', async () => {
    const run = spawnSync('sha256sum', ['-c', '--strict', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })
    expect(run.status, run.stderr).toBe(0)
    expect(run.stdout.match(/: OK\n/g)).toHaveLength(EXPORT_FILES.length - 1)
    await writeFile(
      join(folder, 'copy'),
      (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).replace('0', '1'),
    )
    expect(spawnSync('sha256sum', ['-c', 'copy'], { cwd: folder }).status).not.toBe(0)
  })

  it('follows the names that were given, and is written alone too', async () => {
    const options = { folder: join(folder, 'named'), sources, random, ask, createFolder: true }
    const files = [
      { id: 'ca-certificate/pem', name: 'my authority.pem' },
      { id: 'readme/text', name: 'read me' },
      { id: 'checksums/text', name: 'sums' },
    ] as const
    await writeExport({ files: [...files] }, options)
    const readme = await readFile(join(options.folder, 'read me'), 'utf8')
    expect(readme).toContain("curl --cacert 'my authority.pem' https://localhost:8443/")
    expect(readme).not.toContain('nginx')
    expect(readme).not.toContain('Keep to yourself')
    const run = spawnSync('sha256sum', ['-c', '--strict', 'sums'], { cwd: options.folder, encoding: 'utf8' })
    expect(run.stdout).toBe('my authority.pem: OK\nread me: OK\n')
  })
})

describe('the request for a certificate', () => {
  it('is, in suite modern, the one of step 1, byte for byte', async () => {
    const { moments } = await runHonestly(fakeEnvironment(), { suite: 'modern' })
    const member = moments[1].record.members.find(({ name }) => name === 'csr_s')
    const { state } = await judge(moments[2], moments[2].frame)
    const { credentials: server } = state as RegistrationState
    const content = await contentOf('server-request', { authority: undefined, server })
    expect(content.kind).toBe('open')
    if (content.kind === 'open') expect(await content.encode('pem')).toEqual(toUtf8(String(member!.value)))
  })
})

it('of a recording what is public is exported, and nothing that takes a private key', async () => {
  const found = await reasons({ ...sources, isPublicOnly: true })
  expect(Object.keys(found).toSorted()).toEqual(['ca-private-key', 'server-private-key', 'server-request'])
  expect(found['ca-private-key']).toContain('Of a recording what is public is exported')
})
