/** One file at a place that the person chose in a save dialog, which has asked before it replaces anything. */
import { basename, dirname, extname } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { exportFailure } from './failures'
import { checkFolder, lookUp } from './folder'
import { placeAll } from './place'
import { removeTemporary, writeTemporary } from './temporary'

/** What counts as an extension: in “trial-1.5” there is none. */
const EXTENSION = /^\.[a-z][a-z\d]*$/i

/**
 * Writes a file, whole or not at all; what stands there is replaced, unless it is a folder.
 * @param chosen the path that the dialog has brought. Not every system's dialog adds the extension: one is added where there is
 *   none, and as nobody was asked about that name, nothing is replaced under it.
 * @param extension of the file's format, with its dot
 * @param options `isPrivate`: for its owner alone; `mayReplace`: false where nobody was asked
 * @returns the path that was written to
 * @throws LabError `export_folder_missing`, `export_folder_not_writable`, `export_exists`, `export_disk_full`,
 *   `export_failed`
 */
export async function saveFile(
  chosen: string,
  bytes: Bytes,
  extension: string,
  {
    isPrivate = false,
    mayReplace = true,
  }: { readonly isPrivate?: boolean; readonly mayReplace?: boolean } = {},
): Promise<string> {
  const folder = dirname(chosen)
  const path = withExtension(chosen, extension)
  const name = basename(path)
  const replace = mayReplace && path === chosen
  try {
    await checkFolder(folder, false)
    const present = await lookUp(path)
    if (present === 'folder') {
      throw new LabError(
        'export_exists',
        `In ${folder} there is a folder of the name ${name}. Choose another name.`,
      )
    }
    if (present !== 'nothing' && !replace) {
      const why = mayReplace
        ? `, and the name was given without ${extension}. Choose ${name} to replace it, or another name`
        : '. Nothing is replaced: give another name'
      throw new LabError('export_exists', `In ${folder} there is a ${name} already${why}.`)
    }
    const temporary = await writeTemporary(folder, bytes, isPrivate)
    try {
      await placeAll(folder, [{ temporary, target: path, isPrivate, replace }])
    } finally {
      await removeTemporary(temporary.path)
    }
    return path
  } catch (error) {
    throw exportFailure(error, folder)
  }
}

function withExtension(path: string, extension: string): string {
  return EXTENSION.test(extname(path)) ? path : path.replace(/\.$/, '') + extension
}
