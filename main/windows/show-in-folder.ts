/** Shows a file in the system's own view of folders, and knows whether there is any. */
import { shell } from 'electron'
import { dirname } from 'node:path'
import { LabError } from '#shared/errors'
import { hasFileManagerService, openFolder } from '../files/file-manager'

/**
 * Shows a file. On Linux Electron does not say whether anybody has: a file manager that the session knows is asked by it, and
 * where there is none, the system's opener is asked here, which says so.
 * @throws LabError `no_file_manager` with the path
 */
export async function showInFolder(path: string): Promise<void> {
  if (process.platform !== 'linux' || hasFileManagerService()) return shell.showItemInFolder(path)
  if (await openFolder(dirname(path))) return
  throw new LabError(
    'no_file_manager',
    `There is no file manager here that shows folders. The file is ${path}: copy its path, and open the folder in another way.`,
    { path },
  )
}
