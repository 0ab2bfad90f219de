/** What is in the folder already: the very files of now, and keys of other pairs. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { systemEnvironment } from '#shared/hl1/environment'
import { publicBytes, type ExportSources } from '#main/export/contents'
import { hasSameBytes, oddFiles } from '#main/export/there'
import { writeExport, type Stake } from '#main/export/write'
import { authorityCredentials, serverCredentials } from '../../support/credentials'

let old: ExportSources
let now: ExportSources
let folder: string
let stakes: Stake[]

beforeAll(async () => {
  const authority = await authorityCredentials(Date.now())
  old = { authority, server: await serverCredentials(authority, Date.now()) }
  now = { authority, server: await serverCredentials(authority, Date.now(), 'other') }
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-there-'))
  stakes = []
})
afterEach(() => rm(folder, { recursive: true }))

const put = (request: Parameters<typeof writeExport>[0], sources: ExportSources) =>
  writeExport(request, {
    folder,
    sources,
    random: systemEnvironment.random,
    ask: async (stake) => {
      stakes.push(stake)
      return true
    },
  })

describe('a key in the folder', () => {
  const KEY_AND_CERTIFICATE = {
    files: [
      { id: 'server-private-key/pem' },
      { id: 'server-certificate/pem' },
      { id: 'ca-certificate/pem' },
    ] as const,
  }

  it('that is the lab’s key of now is nothing odd', async () => {
    await put({ files: [...KEY_AND_CERTIFICATE.files] }, old)
    expect(await oddFiles(folder, old)).toEqual([])
  })

  it('of an earlier registration does not fit, nor does its certificate; the authority’s still does', async () => {
    await put({ files: [...KEY_AND_CERTIFICATE.files] }, old)
    const found = await oddFiles(folder, now)
    expect(found.map(({ name, is }) => [name, is])).toEqual([
      ['server.crt', 'other'],
      ['server.key', 'other'],
    ])
  })

  it('under a passphrase can’t be told, in PEM and in PKCS#12', async () => {
    const passphrase = 'correct horse'
    await put(
      { files: [{ id: 'server-private-key/pem' }, { id: 'server-private-key/pkcs12' }], passphrase },
      old,
    )
    const found = await oddFiles(folder, now)
    expect(found.map(({ name, is }) => [name, is])).toEqual([
      ['server.key', 'locked'],
      ['server.p12', 'locked'],
    ])
  })

  it('is found under the name that it was given', async () => {
    const id = 'server-private-key/pem'
    await put({ files: [{ id, name: 'web.key' }] }, old)
    expect(await oddFiles(folder, now)).toEqual([])
    expect(await oddFiles(folder, now, { [id]: 'web.key' })).toMatchObject([
      { name: 'web.key', owner: 'server' },
    ])
  })

  it('is none where a file is no key at all', async () => {
    await writeFile(join(folder, 'server.key'), 'my notes')
    await writeFile(join(folder, 'server.crt'), '')
    expect(await oddFiles(folder, now)).toEqual([])
  })
})

describe('a file with the same bytes', () => {
  const request = {
    files: [{ id: 'server-certificate/pem' }, { id: 'ca-certificate/pem' }] as const,
    overwrite: true,
  }

  it('is told from one with others, and is none where there is a folder, or nothing', async () => {
    await put({ ...request, files: [...request.files] }, old)
    const bytes = (await publicBytes('server-certificate/pem', old))!
    expect(hasSameBytes(join(folder, 'server.crt'), bytes)).toBe(true)
    expect(hasSameBytes(join(folder, 'ca.crt'), bytes)).toBe(false)
    expect(hasSameBytes(folder, bytes)).toBe(false)
    expect(hasSameBytes(join(folder, 'gone'), bytes)).toBe(false)
  })

  it('is replaced without a question, others are asked about', async () => {
    await put({ ...request, files: [...request.files] }, old)
    await put({ ...request, files: [...request.files] }, now)
    expect(stakes.map(({ replacing }) => replacing)).toEqual([[], ['server.crt']])
    expect(await readFile(join(folder, 'server.crt'), 'utf8')).toBe(now.server!.certificate.pem)
  })
})
