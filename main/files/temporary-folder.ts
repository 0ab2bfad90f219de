/** Folders for as long as a program runs, with a name that tells whose they are: those of one that was killed are swept. */
import { lstat, mkdtemp, readdir, rmdir, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isOthers } from './own-file'
import { reasonOfFolder } from './probe'
import { temporaryFailure } from './system-folders'
import { isAlive } from './temporary'

const PREFIX = 'handshake-lab-serving-'
const NAME = /^handshake-lab-serving-([1-9]\d{0,9})-[A-Za-z\d]{6}$/

/**
 * A folder for its owner alone (0700); whoever asks for it removes it.
 * @throws LabError `temporary_folder_not_usable`
 */
export async function makeTemporaryFolder(): Promise<string> {
  try {
    return await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  } catch (error) {
    throw temporaryFailure(tmpdir(), reasonOfFolder(error), error)
  }
}

/**
 * Removes the folders of programs that were killed: only this account's, and only with these files in them. Never fails: what
 * has anything else in it, or can't be removed, stays.
 * @returns their paths
 */
export async function sweepTemporaryFolders(files: readonly string[]): Promise<readonly string[]> {
  const names = await readdir(tmpdir()).catch(() => [])
  const swept = await Promise.all(
    names.map(async (name) => {
      const pid = Number(NAME.exec(name)?.[1] ?? 0)
      const path = join(tmpdir(), name)
      // The own number, but not of this run, which has made none yet: a container gives the same one at every start.
      if (pid === 0 || (pid !== process.pid && isAlive(pid))) return undefined
      const found = await lstat(path).catch(() => undefined)
      if (!found?.isDirectory() || isOthers(found)) return undefined
      for (const file of files) await unlink(join(path, file)).catch(() => undefined)
      return rmdir(path).then(
        () => path,
        () => undefined,
      )
    }),
  )
  return swept.filter((path) => path !== undefined)
}
