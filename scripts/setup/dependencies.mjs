// The npm packages: installed when what is there isn't what the lock file says.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { ROOT } from './paths.mjs'
import { runNpm, say, SetUpError } from './run.mjs'

/** @typedef {{ version?: string, optional?: boolean, peer?: boolean, link?: boolean }} LockedPackage */

/** Installs the npm packages if that is needed. */
export async function ensureDependencies() {
  if (areDependenciesThere()) return
  await withLock(async () => {
    if (areDependenciesThere()) return
    say('Installing npm packages…')
    // The tools are all devDependencies, and none of them needs an install script.
    const options = [
      '--include=dev',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--loglevel=error',
    ]
    if (!runNpm(['ci', ...options], ROOT))
      throw new SetUpError('npm could not install the packages; see above.')
  })
}

/**
 * Compares the lock file with the record that npm leaves in node_modules when it has finished, so a switched branch,
 * an interrupted install and an install by hand are all seen for what they are.
 * @returns {boolean}
 */
function areDependenciesThere() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'))
  const installed = readPackages(join(ROOT, 'node_modules/.package-lock.json'))
  if (!wanted)
    throw new SetUpError('package-lock.json is missing or unreadable: get a fresh copy of the project.')
  if (!installed) return false
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link) return true
    const there = installed[path]
    return there ? there.version === entry.version : entry.optional === true
  })
}

/**
 * @param {string} file a lock file of npm's
 * @returns {Record<string, LockedPackage> | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return undefined
  }
}
