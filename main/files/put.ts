/** Puts finished files into a folder: everything is checked first, then prepared, then put in place. */
import { mkdir, rmdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { toHex, type Bytes } from '#shared/bytes'
import type { ExportResult } from '#shared/export'
import { exportFailure, folderMissing } from './failures'
import { checkFolder, checkNames } from './folder'
import { placeAll } from './place'
import { removeTemporary, sweepDebris, writeTemporary, type Temporary } from './temporary'

/** A file that is to be. */
export interface Target {
  /** What the result calls it. */
  readonly id: string
  readonly name: string
  readonly private: boolean
  /** True when the person has allowed that what has the name is replaced. */
  readonly replace: boolean
}

export interface PutOptions {
  readonly folder: string
  /** True to make the folder (0755) when only its parent exists. */
  readonly createFolder?: boolean
}

/**
 * Writes files into a folder. Private files are 0600 from their first byte, public ones 0644 less the umask.
 * A file appears whole under its name or not at all, and what is there is replaced only with leave.
 * @param prepare makes the bytes of each target, in order, once it is known that they can be written; it gets the names that
 *   something is replaced under. No other is replaced, also none that appears meanwhile.
 * @throws LabError before the first byte: `export_folder_missing`, `export_folder_not_writable`, `export_exists`; while
 *   writing: `export_disk_full`, `export_exists` (it appeared just now), `export_failed`
 */
export async function putFiles(
  targets: readonly Target[],
  prepare: (replacing: readonly string[]) => Promise<readonly Bytes[]>,
  options: PutOptions,
): Promise<ExportResult> {
  if (options.folder === '') throw folderMissing('without a name')
  const folder = resolve(options.folder)
  try {
    const isThere = await checkFolder(folder, options.createFolder === true)
    const allowed = new Set(targets.filter(({ replace }) => replace).map(({ name }) => name))
    const names = targets.map(({ name }) => name)
    const replacing = isThere ? await checkNames(folder, names, (name) => allowed.has(name)) : []
    const contents = await prepare(replacing)
    if (isThere) await sweepDebris(folder)
    else await mkdir(folder, { mode: 0o755 })
    try {
      const sure = targets.map((target) => ({ ...target, replace: replacing.includes(target.name) }))
      return { folder, files: await writeAll(folder, sure, contents) }
    } catch (error) {
      if (!isThere) await rmdir(folder).catch(() => undefined)
      throw error
    }
  } catch (error) {
    throw exportFailure(error, folder)
  }
}

async function writeAll(
  folder: string,
  targets: readonly Target[],
  contents: readonly Bytes[],
): Promise<ExportResult['files']> {
  const temporaries: Temporary[] = []
  try {
    const files = targets.map((target, index) => ({
      ...target,
      path: join(folder, target.name),
      bytes: contents[index] ?? new Uint8Array(),
    }))
    const placements = []
    for (const { path, bytes, private: isPrivate, replace } of files) {
      const temporary = await writeTemporary(folder, bytes, isPrivate)
      temporaries.push(temporary)
      placements.push({ temporary, target: path, isPrivate, replace })
    }
    const replaced = await placeAll(folder, placements)
    return await Promise.all(
      files.map(async ({ id, name, path, bytes, private: isPrivate }, index) => ({
        id,
        name,
        path,
        bytes: bytes.length,
        sha256: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))),
        private: isPrivate,
        replaced: replaced[index] === true,
      })),
    )
  } finally {
    await Promise.all(temporaries.map(({ path }) => removeTemporary(path)))
  }
}
