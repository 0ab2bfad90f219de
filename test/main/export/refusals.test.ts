/** What is refused before anything is written: wrong requests, and folders that are none. */
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { parseExportRequest, type ExportRequest } from '#shared/export'
import { USUAL_FILES } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import type { ExportSources } from '#main/export/contents'
import { planExport } from '#main/export/plan'
import { encodeExport, writeExport, type ExportOptions } from '#main/export/write'
import { authorityCredentials, serverCredentials } from '../../support/credentials'

const ALL: ExportRequest = {
  files: USUAL_FILES.map(({ id }) => ({ id })),
}

let sources: ExportSources
let folder: string
let options: ExportOptions

const inFolder = (name: string): string => join(folder, name)
const list = async (): Promise<string[]> => (await readdir(folder)).sort()

beforeAll(async () => {
  const authority = await authorityCredentials(Date.now())
  sources = { authority, server: await serverCredentials(authority, Date.now()) }
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-refusals-'))
  options = { folder, sources, random: systemEnvironment.random, ask: async () => true }
})

afterEach(() => rm(folder, { recursive: true }))

describe('an export is refused before the first byte', () => {
  const request = (change: object): ExportRequest => ({ ...ALL, ...change })

  const key = (change: object): ExportRequest => ({ files: [{ id: 'server-private-key/pem' }], ...change })
  const named = (...names: string[]): ExportRequest => ({
    files: names.map((name, index) => ({ id: USUAL_FILES[index]!.id, name })),
  })

  it.each([
    ['nothing is chosen', request({ files: [] }), 'export_nothing_chosen'],
    ['a file is unknown', request({ files: [{ id: '../ca.crt/pem' }] }), 'export_bad_request'],
    ['a file has no such form', request({ files: [{ id: 'cert-s/pkcs12' }] }), 'export_bad_request'],
    ['the passphrase is empty', request({ passphrase: '' }), 'export_bad_passphrase'],
    ['the passphrase is too long', request({ passphrase: 'x'.repeat(257) }), 'export_bad_passphrase'],
    ['the passphrase has a line break', request({ passphrase: 'a\nb' }), 'export_bad_passphrase'],
    ['the passphrase is half a character', request({ passphrase: '\ud83c' }), 'export_bad_passphrase'],
    ['the passphrase is no text', request({ passphrase: 1234 }), 'export_bad_passphrase'],
    ['leave to replace is for an unknown file', request({ overwrite: ['all'] }), 'export_bad_request'],
    ['a name leads out of the folder', named('../ca.crt'), 'export_bad_name'],
    ['a name is empty', named(''), 'export_bad_name'],
    ['two names are one', named('a.crt', 'b.crt', 'A.CRT'), 'export_bad_name'],
    ['the name in a PKCS#12 file is empty', request({ friendlyName: '' }), 'export_bad_name'],
    ['the name in a PKCS#12 file is no BMP text', request({ friendlyName: '🌱' }), 'export_bad_name'],
    [
      'a PKCS#12 file has no passphrase',
      key({ files: [{ id: 'server-private-key/pkcs12' }] }),
      'export_passphrase_missing',
    ],
  ] as const)('when %s', async (_name, refused, code) => {
    await expect(writeExport(refused as ExportRequest, options)).rejects.toMatchObject({ code })
    expect(await list()).toEqual([])
  })

  it('when the person says no, who is told what is at stake', async () => {
    const ask = vi.fn(async () => false)
    await writeFile(inFolder('ca.crt'), 'old')
    const files = [
      { id: 'ca-certificate/pem' },
      { id: 'ca-private-key/pem', name: 'a.key' },
      { id: 'server-private-key/jwk' },
      { id: 'server-private-key/pkcs12' },
    ] as const
    const asked: ExportRequest = {
      files: [...files],
      passphrase: 'x',
      overwrite: true,
      // A page's word for it is no word at all.
      ...{ confirmPlain: true, confirmAuthorityKey: true },
    }
    const code = 'export_confirmation_missing'
    await expect(writeExport(asked, { ...options, ask })).rejects.toMatchObject({ code })
    expect(ask.mock.calls).toEqual([
      [
        {
          secrets: [
            { name: 'server.p12', owner: 'server', locked: true },
            { name: 'server.jwk', owner: 'server', locked: false },
            { name: 'a.key', owner: 'authority', locked: true },
          ],
          replacing: ['ca.crt'],
        },
      ],
    ])
    expect(await list()).toEqual(['ca.crt'])
    const one: ExportRequest = { files: [{ id: 'server-private-key/pem' }] }
    await expect(encodeExport(one, { ...options, ask })).rejects.toMatchObject({ code })
    expect(ask.mock.lastCall).toEqual([
      { secrets: [{ name: 'server.key', owner: 'server', locked: false }], replacing: [] },
    ])
  })

  it('when a file appears while the person thinks: what they did not see is not replaced', async () => {
    const ask = async (): Promise<boolean> => {
      await writeFile(inFolder('ca.crt'), 'new')
      return true
    }
    const asked: ExportRequest = { files: [{ id: 'ca-certificate/pem' }], overwrite: true }
    await expect(writeExport(asked, { ...options, ask })).rejects.toMatchObject({ code: 'export_exists' })
    expect(await readFile(inFolder('ca.crt'), 'utf8')).toBe('new')
  })

  it('when an item is not there yet, with the reason', async () => {
    const failed = writeExport(ALL, { ...options, sources: { ...sources, server: undefined } })
    await expect(failed).rejects.toMatchObject({ code: 'export_not_available' })
    await expect(failed).rejects.toThrow('Server certificate chain, PEM: The server has no certificate yet')
    expect(await list()).toEqual([])
  })

  it.each([
    ['is not there', 'missing', false],
    ['is not there, and its parent neither', 'missing/deeper', true],
    ['is a file', 'file', true],
    ['would be inside a file', 'file/inside', true],
    ['is a link that leads nowhere', 'dangling', true],
  ])('when the folder %s', async (_name, path, createFolder) => {
    await writeFile(inFolder('file'), 'no folder')
    await symlink('nowhere', inFolder('dangling'))
    const there = { ...options, folder: inFolder(path), createFolder }
    await expect(writeExport(ALL, there)).rejects.toMatchObject({ code: 'export_folder_missing' })
    await expect(planExport(there)).rejects.toMatchObject({ code: 'export_folder_missing' })
    expect(await list()).toEqual(['dangling', 'file'])
  })

  it('when the folder has no name', async () => {
    await expect(writeExport(ALL, { ...options, folder: '' })).rejects.toMatchObject({
      code: 'export_folder_missing',
    })
  })
})

describe('a request from a window', () => {
  it.each([undefined, null, 'ca-certificate', [], {}, { files: 'ca-certificate/pem' }, { files: [1] }])(
    'that is %j is refused',
    (value) => {
      expect(() => parseExportRequest(value)).toThrow(expect.objectContaining({ code: 'export_bad_request' }))
    },
  )

  it('keeps what is known of it and drops the rest', () => {
    const files = [{ id: 'cert-s/json' as const, name: 'mine.json' }]
    const request = { files, passphrase: 'x'.repeat(256), overwrite: ['cert-s/json' as const] }
    expect(parseExportRequest({ ...request, folder: '/' })).toEqual(request)
  })
})
