/** Whatever the app exports, its inspector opens again: the same certificates and keys, by their fingerprints. */
import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bytes } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { decodePem } from '#shared/crypto/encodings/pem'
import { makeRequest } from '#shared/crypto/pki/request'
import { webCrypto } from '#shared/crypto/provider'
import { EXPORT_FILES, type ExportFile, type ExportItemId } from '#shared/export/items'
import type { Artifact } from '#shared/inspect/artifact'
import { openFile } from '#shared/inspect/open'
import { systemEnvironment } from '#shared/hl1/environment'
import type { AuthorityCredentials, ServerCredentials } from '#shared/hl1/state'
import { writeExport } from '#main/export/write'
import { authorityCredentials, firstList, serverCredentials } from '../support/credentials'

const PASSPHRASE = 'grüne Wiese 🌱'
/** Texts about the other files: nothing in them can be opened. */
const ABOUT_OTHERS: readonly ExportItemId[] = ['fingerprints', 'readme', 'checksums']
const OPENED = EXPORT_FILES.filter(({ item }) => !ABOUT_OTHERS.includes(item.id))
const VARIANTS = OPENED.flatMap((file) =>
  file.lock === 'optional'
    ? [
        { file, locked: false },
        { file, locked: true },
      ]
    : [{ file, locked: file.lock === 'always' }],
)

let folder: string
let authority: AuthorityCredentials
let server: ServerCredentials

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-round-trip-'))
  authority = await authorityCredentials(Date.now())
  server = await serverCredentials(authority, Date.now())
  const files = EXPORT_FILES.map(({ id }) => ({ id }))
  const ask = async (): Promise<boolean> => true
  const { random } = systemEnvironment
  const sources = { authority, server, revocationList: await firstList(authority) }
  const options = { sources, random, ask, createFolder: true }
  for (const protect of [false, true]) {
    const request = { files, passphrase: PASSPHRASE, protect }
    await writeExport(request, { ...options, folder: join(folder, protect ? 'locked' : 'plain') })
  }
})
afterAll(() => rm(folder, { recursive: true }))

describe('an exported file opens in the inspector with the same fingerprints', () => {
  it.each(VARIANTS.map((variant) => ({ ...variant, name: nameOf(variant) })))(
    '$name',
    async ({ file, locked }) => {
      const bytes = await contentOf(file, locked)
      const opened = await openFile(bytes, file.name, locked ? PASSPHRASE : undefined)
      // Of a PKCS#12 file its own structure is shown as well.
      const found = opened.artifacts.filter(({ kind }) => kind !== 'other').map(fingerprint)
      expect(found).toEqual(await expected(file))
    },
  )

  it.each(VARIANTS.filter(({ locked }) => locked).map((variant) => ({ ...variant, name: nameOf(variant) })))(
    'and with no other passphrase: $name',
    async ({ file, locked }) => {
      const bytes = await contentOf(file, locked)
      await expect(openFile(bytes, file.name)).rejects.toMatchObject({ code: 'passphrase_needed' })
      await expect(openFile(bytes, file.name, 'another')).rejects.toMatchObject({ code: 'wrong_passphrase' })
    },
  )

  it('but what is about the other files says that it is none', async () => {
    for (const file of EXPORT_FILES.filter(({ item }) => ABOUT_OTHERS.includes(item.id))) {
      const opened = openFile(await contentOf(file, false), file.name)
      await expect(opened).rejects.toMatchObject({ code: 'not_recognised' })
    }
  })
})

function nameOf({ file, locked }: { readonly file: ExportFile; readonly locked: boolean }): string {
  return `${file.name}${locked ? ', locked' : ''}`
}

async function contentOf(file: ExportFile, locked: boolean): Promise<Bytes> {
  const where = locked && file.lock === 'optional' ? 'locked' : 'plain'
  return new Uint8Array(await readFile(join(folder, where, file.name)))
}

/** SHA-256 of what an artifact is, in one encoding for all forms. */
function fingerprint(artifact: Artifact): string {
  switch (artifact.kind) {
    case 'certificate':
    case 'request':
      return hash(artifact.kind, artifact.der)
    case 'public-key':
      return hash('public-key', artifact.spki)
    case 'private-key':
      return hash('private-key', artifact.pkcs8)
    case 'cert-s':
      return hash('cert-s', artifact.signature)
    default:
      return artifact.kind
  }
}

function hash(kind: string, bytes: Uint8Array): string {
  return `${kind} ${createHash('sha256').update(bytes).digest('hex')}`
}

/** What a file has to hold, in its order. */
async function expected(file: ExportFile): Promise<readonly string[]> {
  const certificates = (...list: readonly Certificate[]): string[] =>
    list.map(({ der }) => hash('certificate', der))
  const isStore = file.format.startsWith('pkcs12')
  switch (file.item.id) {
    case 'ca-certificate':
      return certificates(authority.certificate)
    case 'server-certificate':
      return certificates(server.certificate)
    case 'server-chain':
      return certificates(server.certificate, authority.certificate)
    case 'cert-s':
      return [hash('cert-s', server.certS!)]
    case 'server-public-key':
      return [hash('public-key', server.publicKey.spki)]
    case 'server-request': {
      const pem = await makeRequest(server.identity, server, webCrypto)
      return [hash('request', decodePem('CERTIFICATE REQUEST', pem))]
    }
    case 'server-private-key': {
      const key = hash('private-key', server.privateKey.pkcs8)
      return isStore ? [key, ...certificates(server.certificate, authority.certificate)] : [key]
    }
    case 'ca-private-key': {
      const key = hash('private-key', authority.keyPair.privateKey.pkcs8)
      return isStore ? [key, ...certificates(authority.certificate)] : [key]
    }
    default:
      return []
  }
}
