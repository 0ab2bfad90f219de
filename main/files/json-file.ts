/** Small files of the app's own: read whole, written whole or not at all. */
import { mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toUtf8 } from '#shared/bytes'
import { passOwnFault } from '#shared/errors'
import { GONE, systemCode } from './system-codes'
import { removeTemporary, writeTemporary } from './temporary'

/** What a file holds; `damaged` when it is there and is no JSON, or not to be read; undefined when there is none. */
export async function readJson(path: string): Promise<{ readonly value: unknown } | 'damaged' | undefined> {
  try {
    return { value: JSON.parse(await readFile(path, 'utf8')) as unknown }
  } catch (error) {
    passOwnFault(error)
    return GONE.has(systemCode(error) ?? '') ? undefined : 'damaged'
  }
}

/**
 * Writes a text file in one step: another process sees the old content or the new, never a part. For its owner alone; its
 * folder is made where there is none.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true })
  const temporary = await writeTemporary(folder, toUtf8(content), true)
  try {
    await rename(temporary.path, path)
  } finally {
    await removeTemporary(temporary.path)
  }
}

/** Puts a damaged file out of the way, under a name that says so. */
export async function setAside(path: string): Promise<string> {
  const aside = `${path}.damaged`
  await rename(path, aside)
  return aside
}
