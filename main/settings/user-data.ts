/** The user data folder, looked at before anything is built on it: Chromium would take a bad one for a second start. */
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { LabError, messageOf, passOwnFault } from '#shared/errors'

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'It, or a part of its path, is a file.',
  ENOTDIR: 'It, or a part of its path, is a file.',
  ENOENT: 'A part of its path is not there and can’t be made.',
  EACCES: 'You may not write there.',
  EPERM: 'You may not write there.',
  EROFS: 'The disk can only be read.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'You have used up your share of the disk.',
}

/**
 * Makes the folder, for its owner alone where it is new, and tries whether it can be written to. Synchronous: there is nothing
 * yet that could be held up.
 * @throws LabError `user_data_not_usable`
 */
export function prepareUserData(folder: string): void {
  const probe = join(folder, `.${randomBytes(6).toString('hex')}.tmp`)
  try {
    makeFolder(folder)
    writeFileSync(probe, '', { flag: 'wx', mode: 0o600 })
    rmSync(probe)
  } catch (cause) {
    passOwnFault(cause)
    const reason = REASONS[(cause as NodeJS.ErrnoException).code ?? ''] ?? messageOf(cause)
    throw new LabError(
      'user_data_not_usable',
      `The folder ${folder}, where settings are kept, can’t be used. ${reason} Make it writable, or name another one with --user-data-dir=FOLDER.`,
      { cause },
    )
  }
}

/** Node's own way of making the folders above as well never ends where the system says that a folder can't be (`/proc/x`). */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error('It is a file.'), { code: 'EEXIST' })
    return
  }
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}
