/** What was left by a program that was killed while it wrote is removed; nothing else is. */
import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toUtf8 } from '#shared/bytes'
import { systemEnvironment } from '#shared/hl1/environment'
import { removeTemporary, sweepDebris, writeTemporary } from '#main/files/temporary'
import { writeExport } from '#main/export/write'
import { authorityCredentials } from '../../support/credentials'

const DEAD = spawnSync('true').pid
const ALIVE = process.ppid

let folder: string

const nameOf = (pid: number | string, random = '0123456789abcdef'): string =>
  `.handshake-lab-${pid}-${random}.tmp`
const put = (name: string): Promise<void> => writeFile(join(folder, name), 'half a')
const list = async (): Promise<string[]> => (await readdir(folder)).sort()

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-debris-'))
})

afterEach(() => rm(folder, { recursive: true }))

describe('debris', () => {
  it('of a program that has ended is removed', async () => {
    await put(nameOf(DEAD))
    await put(nameOf(DEAD, 'fedcba9876543210'))
    await put('ca.crt')
    expect([...(await sweepDebris(folder))].sort()).toEqual([nameOf(DEAD), nameOf(DEAD, 'fedcba9876543210')])
    expect(await list()).toEqual(['ca.crt'])
  })

  it('of a number that no process can have is removed', async () => {
    await put(nameOf(9_999_999_999))
    expect(await sweepDebris(folder)).toEqual([nameOf(9_999_999_999)])
  })

  it('with the number of this process, but from an earlier run, is removed', async () => {
    await put(nameOf(process.pid))
    expect(await sweepDebris(folder)).toEqual([nameOf(process.pid)])
  })

  it('with a number that is in use again is removed once no writing takes so long', async () => {
    await put(nameOf(ALIVE))
    expect(await sweepDebris(folder)).toEqual([])
    const earlier = new Date(Date.now() - 3_660_000)
    await utimes(join(folder, nameOf(ALIVE)), earlier, earlier)
    expect(await sweepDebris(folder)).toEqual([nameOf(ALIVE)])
  })

  it('is removed before each export', async () => {
    await put(nameOf(DEAD))
    const sources = { authority: await authorityCredentials(Date.now()), server: undefined }
    const { random } = systemEnvironment
    await writeExport(
      { files: [{ id: 'ca-certificate/pem' }] },
      { folder, sources, random, ask: async () => true },
    )
    expect(await list()).toEqual(['ca.crt'])
  })
})

describe('what is no debris stays', () => {
  it.each([
    ['another program’s file', `.other-${DEAD}-0123456789abcdef.tmp`],
    ['a name that goes on', `${nameOf(DEAD)}.bak`],
    ['a name without a number', nameOf('')],
    ['the number 0', nameOf(0)],
    ['a name that is not hidden', nameOf(DEAD).slice(1)],
  ])('%s', async (_name, name) => {
    await put(name)
    expect(await sweepDebris(folder)).toEqual([])
    expect(await list()).toEqual([name])
  })

  it('a folder or a link of such a name', async () => {
    await put('ca.crt')
    await mkdir(join(folder, nameOf(DEAD)))
    await symlink('ca.crt', join(folder, nameOf(DEAD, 'fedcba9876543210')))
    expect(await sweepDebris(folder)).toEqual([])
    expect(await list()).toHaveLength(3)
  })

  it('a file that an export of this process is writing, also when the folder is reached by another path', async () => {
    const other = `${folder}-link`
    await symlink(folder, other)
    try {
      const temporary = await writeTemporary(folder, toUtf8('text'), true)
      expect(await sweepDebris(folder)).toEqual([])
      expect(await sweepDebris(other)).toEqual([])
      expect(await list()).toHaveLength(1)
      await removeTemporary(temporary.path)
      expect(await list()).toEqual([])
    } finally {
      await rm(other)
    }
  })

  it('a folder that isn’t there is no error', async () => {
    expect(await sweepDebris(join(folder, 'missing'))).toEqual([])
  })
})
