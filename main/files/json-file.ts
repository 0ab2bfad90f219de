/** Small JSON files of the app's own: read whole, written whole or not at all. */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { passOwnFault } from '#shared/errors'
import { GONE, systemCode } from './system-codes'

/** What comes after the name of the file that a temporary one is to replace. */
const TEMPORARY = /^\.[0-9a-f]{12}\.tmp$/

/** What a file holds; `damaged` when it is there and is no JSON, or not to be read; undefined when there is none. */
export async function readJson(path: string): Promise<{ readonly value: unknown } | 'damaged' | undefined> {
  try {
    return { value: JSON.parse(await readFile(path, 'utf8')) as unknown }
  } catch (error) {
    passOwnFault(error)
    return GONE.has(systemCode(error) ?? '') ? undefined : 'damaged'
  }
}

/** Writes a text file in one step: another process sees the old content or the new, never a part. */
export async function replaceFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  await mkdir(dirname(path), { recursive: true })
  try {
    await writeFile(temporary, content, { flag: 'wx', mode: 0o600 })
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
}

/**
 * Removes what a program that was killed while it replaced the file has left beside it. For the start, while nobody else
 * writes there; never fails: what can't be removed stays.
 */
export async function sweepTemporaries(path: string): Promise<void> {
  const folder = dirname(path)
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  const left = entries.filter(
    (entry) =>
      entry.isFile() &&
      entry.name.startsWith(`${basename(path)}.`) &&
      TEMPORARY.test(entry.name.slice(basename(path).length)),
  )
  await Promise.all(left.map(({ name }) => rm(join(folder, name), { force: true }).catch(() => undefined)))
}

/** Puts a damaged file out of the way, under a name that says so. */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged`
  await rename(path, aside)
  return aside
}
