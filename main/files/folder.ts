/** Looks at the chosen folder before anything is written to it. */
import { constants } from 'node:fs'
import { access, lstat, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LabError, otherwise } from '#shared/errors'
import { exportFailure, folderMissing } from './failures'
import { GONE, systemCode } from './system-codes'

/** What stands under a name: `folder` can't be replaced, `file` can, also when it is a link of any kind. */
export type Found = 'nothing' | 'file' | 'folder'

/**
 * Proves that files can be made in the folder, or the folder itself in its parent when `create` is set.
 * @returns true when the folder is there
 * @throws LabError `export_folder_missing`, `export_folder_not_writable`
 */
export async function checkFolder(folder: string, create: boolean): Promise<boolean> {
  try {
    if (await isFolder(folder)) {
      await access(folder, constants.W_OK | constants.X_OK)
      return true
    }
    const parent = dirname(folder)
    if (!create || (await lookUp(folder)) !== 'nothing' || !(await isFolder(parent)))
      throw folderMissing(folder)
    await access(parent, constants.W_OK | constants.X_OK)
    return false
  } catch (error) {
    throw exportFailure(error, folder)
  }
}

/**
 * The first folder that is there and can be written to: of those wished for, or the nearest above that was left of it; or else of the
 * usual ones. Undefined where there is none.
 */
export async function usableFolder(
  wished: readonly (string | undefined)[],
  usual: readonly (string | undefined)[],
): Promise<string | undefined> {
  const candidates = [
    ...wished.flatMap((folder) => (folder === undefined ? [] : withParents(folder))),
    ...usual,
  ]
  for (const folder of candidates) {
    if (folder !== undefined && (await checkFolder(folder, false).catch(otherwise(false)))) return folder
  }
  return undefined
}

/** The root of all is no place to begin at. */
function withParents(folder: string): readonly string[] {
  const parent = dirname(folder)
  return parent === folder ? [] : [folder, ...withParents(parent)]
}

/** What has this name; links are not followed. */
export async function lookUp(path: string): Promise<Found> {
  try {
    return (await lstat(path)).isDirectory() ? 'folder' : 'file'
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 'nothing'
    throw error
  }
}

/**
 * Proves that nothing is replaced without leave.
 * @param mayReplace says for a name whether it is allowed
 * @returns the names that something is replaced under
 * @throws LabError `export_exists` that names what is in the way
 */
export async function checkNames(
  folder: string,
  names: readonly string[],
  mayReplace: (name: string) => boolean,
): Promise<readonly string[]> {
  const found = await Promise.all(
    names.map(async (name) => ({ name, what: await lookUp(join(folder, name)) })),
  )
  const folders = found.filter(({ what }) => what === 'folder').map(({ name }) => name)
  if (folders.length > 0) {
    const message = `In ${folder} there is a folder of the same name: ${folders.join(', ')}. Choose another folder.`
    throw new LabError('export_exists', message)
  }
  const files = found.filter(({ what }) => what === 'file').map(({ name }) => name)
  const kept = files.filter((name) => !mayReplace(name))
  if (kept.length > 0) {
    const message = `In ${folder} there is already: ${kept.join(', ')}. Allow to replace, or choose another folder.`
    throw new LabError('export_exists', message)
  }
  return files
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (GONE.has(systemCode(error) ?? '')) return false
    throw error
  }
}
