/** Files that a person has named on the command line or opened by the desktop, read for the inspector. */
import { constants } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { GivenFile } from '#shared/given-file'
import { count } from '#shared/words'
import { FORBIDDEN, GONE, systemCode } from './system-codes'

/** No key and no certificate is longer. */
const MOST_BYTES = 64 * 1024 * 1024
/** So long a file may take, in milliseconds: one on a disk that does not answer never comes. */
const PATIENCE_MS = 10_000

/**
 * Reads a file whole. Never fails, and never waits for a pipe.
 * @param most bytes that it may have; what is longer is not even read
 */
export async function readGivenFile(
  path: string,
  { patience = PATIENCE_MS, most = MOST_BYTES }: { readonly patience?: number; readonly most?: number } = {},
): Promise<GivenFile> {
  const name = basename(path)
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<GivenFile>((resolve) => {
    timer = setTimeout(
      () => resolve({ name, problem: 'Nothing came of the file: it may be on a disk that does not answer.' }),
      patience,
    )
  })
  try {
    return await Promise.race([read(path, name, most), late])
  } finally {
    clearTimeout(timer)
  }
}

async function read(path: string, name: string, most: number): Promise<GivenFile> {
  let handle: FileHandle | undefined
  try {
    // A pipe is not waited for; Windows has none among files.
    handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const stats = await handle.stat()
    if (stats.isDirectory()) return { name, problem: 'It is a folder.' }
    if (!stats.isFile()) return { name, problem: 'It is a pipe or a device, and no file.' }
    if (stats.size > most)
      return {
        name,
        problem: `The file has ${count(stats.size, 'byte')}: nothing that opens here is that long.`,
      }
    return { name, bytes: new Uint8Array(await handle.readFile()) }
  } catch (error) {
    return { name, problem: problemOf(systemCode(error) ?? '') }
  } finally {
    await handle?.close()
  }
}

function problemOf(code: string): string {
  if (GONE.has(code)) return 'It is not there.'
  return FORBIDDEN.has(code) ? 'This account may not read it.' : `The file could not be read (${code}).`
}
