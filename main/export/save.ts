/** One file at a place that the person chose in a save dialog, which has asked before it replaces anything. */
import { basename, dirname } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import { exportFailure } from './failures'
import { checkFolder, lookUp } from './folder'
import { placeAll } from './place'
import { removeTemporary, writeTemporary } from './temporary'

/**
 * Writes a file, whole or not at all; what stands there is replaced, unless it is a folder.
 * @throws LabError `export_folder_missing`, `export_folder_not_writable`, `export_exists`, `export_disk_full`,
 *   `export_failed`
 */
export async function saveFile(path: string, bytes: Bytes): Promise<void> {
  const folder = dirname(path)
  try {
    await checkFolder(folder, false)
    if ((await lookUp(path)) === 'folder') {
      const message = `In ${folder} there is a folder of the name ${basename(path)}. Choose another name.`
      throw new LabError('export_exists', message)
    }
    const temporary = await writeTemporary(folder, bytes, false)
    try {
      await placeAll(folder, [{ temporary, target: path, isPrivate: false, replace: true }])
    } finally {
      await removeTemporary(temporary.path)
    }
  } catch (error) {
    throw exportFailure(error, folder)
  }
}
