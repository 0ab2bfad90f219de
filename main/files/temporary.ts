/**
 * Temporary files, of exports and of the app's own: beside their target, so that putting one in place is one step of the file system, and
 * with a name that tells whose they are, so that those of a program that was killed can be found and removed.
 */
import { randomBytes } from 'node:crypto'
import { constants, type BigIntStats } from 'node:fs'
import { lstat, open, readdir, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { systemCode } from './system-codes'

/** A whole file with its content on disk, under its temporary name. */
export interface Temporary {
  readonly path: string
  readonly device: bigint
  readonly inode: bigint
}

const NAME = /^\.handshake-lab-([1-9]\d{0,9})-[0-9a-f]{16}\.tmp$/
/** O_NOFOLLOW is unknown to Windows, where O_EXCL alone refuses links. */
const FLAGS = constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY | (constants.O_NOFOLLOW ?? 0)
const PRIVATE_MODE = 0o600
/** Less the umask, which the system takes off as it makes the file. */
const PUBLIC_MODE = 0o644
/** No writing takes so long: an older file belongs to a dead program whose process number is in use again. */
const MAX_AGE_MS = 3_600_000

/** Names of those that this process is working on. */
const inUse = new Set<string>()

/** Opens a new file for writing; fails with EEXIST when anything has this name, a link too. Private: 0600 from the start. */
export function createFile(path: string, isPrivate: boolean): ReturnType<typeof open> {
  return open(path, FLAGS, isPrivate ? PRIVATE_MODE : PUBLIC_MODE)
}

/** Writes a temporary file and waits until it is on the disk. When that fails, nothing is left of it. */
export async function writeTemporary(folder: string, bytes: Bytes, isPrivate: boolean): Promise<Temporary> {
  const name = `.handshake-lab-${process.pid}-${randomBytes(8).toString('hex')}.tmp`
  const path = join(folder, name)
  inUse.add(name)
  const file = await createFile(path, isPrivate).catch((error: unknown) => {
    inUse.delete(name)
    throw error
  })
  try {
    await file.writeFile(bytes)
    await file.sync()
    const { dev, ino } = await file.stat({ bigint: true })
    await file.close()
    return { path, device: dev, inode: ino }
  } catch (error) {
    await file.close().catch(() => undefined)
    await removeTemporary(path)
    throw error
  }
}

/** Removes a temporary file, or what is left of it: it may have its final name by now. */
export async function removeTemporary(path: string): Promise<void> {
  await unlink(path).catch(() => undefined)
  inUse.delete(basename(path))
}

/** True when the file of that name is the one that was written as this temporary. */
export async function isSameFile(path: string, temporary: Temporary): Promise<boolean> {
  const found: BigIntStats | undefined = await lstat(path, { bigint: true }).catch(() => undefined)
  return found?.dev === temporary.device && found.ino === temporary.inode
}

/**
 * Removes what a program that was killed while it wrote has left in a folder. Never fails: what can't be removed stays.
 * @returns the names of the files that were removed
 */
export async function sweepDebris(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const swept = await Promise.all(
    entries.map(async (entry) => {
      const pid = NAME.exec(entry.name)?.[1]
      const path = join(folder, entry.name)
      if (pid === undefined || !entry.isFile() || !(await isDebris(path, Number(pid)))) return undefined
      return unlink(path).then(
        () => entry.name,
        () => undefined,
      )
    }),
  )
  return swept.filter((name) => name !== undefined)
}

async function isDebris(path: string, pid: number): Promise<boolean> {
  // The own number, but not of this run: a container gives the same one at every start.
  if (pid === process.pid) return !inUse.has(basename(path))
  if (!isAlive(pid)) return true
  const found = await lstat(path).catch(() => undefined)
  return found !== undefined && Date.now() - found.mtimeMs > MAX_AGE_MS
}

/** Signal 0 only asks. Any answer but "no such process" means that there is one. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) === 'EPERM'
  }
}
