/** The user data folder, looked at before anything is built on it: Chromium would take a bad one for a second start. */
import { chmodSync, existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { LabError, passOwnFault } from '#shared/errors'
import { isOthers } from '../files/own-file'
import { probeFolder, reasonOfFolder } from '../files/probe'

/** What a folder has that was the app's before: its own files, and one of Chromium's. */
const OF_THE_APP = new Set(['settings.json', 'windows.json', 'Local State'])
const OPEN_TO_OTHERS = 0o077
/** A folder for everybody, as `/tmp` is. */
const STICKY = 0o1000

/**
 * Makes the folder, sees that it is its owner's alone, and tries whether it can be written to. Synchronous: there is nothing
 * yet that could be held up.
 * @returns a notice for people where others can get at what is in it
 * @throws LabError `user_data_not_usable`
 */
export function prepareUserData(folder: string): readonly string[] {
  try {
    makeFolder(folder)
    probeFolder(folder)
    return tighten(folder)
  } catch (cause) {
    passOwnFault(cause)
    throw new LabError(
      'user_data_not_usable',
      `The folder ${folder}, where settings are kept, can’t be used. ${reasonOfFolder(cause)} Make it writable, or name another one with --user-data-dir=FOLDER.`,
      { cause },
    )
  }
}

/**
 * Where the folder is on Linux unless it is named, worked out as Chromium does, which can't say so where that can't be made:
 * `XDG_CONFIG_HOME` is a file, or the home folder is nobody's to write to.
 */
export function usualUserData(appName: string, env: NodeJS.ProcessEnv = process.env): string {
  const { XDG_CONFIG_HOME: named = '' } = env
  return join(named === '' ? join(homedir(), '.config') : named, appName)
}

/** Node's own way of making the folders above as well never ends where the system says that a folder can't be (`/proc/x`). */
function makeFolder(path: string): void {
  if (existsSync(path)) {
    if (!statSync(path).isDirectory()) throw Object.assign(new Error('It is a file.'), { code: 'EEXIST' })
    return
  }
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent)
  mkdirSync(path, { mode: 0o700 })
}

/**
 * Takes others' rights to the folder away. One that was made for something else is left as it is, as `--user-data-dir` may name
 * any: whoever takes the rights to `/tmp` or `/` away, as root can, harms the whole machine.
 */
function tighten(folder: string): readonly string[] {
  if (process.platform === 'win32') return []
  const wrong = reasonToLeave(folder)
  if (wrong === undefined) return []
  return [
    `Other accounts of this machine can get at the folder ${folder}, where settings and the log are kept. ${wrong} Name another one with --user-data-dir=FOLDER.`,
  ]
}

/** Why the folder stays open to others; undefined where it does not. */
function reasonToLeave(folder: string): string | undefined {
  const found = statSync(folder)
  if (isOthers(found)) return 'It belongs to another account.'
  if ((found.mode & OPEN_TO_OTHERS) === 0) return undefined
  const names = readdirSync(folder)
  const isOurs = names.length === 0 || names.some((name) => OF_THE_APP.has(name))
  if (!isOurs || (found.mode & STICKY) !== 0) return 'It is not this app’s alone, so it was left as it is.'
  try {
    chmodSync(folder, found.mode & ~OPEN_TO_OTHERS & 0o7777)
  } catch (error) {
    passOwnFault(error)
  }
  // Some file systems know no rights, and say nothing of it.
  return (statSync(folder).mode & OPEN_TO_OTHERS) === 0 ? undefined : 'Its disk lets nobody be kept out.'
}
