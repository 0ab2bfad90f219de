/** Where the app keeps what is its own, and what becomes of anything else that stands there when it starts. */
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { passOwnFault } from '#shared/errors'
import { SMALL_FILE_BYTES } from './json-file'
import { isOthers, kindOf, lookAtOwn, setAside } from './own-file'

/** So many bytes a file of the log has at most, and so many files there are, the present one counted. */
export const LOG_BOUNDS = { bytes: 1024 * 1024, files: 3 } as const

/** Paths in the user data folder. What else is there is Chromium's. */
export interface OwnPlaces {
  readonly settings: string
  /** Where windows stand. */
  readonly windows: string
  /** The folder and the names of the last export. */
  readonly exports: string
  readonly trustAnchor: string
  /** The authority's revocation list, beside its certificate. */
  readonly revocationList: string
  readonly log: string
}

export function ownPlaces(userData: string): OwnPlaces {
  return {
    settings: join(userData, 'settings.json'),
    windows: join(userData, 'windows.json'),
    exports: join(userData, 'export.json'),
    trustAnchor: join(userData, 'trust', 'ca.pem'),
    revocationList: join(userData, 'trust', 'ca-crl.pem'),
    log: join(userData, 'logs', 'handshake-lab.log'),
  }
}

/** The path of a file of the log by its age: 0 is the present one. */
export function logPath(path: string, age: number): string {
  return age === 0 ? path : path.replace(/(\.[^./\\]*)?$/, `.${age}$1`)
}

/**
 * Sees that in each place there is a file or a folder of the app's own, or nothing: whatever else is there is set aside, and
 * nothing is lost. Folders are for their owner alone afterwards.
 * @returns what was set aside and why, a notice each for people
 */
export function clearPlaces(places: OwnPlaces): readonly string[] {
  const { settings, windows, exports, trustAnchor, revocationList, log } = places
  const ages = Array.from({ length: LOG_BOUNDS.files }, (_, age) => age)
  return [
    clearFolder(dirname(log)),
    clearFolder(dirname(trustAnchor)),
    ...ages.map((age) => clearFile(logPath(log, age), LOG_BOUNDS.bytes, 'Another log is begun.')),
    clearFile(settings, SMALL_FILE_BYTES, 'The settings are the defaults.'),
    clearFile(windows, SMALL_FILE_BYTES, 'The windows stand where they do at first.'),
    clearFile(exports, SMALL_FILE_BYTES, 'The last export is not remembered.'),
    clearFile(trustAnchor, SMALL_FILE_BYTES, 'It is written anew with the next authority.'),
    clearFile(revocationList, SMALL_FILE_BYTES, 'It is written anew with the next authority.'),
  ].filter((notice) => notice !== undefined)
}

function clearFile(path: string, most: number, effect: string): string | undefined {
  const wrong = lookAtOwn(path, most)
  return wrong === undefined
    ? undefined
    : `${path} is no file of this app’s. ${wrong} ${effect} ${setAside(path)}`
}

/** A folder is needed even where none is: whoever writes there needs not make it. */
function clearFolder(path: string): string | undefined {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory() && !isOthers(found)) {
      chmodSync(path, 0o700)
      return undefined
    }
    const wrong =
      found && (found.isDirectory() ? 'It belongs to another account.' : `It is ${kindOf(found)}.`)
    const notice =
      wrong && `${basename(path)} in ${dirname(path)} is no folder of this app’s. ${wrong} ${setAside(path)}`
    mkdirSync(path, { mode: 0o700 })
    return notice
  } catch (error) {
    passOwnFault(error)
    return `The folder ${path} can’t be used: what belongs there is not kept.`
  }
}
