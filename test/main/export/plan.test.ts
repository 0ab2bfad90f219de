/** Names: which are taken, which are free, and which were given last. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readMemory, writeMemory } from '#main/export/memory'
import { lookAtNames } from '#main/export/plan'

let folder: string
const put = (...names: string[]): Promise<unknown> =>
  Promise.all(names.map((name) => writeFile(join(folder, name), '')))

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'export-plan-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('a name in the folder', () => {
  it('is taken by a file, a folder and a link that leads nowhere, and free otherwise', async () => {
    await put('file')
    await mkdir(join(folder, 'folder'))
    await symlink('nowhere', join(folder, 'link'))
    const looks = await lookAtNames(folder, ['file', 'folder', 'link', 'other'])
    expect(looks.map(({ name, exists }) => [name, exists])).toEqual([
      ['file', true],
      ['folder', true],
      ['link', true],
      ['other', false],
    ])
  })

  it('that is taken gets the next free one beside it', async () => {
    await put('server.crt', 'server-2.crt', 'ca.crt')
    expect(await lookAtNames(folder, ['server.crt', 'ca.crt', 'new.crt'])).toMatchObject([
      { free: 'server-3.crt' },
      { free: 'ca-2.crt' },
      { free: 'new.crt' },
    ])
  })

  it('gets none that another file of the same export will have', async () => {
    await put('server.crt')
    const looks = await lookAtNames(folder, ['server.crt', 'SERVER-2.crt'])
    expect(looks[0]).toMatchObject({ free: 'server-3.crt' })
  })

  it('never gets the one that was found for another', async () => {
    await put('server.crt', 'server-2.crt')
    const looks = await lookAtNames(folder, ['server.crt', 'server-2.crt'])
    expect(looks.map(({ free }) => free)).toEqual(['server-3.crt', 'server-4.crt'])
  })

  it('can’t be looked up in a folder that is gone', async () => {
    await expect(lookAtNames(join(folder, 'gone'), ['a'])).rejects.toMatchObject({
      code: 'export_folder_missing',
    })
  })
})

describe('what is kept between starts', () => {
  it('is the folder and the names', async () => {
    const path = join(folder, 'export.json')
    const kept = { folder: '/exports', names: { 'ca-certificate/pem': 'mine.crt' } } as const
    await writeMemory(path, kept)
    expect(readMemory(path)).toEqual({ ...kept, notice: undefined })
  })

  it.each([
    ['there is no file', undefined],
    ['it is no JSON', '{'],
    ['it is no object', '[]'],
    ['it is null', 'null'],
    ['its parts are of another kind', '{"folder":1,"names":"x"}'],
    ['its names are none', '{"names":{"ca-certificate/pem":"../x","cert-s/json":7,"nothing/pem":"a"}}'],
  ])('is nothing when %s', async (_name, content) => {
    const path = join(folder, 'export.json')
    if (content !== undefined) await writeFile(path, content)
    expect(readMemory(path)).toMatchObject({ folder: undefined, names: {} })
  })
})
