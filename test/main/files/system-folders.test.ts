/** Folders that Chromium needs: what is wrong with one is said before it ends the process, or says something else. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkSystemFolders } from '#main/files/system-folders'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-'))
  writeFileSync(join(folder, 'file'), '')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe.runIf(process.platform === 'linux')('a folder of the system', () => {
  it('that can be used is left as it was', () => {
    checkSystemFolders(folder, folder)
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it.each([
    ['is not there', () => join(folder, 'none'), 'is not there'],
    ['is a file', () => join(folder, 'file'), 'is a file'],
    ['nobody can write to', () => '/proc', 'can’t be used'],
    ['has a path without room for a socket', () => `/tmp/${'x'.repeat(70)}`, 'more than 74 bytes'],
  ])('for temporary files that %s ends the start, which says why', (_, path, said) => {
    const check = (): void => checkSystemFolders(path(), folder)
    expect(check).toThrow(said)
    expect(check).toThrow(expect.objectContaining({ code: 'temporary_folder_not_usable' }))
    expect(check).toThrow('TMPDIR')
  })

  it('for shared memory that is not there ends it with a code of its own', () => {
    const check = (): void => checkSystemFolders(folder, join(folder, 'none'))
    expect(check).toThrow(expect.objectContaining({ code: 'shared_memory_not_usable' }))
  })
})
