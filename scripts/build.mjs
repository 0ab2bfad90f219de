// Builds the app into out/ when its sources have changed since the last time.
import './setup/node-version.mjs'
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './setup/lock.mjs'
import { ROOT } from './setup/paths.mjs'
import { isStarted, runScript, say, SetUpError } from './setup/run.mjs'

/** Files and folders that the build is made from. */
const SOURCES = [
  'main',
  'renderer',
  'shared',
  'docs/protocol.md',
  'package.json',
  'package-lock.json',
  'electron.vite.config.ts',
  'scripts/packaging/licences.ts',
  'scripts/build',
]
/** Says which sources out/ was built from. */
const MARK = join(ROOT, 'out/.sources')

/** Builds if that is needed; the npm packages must be there. */
export async function build() {
  if (isUpToDate()) return
  await withLock(async () => {
    if (isUpToDate()) return
    say('Building…')
    const state = sourcesState()
    const electronVite = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
    const result = spawnSync(process.execPath, [electronVite, 'build'], { cwd: ROOT, encoding: 'utf8' })
    if (result.status !== 0)
      throw new SetUpError(`${result.stdout}${result.stderr}\nThe build failed, see above.`)
    writeFileSync(MARK, state)
  })
}

/** For who else writes into out/: the next build then starts from nothing. */
export function forgetBuild() {
  rmSync(MARK, { force: true })
}

/** @returns {boolean} */
function isUpToDate() {
  return existsSync(MARK) && readFileSync(MARK, 'utf8') === sourcesState()
}

/** @returns {string} a fingerprint of every source's path, size and time of change */
function sourcesState() {
  const hash = createHash('sha256')
  for (const source of SOURCES) addState(hash, source)
  return hash.digest('hex')
}

/**
 * @param {import('node:crypto').Hash} hash
 * @param {string} path relative to the root
 */
function addState(hash, path) {
  const stats = statSync(join(ROOT, path), { throwIfNoEntry: false })
  if (stats?.isDirectory()) {
    for (const name of readdirSync(join(ROOT, path)).sort()) addState(hash, `${path}/${name}`)
  } else {
    hash.update(`${path} ${stats?.size} ${stats?.mtimeMs}\n`)
  }
}

if (isStarted(import.meta.filename)) {
  await runScript(async () => {
    await build()
    return 0
  })
}
