/** One app for each user data folder: a second start hands over to the first. */
import { app } from 'electron'
import { readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { LabError, orUndefined } from '#shared/errors'
import { isAlive } from '../files/temporary'

/** Chromium's: a link that leads to the name of a machine, and the number of the process that is the first there. */
const LOCK = 'SingletonLock'

/**
 * Whether this start is the only one. If not, the first one has been told, and has the files to open.
 * @throws LabError `user_data_not_lockable` where there is no other: Chromium says the same of that
 */
export function isFirstStart(userData: string, files: readonly string[]): boolean {
  if (app.requestSingleInstanceLock({ files })) return true
  if (process.platform !== 'linux' || isHeld(join(userData, LOCK))) return false
  throw new LabError(
    'user_data_not_lockable',
    `The folder ${userData}, where settings are kept, can’t be locked, and without that two starts would write there. If something named ${LOCK} is in it, remove that; otherwise name another folder with --user-data-dir=FOLDER.`,
  )
}

function isHeld(lock: string): boolean {
  const [, host, pid] = /^(.+)-(\d+)$/.exec(orUndefined(() => readlinkSync(lock)) ?? '') ?? []
  return host !== undefined && (host !== hostname() || isAlive(Number(pid)))
}
