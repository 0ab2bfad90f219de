/** One file where the person said. */
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { saveFile } from '#main/files/save'
import { toUtf8 } from '#shared/bytes'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'save-'))
})
afterEach(() => rm(folder, { recursive: true }))

const BYTES = toUtf8('new')

it('is written whole, and nothing else is left in the folder', async () => {
  const path = join(folder, 'trial.csv')
  await saveFile(path, BYTES, '.csv')
  expect(await readFile(path, 'utf8')).toBe('new')
  expect(await readdir(folder)).toEqual(['trial.csv'])
})

it('replaces what was there, a link itself and not what it leads to', async () => {
  const [kept, path] = [join(folder, 'kept'), join(folder, 'trial.csv')]
  await writeFile(kept, 'old')
  await symlink(kept, path)
  await saveFile(path, BYTES, '.csv')
  expect(await readFile(kept, 'utf8')).toBe('old')
  expect((await lstat(path)).isFile()).toBe(true)
  await saveFile(path, toUtf8('newer'), '.csv')
  expect(await readFile(path, 'utf8')).toBe('newer')
  expect((await readdir(folder)).sort()).toEqual(['kept', 'trial.csv'])
})

it('does not replace a folder, nor make one: that is said with what to do', async () => {
  await mkdir(join(folder, 'trial.csv'))
  await expect(saveFile(join(folder, 'trial.csv'), BYTES, '.csv')).rejects.toMatchObject({
    code: 'export_exists',
    message: expect.stringContaining('Choose another name.') as string,
  })
  await expect(saveFile(join(folder, 'nowhere', 'trial.csv'), BYTES, '.csv')).rejects.toMatchObject({
    code: 'export_folder_missing',
  })
  expect(await readdir(folder)).toEqual(['trial.csv'])
})

it.each([
  ['trial', 'trial.csv'],
  ['trial.', 'trial.csv'],
  ['trial-1.5', 'trial-1.5.csv'],
  ['.trial', '.trial.csv'],
  ['trial.CSV', 'trial.CSV'],
  ['trial.txt', 'trial.txt'],
])('chosen as %s becomes %s', async (chosen, name) => {
  expect(await saveFile(join(folder, chosen), BYTES, '.csv')).toBe(join(folder, name))
  expect(await readdir(folder)).toEqual([name])
})

it('replaces nothing under a name that got its extension here: nobody was asked about that', async () => {
  await writeFile(join(folder, 'trial.csv'), 'old')
  await expect(saveFile(join(folder, 'trial'), BYTES, '.csv')).rejects.toMatchObject({
    code: 'export_exists',
    message: expect.stringContaining('Choose trial.csv to replace it, or another name.') as string,
  })
  expect(await readFile(join(folder, 'trial.csv'), 'utf8')).toBe('old')
  expect(await readdir(folder)).toEqual(['trial.csv'])
})
