// The Electron that starts, tests and packages the app: the official one where it can be had, else the fallback.
import { spawn } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFallbackRuntime, isFallbackPossible, makeFallbackRuntime } from './fallback-runtime.mjs'
import { withLock } from './lock.mjs'
import { cacheFolder, ROOT } from './paths.mjs'
import { say, SetUpError } from './run.mjs'

/**
 * @typedef {object} Runtime
 * @property {'official' | 'fallback'} kind
 * @property {string} version Electron's version
 * @property {string} dist its folder
 * @property {string} executable
 */

const ELECTRON_PACKAGE = join(ROOT, 'node_modules/electron')
/** A download that brings nothing for so long is given up. */
const STALLED_AFTER_MS = 30_000
/** So long an unreachable site isn't tried again. */
const TRY_AGAIN_AFTER_MS = 7 * 24 * 60 * 60 * 1000

/**
 * Gets a runtime; the npm packages must be there.
 * @returns {Promise<Runtime>}
 */
export async function ensureRuntime() {
  const official = findOfficialRuntime()
  if (official) return official
  const fallback = findFallbackRuntime()
  if (fallback && wasUnreachableLately()) return fallback
  return withLock(async () => (await fetchOfficialRuntime()) ?? (await fallBack()))
}

/**
 * What tells the electron package, electron-vite and Playwright which runtime to use.
 * @param {Runtime} runtime
 * @returns {Record<string, string>}
 */
export function electronEnvironment({ dist, executable }) {
  return { ELECTRON_OVERRIDE_DIST_PATH: dist, ELECTRON_EXEC_PATH: executable }
}

/**
 * @param {Runtime} runtime
 * @returns {string} for people
 */
export function describeRuntime({ kind, version }) {
  return kind === 'official' ? `Electron ${version} (official)` : `Electron ${version} (fallback)`
}

/** @returns {Runtime | undefined} */
function findOfficialRuntime() {
  const dist = join(ELECTRON_PACKAGE, 'dist')
  try {
    const version = readFileSync(join(dist, 'version'), 'utf8').trim().replace(/^v/, '')
    const executable = join(dist, readFileSync(join(ELECTRON_PACKAGE, 'path.txt'), 'utf8'))
    if (version !== wantedVersion() || !existsSync(executable)) return undefined
    return { kind: 'official', version, dist, executable }
  } catch {
    return undefined
  }
}

/** @returns {Promise<Runtime | undefined>} undefined when its site can't be reached */
async function fetchOfficialRuntime() {
  if (wasUnreachableLately()) return undefined
  say(`Fetching Electron ${wantedVersion()} from its own site…`)
  await runElectronsInstaller()
  const runtime = findOfficialRuntime()
  if (!runtime) rememberUnreachable()
  return runtime
}

/** @returns {Promise<Runtime>} */
async function fallBack() {
  if (!isFallbackPossible()) {
    throw new SetUpError(
      `Electron's own site can't be reached, and there is no other source for ${process.platform} ${process.arch}.\n` +
        'Connect to the internet and run the same command again.',
    )
  }
  say("Electron's own site can't be reached: using an older runtime for development and tests.")
  return makeFallbackRuntime()
}

/** Runs the electron package's own download, and ends it when it stalls. */
async function runElectronsInstaller() {
  const downloads = mkdtempSync(join(tmpdir(), 'handshake-lab-'))
  const { ELECTRON_OVERRIDE_DIST_PATH: _, ...environment } = process.env
  const installer = spawn(process.execPath, [join(ELECTRON_PACKAGE, 'install.js')], {
    // Its stack trace would only repeat what is said next.
    stdio: ['ignore', 'ignore', process.env.DEBUG ? 2 : 'ignore'],
    env: { ...environment, TMPDIR: downloads, TEMP: downloads, TMP: downloads },
  })
  let progress = { bytes: 0, at: Date.now() }
  const watch = setInterval(() => {
    const bytes = downloadedBytes(downloads)
    if (bytes !== progress.bytes) progress = { bytes, at: Date.now() }
    else if (Date.now() - progress.at > STALLED_AFTER_MS) installer.kill()
  }, 1000)
  await new Promise((resolve) => installer.on('close', resolve).on('error', resolve))
  clearInterval(watch)
  rmSync(downloads, { recursive: true, force: true })
}

/**
 * @param {string} folder
 * @returns {number}
 */
function downloadedBytes(folder) {
  let sum = 0
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    sum += statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  }
  return sum
}

/** @returns {string} of the electron package */
function wantedVersion() {
  return JSON.parse(readFileSync(join(ELECTRON_PACKAGE, 'package.json'), 'utf8')).version
}

function unreachableMark() {
  return join(cacheFolder(), `electron-${wantedVersion()}-unreachable`)
}

function wasUnreachableLately() {
  const tried = statSync(unreachableMark(), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - tried < TRY_AGAIN_AFTER_MS
}

function rememberUnreachable() {
  mkdirSync(cacheFolder(), { recursive: true })
  writeFileSync(
    unreachableMark(),
    'Delete this file to have Electron fetched from its own site at the next start.\n',
  )
}
