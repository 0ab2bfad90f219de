/** Tries whether a folder can be written to, and says in words why not. */
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { messageOf } from '#shared/errors'
import { systemCode } from './system-codes'

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'It, or a part of its path, is a file.',
  ENOTDIR: 'It, or a part of its path, is a file.',
  ENOENT: 'A part of its path is not there.',
  EACCES: 'You may not write there.',
  EPERM: 'You may not write there.',
  EROFS: 'The disk can only be read.',
  ENOSPC: 'The disk is full.',
  EDQUOT: 'You have used up your share of the disk.',
  ELOOP: 'Links in its path lead in a circle.',
  ENAMETOOLONG: 'Its path is too long.',
  EIO: 'The disk has failed.',
}

/** Makes a file in the folder, and removes it. @throws the system's error */
export function probeFolder(folder: string): void {
  const probe = join(folder, `.${randomBytes(6).toString('hex')}.tmp`)
  writeFileSync(probe, '', { flag: 'wx', mode: 0o600 })
  rmSync(probe)
}

/** Why a folder can't be used, a sentence for people. */
export function reasonOfFolder(error: unknown): string {
  return REASONS[systemCode(error) ?? ''] ?? messageOf(error)
}
