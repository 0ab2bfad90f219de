/** Gives prepared files their final names: each in one step, whole or not at all. */
import { constants } from 'node:fs'
import { link, open, rename, unlink } from 'node:fs/promises'
import { basename } from 'node:path'
import { exportFailure } from './failures'
import { lookUp } from './folder'
import { systemCode } from './system-codes'
import { createFile, isSameFile, type Temporary } from './temporary'

/** A prepared file and where it goes. */
export interface Placement {
  readonly temporary: Temporary
  readonly target: string
  readonly isPrivate: boolean
  /** True when the person has allowed that what stands there is replaced. */
  readonly replace: boolean
}

/** Of open(2): nothing but a folder, which is not waited for. Windows knows neither. */
const FOLDER_ALONE = constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NONBLOCK ?? 0)

/** What file systems without hard links (FAT, some network folders) answer to link(2). */
const NO_LINKS = new Set(['EPERM', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP', 'EMLINK'])

/**
 * Puts all files in place. New ones come first, because they can be taken back: when one of them fails, the folder is as
 * it was. A replacement can't be taken back, so the error that stops the replacing names those that were done.
 * @returns for each placement, in order, whether something was replaced
 * @throws LabError as {@link exportFailure} makes it; the temporaries that are left are the caller's to remove
 */
export async function placeAll(
  folder: string,
  placements: readonly Placement[],
): Promise<readonly boolean[]> {
  const fresh = placements.filter((placement) => !placement.replace)
  const replacing = placements.filter((placement) => placement.replace)
  const replaced = new Set<Placement>()
  const done: Placement[] = []
  try {
    for (const placement of [...fresh, ...replacing]) {
      if (!placement.replace) await placeNew(placement)
      else if (await placeOver(placement)) replaced.add(placement)
      done.push(placement)
    }
  } catch (error) {
    await Promise.all(done.filter((placement) => !replaced.has(placement)).map(takeBack))
    throw exportFailure(
      error,
      folder,
      [...replaced].map(({ target }) => basename(target)),
    )
  }
  await syncFolder(folder)
  return placements.map((placement) => replaced.has(placement))
}

/** rename(2) replaces a link itself, never what it leads to. */
async function placeOver({ temporary, target }: Placement): Promise<boolean> {
  const existed = (await lookUp(target)) !== 'nothing'
  await rename(temporary.path, target)
  return existed
}

/** link(2) refuses a name that is taken, also one that was taken a moment ago. The temporary name is removed afterwards. */
async function placeNew({ temporary, target, isPrivate }: Placement): Promise<void> {
  try {
    await link(temporary.path, target)
  } catch (error) {
    if (!NO_LINKS.has(systemCode(error) ?? '')) throw error
    await placeWithoutLinks(temporary, target, isPrivate)
  }
}

/** Takes the name with an empty file of our own, which fails when it is taken, and then moves the content over that. */
async function placeWithoutLinks(temporary: Temporary, target: string, isPrivate: boolean): Promise<void> {
  await (await createFile(target, isPrivate)).close()
  try {
    await rename(temporary.path, target)
  } catch (error) {
    await unlink(target)
    throw error
  }
}

async function takeBack({ temporary, target }: Placement): Promise<void> {
  if (await isSameFile(target, temporary)) await unlink(target).catch(() => undefined)
}

/** Makes the new names last through a power cut, where the system can do that for folders (Windows can't). */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, FOLDER_ALONE).catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
