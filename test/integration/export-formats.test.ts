/**
 * Every exported file, plain and under a passphrase, given to every tool that reads its form. What was measured is the table in
 * docs/formats.md; `UPDATE_DOCS=1` writes it anew.
 */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { opensshKey, opensshLine } from '#shared/crypto/encodings/openssh'
import { publicKeyFromSpki, type RsaKeyPair } from '#shared/crypto/primitives/rsa'
import { FORMATS } from '#shared/export/formats'
import { EXPORT_FILES, fileTitle, type ExportFile } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import { writeExport } from '#main/export/write'
import { authorityCredentials, firstList, serverCredentials } from '../support/credentials'
import { NODE, TLS } from '../support/formats/node'
import { OPENSSL } from '../support/formats/openssl'
import { CERTTOOL, KEYTOOL, SSH } from '../support/formats/others'
import type { Owner, Subject } from '../support/formats/reader'

const PASSPHRASE = 'correct horse battery staple'
const DOCUMENT = resolve(import.meta.dirname, '../../docs/formats.md')
/** Starting Java and deriving keys take their time. */
const PATIENCE_MS = 120_000

const READERS = [...OPENSSL, ...KEYTOOL, ...CERTTOOL, ...SSH, ...NODE, ...TLS]

let folder: string
let owners: Readonly<Record<'authority' | 'server', Owner>>

/** The file as it is written plain, and as it is written locked, where there is a difference. */
const VARIANTS = EXPORT_FILES.flatMap((file) =>
  file.lock === 'optional'
    ? [
        { file, locked: false },
        { file, locked: true },
      ]
    : [{ file, locked: file.lock === 'always' }],
)
const CELLS = VARIANTS.flatMap(({ file, locked }) =>
  READERS.flatMap(({ title, cellFor }) => {
    const cell = cellFor(file)
    return cell ? [{ file, locked, title, cell, name: locked ? `${file.name}, locked,` : file.name }] : []
  }),
)
/** How each file fared with each tool, by {@link keyOf}. */
const measured = new Map<string, boolean>()

function keyOf(file: ExportFile, locked: boolean, title: string): string {
  return `${file.id} ${locked} ${title}`
}

function subjectOf(file: ExportFile, locked: boolean): Subject {
  const where = locked && file.lock === 'optional' ? 'locked' : 'plain'
  const owner = owners[file.item.id.startsWith('ca-') ? 'authority' : 'server']
  return { file, folder: join(folder, where), name: file.name, locked, passphrase: PASSPHRASE, owner }
}

function ownerOf(identity: string, { publicKey, privateKey }: RsaKeyPair, chain: readonly string[]): Owner {
  return {
    identity,
    certificate: chain[0]!,
    chain,
    publicKey: publicKeyFromSpki(publicKey.spki).pem,
    privateKey: privateKey.pem,
    sshKey: opensshLine(opensshKey(publicKey.spki)!),
    pin: createHash('sha256').update(publicKey.spki).digest('base64'),
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-formats-'))
  const authority = await authorityCredentials(Date.now())
  const server = await serverCredentials(authority, Date.now())
  owners = {
    authority: ownerOf(authority.identity, authority.keyPair, [authority.certificate.pem]),
    server: ownerOf(server.identity, server, [server.certificate.pem, authority.certificate.pem]),
  }
  const revocationList = await firstList(authority)
  for (const protect of [false, true]) {
    await writeExport(
      {
        files: EXPORT_FILES.map(({ id }) => ({ id })),
        passphrase: PASSPHRASE,
        protect,
      },
      {
        folder: join(folder, protect ? 'locked' : 'plain'),
        createFolder: true,
        sources: { authority, server, revocationList },
        random: systemEnvironment.random,
        ask: async () => true,
      },
    )
  }
}, PATIENCE_MS)

afterAll(() => rm(folder, { recursive: true }))

describe('an exported file is read by the tools that know its form', () => {
  it.each(CELLS)(
    '$name by $title',
    async ({ file, locked, title, cell }) => {
      measured.set(keyOf(file, locked, title), false)
      await cell.read(subjectOf(file, locked))
      measured.set(keyOf(file, locked, title), true)
    },
    PATIENCE_MS,
  )
})

it('every form of a key or certificate has been read by at least one tool', () => {
  const unread = VARIANTS.filter(
    ({ file, locked }) => !CELLS.some((cell) => cell.file === file && cell.locked === locked),
  )
  // Read by people, by sha256sum, and by OpenSSL's dgst: tested elsewhere.
  const texts = ['cert-s/json', 'fingerprints/text', 'readme/text', 'checksums/text']
  // Debian 12 has no tool that knows RFC 9579: see pkcs12-write.test.ts.
  const tooNew = ['server-private-key/pkcs12-pbmac1', 'ca-private-key/pkcs12-pbmac1']
  expect(unread.map(({ file }) => file.id)).toEqual([...texts, ...tooNew])
})

it('the table in docs/formats.md is what was measured', async () => {
  const document = await readFile(DOCUMENT, 'utf8')
  const [before, after] = [document.indexOf('\n| form'), document.indexOf('\n# Files of other programs')]
  const expected = `${document.slice(0, before)}\n${table()}\n${document.slice(after)}`
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(DOCUMENT, expected)
  else expect(document).toBe(expected)
})

/** One row for a form of both the server's and the authority's files: a tick means that both were read. */
function table(): string {
  const rows = new Map<string, { readonly file: ExportFile; readonly locked: boolean }[]>()
  for (const variant of VARIANTS) {
    const title = rowTitle(variant)
    if (title !== undefined) rows.set(title, [...(rows.get(title) ?? []), variant])
  }
  const lines = [...rows].map(([title, variants]) => {
    const names = variants.map(({ file }) => `\`${file.name}\``).join(', ')
    const cells = READERS.map(({ title: tool, cellFor }) => {
      const asked = variants.flatMap(({ file, locked }) => {
        const cell = cellFor(file)
        return cell ? [{ how: cell.how, ok: measured.get(keyOf(file, locked, tool)) === true }] : []
      })
      if (asked.length === 0) return '–'
      return asked.every(({ ok }) => ok) ? [...new Set(asked.map(({ how }) => how))].join(', ') : 'refused'
    })
    return [title, names, ...cells]
  })
  const columns = ['form', 'files', ...READERS.map(({ title }) => title)]
  return [columns, columns.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function rowTitle({ file, locked }: { file: ExportFile; locked: boolean }): string | undefined {
  if (!READERS.some(({ cellFor }) => cellFor(file))) return undefined
  const kind = ROW_TITLES[file.item.id] ?? fileTitle(file)
  const lock = file.private ? (locked ? ', locked' : ', plain') : ''
  return `${kind}, ${FORMATS[file.format].title}${lock}`
}

const ROW_TITLES: Readonly<Partial<Record<ExportFile['item']['id'], string>>> = {
  'ca-certificate': 'certificate',
  'server-certificate': 'certificate',
  'server-chain': 'chain',
  'server-public-key': 'public key',
  'server-request': 'request',
  'ca-revocation-list': 'revocation list',
  'server-private-key': 'private key',
  'ca-private-key': 'private key',
}
