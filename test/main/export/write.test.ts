/** What is written, with which modes, and what is left alone: in real folders. */
import { createHash } from 'node:crypto'
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '#shared/errors'
import type { ExportRequest } from '#shared/export'
import { USUAL_FILES } from '#shared/export/items'
import { systemEnvironment } from '#shared/hl1/environment'
import type { ExportSources } from '#main/export/contents'
import { planExport } from '#main/export/plan'
import { writeExport, type ExportOptions } from '#main/export/write'
import { authorityCredentials, serverCredentials } from '../../support/credentials'

/** What a test does just before the real call: look, make a file appear, or throw. */
const before = vi.hoisted(() => ({
  link: (_from: string, _to: string): unknown => undefined,
  rename: (_from: string, _to: string): unknown => undefined,
}))
/** Every file that was opened for writing: its mode and size before the first byte. */
const opened = vi.hoisted((): { name: string; mode: number; size: number }[] => [])

vi.mock('node:fs/promises', async (load) => {
  const real = await load<typeof import('node:fs/promises')>()
  return {
    ...real,
    link: async (from: string, to: string) => {
      await before.link(from, to)
      return real.link(from, to)
    },
    rename: async (from: string, to: string) => {
      await before.rename(from, to)
      return real.rename(from, to)
    },
    open: async (path: string, flags: number, mode?: number) => {
      const file = await real.open(path, flags, mode)
      const found = await file.stat()
      if (found.isFile()) opened.push({ name: path, mode: found.mode & 0o777, size: found.size })
      return file
    },
  }
})

const ALL: ExportRequest = {
  files: USUAL_FILES.map(({ id }) => ({ id })),
}
const NAMES = USUAL_FILES.map(({ name }) => name).sort()
const CERTIFICATES: ExportRequest = {
  files: [{ id: 'ca-certificate/pem' }, { id: 'server-certificate/pem' }, { id: 'server-chain/pem' }],
}
const KEY: ExportRequest = { files: [{ id: 'server-private-key/pem' }] }

let sources: ExportSources
let folder: string
let options: ExportOptions

const inFolder = (name: string): string => join(folder, name)
const read = (name: string): Promise<string> => readFile(inFolder(name), 'utf8')
const put = (name: string, text = `old ${name}`): Promise<void> => writeFile(inFolder(name), text)
const list = async (): Promise<string[]> => (await readdir(folder)).sort()
const modeOf = async (name: string): Promise<number> => (await stat(inFolder(name))).mode & 0o777

function systemError(code: string, to: string): Error {
  return Object.assign(new Error(`${code}: made by a test`), { code, dest: to })
}

beforeAll(async () => {
  const authority = await authorityCredentials(Date.now())
  sources = { authority, server: await serverCredentials(authority, Date.now()) }
})

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-write-'))
  options = { folder, sources, random: systemEnvironment.random, ask: async () => true }
  opened.length = 0
})

afterEach(async () => {
  before.link = () => undefined
  before.rename = () => undefined
  await rm(folder, { recursive: true })
})

describe('an export', () => {
  it('writes the chosen files and nothing else, and says what they are', async () => {
    const { files } = await writeExport(ALL, options)
    expect(await list()).toEqual(NAMES)
    expect(files.map(({ id }) => id)).toEqual(USUAL_FILES.map(({ id }) => id))
    for (const file of files) {
      const bytes = await readFile(file.path)
      expect(file).toMatchObject({ path: inFolder(file.name), bytes: bytes.length, replaced: false })
      expect(file.sha256).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
    expect(files.filter((file) => file.private).map(({ name }) => name)).toEqual(['server.key', 'ca.key'])
  })

  it.each([
    ['000', 0o644],
    ['022', 0o644],
    ['027', 0o640],
    ['077', 0o600],
  ])('makes private files 0600 from the first byte with umask %s', async (mask, publicMode) => {
    const usual = process.umask(mask)
    try {
      await writeExport(ALL, options)
    } finally {
      process.umask(usual)
    }
    for (const { name, private: isPrivate } of USUAL_FILES) {
      expect([name, await modeOf(name)]).toEqual([name, isPrivate ? 0o600 : publicMode])
    }
    expect(opened).toHaveLength(USUAL_FILES.length)
    expect(opened.map(({ size }) => size)).toEqual(USUAL_FILES.map(() => 0))
    expect(opened.map(({ mode }) => mode)).toEqual(
      USUAL_FILES.map((item) => (item.private ? 0o600 : publicMode)),
    )
  })

  it('has every file ready under a temporary name before the first gets its own', async () => {
    const seen: string[][] = []
    before.link = async () => seen.push(await list())
    await writeExport(ALL, options)
    const temporary = new RegExp(`^\\.handshake-lab-${process.pid}-[0-9a-f]{16}\\.tmp$`)
    expect(seen).toHaveLength(NAMES.length)
    expect(seen[0]).toHaveLength(NAMES.length)
    for (const name of seen[0]!) expect(name).toMatch(temporary)
    expect(opened.map(({ name }) => basename(name)).sort()).toEqual(seen[0])
  })

  it('writes an item once that was named twice', async () => {
    const { files } = await writeExport({ files: [{ id: 'cert-s/json' }, { id: 'cert-s/json' }] }, options)
    expect(files).toHaveLength(1)
    expect(await list()).toEqual(['cert-s.json'])
  })

  it('makes the folder when asked to, with 0755 less the umask', async () => {
    const made = inFolder('new')
    await writeExport(ALL, { ...options, folder: made, createFolder: true })
    expect((await readdir(made)).sort()).toEqual(NAMES)
    expect(await modeOf('new')).toBe(0o755 & ~process.umask())
  })

  it('leaves no folder that it made when it fails', async () => {
    before.link = (_, to) => {
      throw systemError('EIO', to)
    }
    const failed = writeExport(ALL, { ...options, folder: inFolder('new'), createFolder: true })
    await expect(failed).rejects.toMatchObject({ code: 'export_failed' })
    expect(await list()).toEqual([])
  })
})

describe('existing files', () => {
  it('are never replaced without leave: the error names them, and nothing is written', async () => {
    await put('server.crt')
    await put('ca.crt')
    const failed = writeExport(CERTIFICATES, options)
    await expect(failed).rejects.toMatchObject({ code: 'export_exists' })
    await expect(failed).rejects.toThrow(/: ca\.crt, server\.crt\./)
    expect(await list()).toEqual(['ca.crt', 'server.crt'])
    expect(await read('server.crt')).toBe('old server.crt')
    expect(opened).toEqual([])
  })

  it('are replaced where that was allowed, and only there', async () => {
    await put('server.crt')
    await put('ca.crt')
    const partly = writeExport({ ...CERTIFICATES, overwrite: ['server-certificate/pem'] }, options)
    await expect(partly).rejects.toThrow(/: ca\.crt\./)
    expect(await read('server.crt')).toBe('old server.crt')

    const allowed: ExportRequest = {
      ...CERTIFICATES,
      overwrite: ['server-certificate/pem', 'ca-certificate/pem'],
    }
    const { files } = await writeExport(allowed, options)
    const replaced = files.map((file) => [file.name, file.replaced])
    expect(replaced).toEqual([
      ['ca.crt', true],
      ['server.crt', true],
      ['server-chain.crt', false],
    ])
    expect(await read('server.crt')).toBe(sources.server!.certificate.pem)
  })

  it('leave neither their mode nor their content to a private key', async () => {
    await put('server.key')
    await writeExport({ ...KEY, overwrite: true }, options)
    expect(await modeOf('server.key')).toBe(0o600)
    expect(await read('server.key')).toBe(sources.server!.privateKey.pem)
  })

  it('that are links count, also when they lead nowhere', async () => {
    await symlink('nowhere', inFolder('ca.crt'))
    expect((await planExport({ sources, folder })).files).toContainEqual(
      expect.objectContaining({ name: 'ca.crt', exists: true }),
    )
    await expect(writeExport(CERTIFICATES, options)).rejects.toMatchObject({ code: 'export_exists' })
    expect(await list()).toEqual(['ca.crt'])
  })

  it('that are links are replaced themselves: what they lead to stays', async () => {
    await put('elsewhere')
    await symlink('elsewhere', inFolder('server.key'))
    await symlink('nowhere', inFolder('ca.crt'))
    const files: ExportRequest['files'] = [...KEY.files, { id: 'ca-certificate/pem' }]
    await writeExport({ ...KEY, files, overwrite: true }, options)
    expect((await lstat(inFolder('server.key'))).isFile()).toBe(true)
    expect(await read('elsewhere')).toBe('old elsewhere')
    expect(await list()).toEqual(['ca.crt', 'elsewhere', 'server.key'])
  })

  it('that are folders are refused whatever was allowed', async () => {
    await mkdir(inFolder('ca.crt'))
    const failed = writeExport({ ...CERTIFICATES, overwrite: true }, options)
    await expect(failed).rejects.toMatchObject({ code: 'export_exists' })
    await expect(failed).rejects.toThrow('folder of the same name: ca.crt')
    expect(await list()).toEqual(['ca.crt'])
  })
})

describe('a file that appears while the export runs', () => {
  it('stays as it is, and what was placed before it is taken back', async () => {
    before.link = (_, to) =>
      to.endsWith('server-chain.crt') ? put('server-chain.crt', 'just made') : undefined
    const failed = writeExport(CERTIFICATES, options)
    await expect(failed).rejects.toMatchObject({ code: 'export_exists' })
    await expect(failed).rejects.toThrow('server-chain.crt has appeared')
    expect(await list()).toEqual(['server-chain.crt'])
    expect(await read('server-chain.crt')).toBe('just made')
  })

  it('stays when it is a link', async () => {
    await put('elsewhere')
    before.link = (_, to) => symlink('elsewhere', to)
    const failed = writeExport(KEY, options)
    await expect(failed).rejects.toMatchObject({ code: 'export_exists' })
    expect(await readlink(inFolder('server.key'))).toBe('elsewhere')
    expect(await read('elsewhere')).toBe('old elsewhere')
  })

  it('stays when it took the place of a file that was placed before', async () => {
    before.link = async (_, to) => {
      if (!to.endsWith('server-chain.crt')) return
      await rm(inFolder('ca.crt'))
      await put('ca.crt', 'just made')
      await put('server-chain.crt')
    }
    await expect(writeExport(CERTIFICATES, options)).rejects.toMatchObject({ code: 'export_exists' })
    expect(await list()).toEqual(['ca.crt', 'server-chain.crt'])
    expect(await read('ca.crt')).toBe('just made')
  })
})

describe('replacing beside a file that appears', () => {
  it('has not begun yet: new files come first', async () => {
    await put('ca.crt')
    before.link = (_, to) => put(basename(to), 'just made')
    const failed = writeExport({ ...CERTIFICATES, overwrite: ['ca-certificate/pem'] }, options)
    await expect(failed).rejects.toMatchObject({ code: 'export_exists' })
    await expect(failed).rejects.toThrow('No file was changed')
    expect(await list()).toEqual(['ca.crt', 'server.crt'])
    expect(await read('ca.crt')).toBe('old ca.crt')
  })
})

describe('a file system without hard links', () => {
  beforeEach(() => {
    before.link = (_, to) => {
      throw systemError('EPERM', to)
    }
  })

  it('gets the same files with the same modes', async () => {
    await writeExport(ALL, options)
    expect(await list()).toEqual(NAMES)
    expect(await read('ca.key')).toBe(sources.authority!.keyPair.privateKey.pem)
    expect(await modeOf('ca.key')).toBe(0o600)
  })

  it('keeps a file that appears while the export runs', async () => {
    before.link = async (_, to) => {
      if (to.endsWith('server-chain.crt')) await put('server-chain.crt', 'just made')
      throw systemError('EPERM', to)
    }
    await expect(writeExport(CERTIFICATES, options)).rejects.toMatchObject({ code: 'export_exists' })
    expect(await list()).toEqual(['server-chain.crt'])
    expect(await read('server-chain.crt')).toBe('just made')
  })

  it('keeps no empty file when a move fails', async () => {
    before.rename = (_, to) => {
      throw systemError('EIO', to)
    }
    await expect(writeExport(CERTIFICATES, options)).rejects.toMatchObject({ code: 'export_failed' })
    expect(await list()).toEqual([])
  })
})

describe('replacing that fails half way', () => {
  it('takes new files back, and names those that were replaced', async () => {
    await put('ca.crt')
    await put('server.crt')
    before.rename = (_, to) => {
      if (to.endsWith('server.crt')) throw systemError('EACCES', to)
    }
    const request: ExportRequest = {
      ...CERTIFICATES,
      overwrite: ['ca-certificate/pem', 'server-certificate/pem'],
    }
    const failed = writeExport(request, options)
    await expect(failed).rejects.toMatchObject({ code: 'export_folder_not_writable' })
    await expect(failed).rejects.toThrow('replaced before that: ca.crt; all others are as they were')
    expect(await list()).toEqual(['ca.crt', 'server.crt'])
    expect(await read('ca.crt')).toBe(sources.authority!.certificate.pem)
    expect(await read('server.crt')).toBe('old server.crt')
  })
})

describe('an export that is given up', () => {
  it('while keys are locked writes nothing, and says that it was given up', async () => {
    const giveUp = new AbortController()
    const reason = new LabError('cancelled', 'The export was cancelled: nothing was written.')
    const request = { ...ALL, passphrase: 'correct horse battery staple' }
    const writing = writeExport(request, {
      ...options,
      ask: async () => {
        queueMicrotask(() => giveUp.abort(reason))
        return true
      },
      signal: giveUp.signal,
    })
    await expect(writing).rejects.toBe(reason)
    expect(await list()).toEqual([])
  })
})
