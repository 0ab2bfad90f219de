/** The user data folder is there and can be written to, or the start fails with the reason. */
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { prepareUserData } from '#main/settings/user-data'
import { LabError } from '#shared/errors'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'user-data-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function refusal(path: string): LabError {
  try {
    prepareUserData(path)
  } catch (error) {
    if (error instanceof LabError) return error
  }
  throw new Error('It was not refused.')
}

it('is made for its owner alone, with those above it, and left empty', () => {
  const path = join(folder, 'above', 'user-data')
  prepareUserData(path)
  prepareUserData(path)
  expect(statSync(path).mode & 0o777).toBe(0o700)
  expect(readdirSync(path)).toEqual([])
})

describe.runIf(process.platform !== 'win32')('that is there already', () => {
  const rights = (path: string): number => statSync(path).mode & 0o7777
  const open = (mode: number, ...files: readonly string[]): string => {
    const path = join(folder, 'user-data')
    mkdirSync(path)
    for (const file of files) writeFileSync(join(path, file), '')
    chmodSync(path, mode)
    return path
  }

  it.each([
    ['empty', 0o755, []],
    ['the app’s from before', 0o755, ['settings.json', 'x']],
    ['Chromium’s from before', 0o777, ['Local State']],
  ] as const)('and open to others, %s, is its owner’s alone afterwards, without a word', (_, mode, files) => {
    const path = open(mode, ...files)
    expect(prepareUserData(path)).toEqual([])
    expect(rights(path)).toBe(0o700)
  })

  it('by a link is as well, at the end of the link', () => {
    const path = open(0o755)
    symlinkSync(path, join(folder, 'link'))
    expect(prepareUserData(join(folder, 'link'))).toEqual([])
    expect(rights(path)).toBe(0o700)
  })

  it('and was made for something else is left as it is, which a notice says', () => {
    const path = open(0o755, 'a file of somebody')
    const [notice, ...others] = prepareUserData(path)
    expect(others).toEqual([])
    expect(notice).toContain(`Other accounts of this machine can get at the folder ${path}`)
    expect(notice).toContain('--user-data-dir=FOLDER')
    expect(rights(path)).toBe(0o755)
  })

  it('and is for everybody, as /tmp, is left as it is even with the app’s files in it', () => {
    const path = open(0o1777, 'settings.json')
    expect(prepareUserData(path)).toEqual([expect.stringContaining('not this app’s alone')])
    expect(rights(path)).toBe(0o1777)
  })

  it.runIf(process.geteuid?.() === 0)('and belongs to another account is said to do so', () => {
    const path = open(0o700)
    chownSync(path, 54_321, 54_321)
    expect(prepareUserData(path)).toEqual([expect.stringContaining('It belongs to another account.')])
  })

  it('and its owner’s alone is none to speak of', () => {
    expect(prepareUserData(open(0o700, 'anything'))).toEqual([])
  })
})

describe.runIf(process.platform === 'linux')('is refused, with the reason and what to do,', () => {
  it.each([
    ['where it is a file', () => join(folder, 'file'), 'is a file.'],
    ['where it would be in a file', () => join(folder, 'file', 'below'), 'is a file.'],
    ['where it is a link that leads nowhere', () => join(folder, 'link'), 'is a file.'],
    ['where the system makes no folders', () => '/proc/user-data', 'A part of its path is not there'],
    ['where nothing can be written', () => '/proc', 'A part of its path is not there'],
  ])('%s', (_, path, reason) => {
    writeFileSync(join(folder, 'file'), '')
    symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
    const { code, message } = refusal(path())
    expect(code).toBe('user_data_not_usable')
    expect(message).toContain(path())
    expect(message).toContain(reason)
    expect(message).toContain('--user-data-dir=FOLDER')
  })
})
