/** The user data folder is there and can be written to, or the start fails with the reason. */
import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
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
