/** Small files of the app's own: read whole, written whole or not at all. */
import { mkdir, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { toUtf8 } from '#shared/bytes'
import { passOwnFault } from '#shared/errors'
import { readOwn, type NotOwn } from './own-file'
import { removeTemporary, writeTemporary } from './temporary'

/** So many bytes a small file may have: a hundred times what any of them needs. */
export const SMALL_FILE_BYTES = 256 * 1024

/** What a file holds, or why it is no JSON of the app's own; undefined when there is none. */
export function readJson(path: string): { readonly value: unknown } | NotOwn | undefined {
  const read = readOwn(path, SMALL_FILE_BYTES)
  if (!read || 'wrong' in read) return read
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(read.bytes)) as unknown }
  } catch (error) {
    // Of bytes that are no UTF-8 the decoder says so by a TypeError.
    if (!isBadText(error)) passOwnFault(error)
    return { wrong: 'It is no JSON.' }
  }
}

/**
 * Writes a text file in one step: another process sees the old content or the new, never a part. For its owner alone; its
 * folder is made where there is none.
 */
export async function replaceFile(path: string, content: string): Promise<void> {
  const folder = dirname(path)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const temporary = await writeTemporary(folder, toUtf8(content), true)
  try {
    await rename(temporary.path, path)
  } finally {
    await removeTemporary(temporary.path)
  }
}

function isBadText(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && error.code === 'ERR_ENCODING_INVALID_ENCODED_DATA'
}
