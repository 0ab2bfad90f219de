// `npm run dist`: packages of the app in dist/, for this system. Arguments go to electron-builder, such as `--linux deb`; but for
// `--allow-old-runtime`, which packs an Electron that is out of support all the same: for tests of the package alone.
import './setup/node-version.mjs'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { setUpRuntime } from './setup.mjs'
import { ROOT } from './setup/paths.mjs'
import { outOfSupportSince } from './packaging/electron-support.mjs'
import { runInstead, runScript, say, SetUpError } from './setup/run.mjs'
import { describeRuntime } from './setup/runtime.mjs'

/** @typedef {import('./setup/runtime.mjs').Runtime} Runtime */

/**
 * Names the folder in /opt. Where Chromium needs its sandbox helper, it can't start it from a path with a space in it,
 * so the name that people see is set in the desktop entry alone.
 */
const LINUX_NAME = '--config.productName=handshake-lab'
const ALLOW_OLD = '--allow-old-runtime'
const given = process.argv.slice(2).filter((argument) => argument !== ALLOW_OLD)

await runScript(async () => {
  const runtime = await setUpRuntime(['packaging'])
  requireSupport(runtime)
  await build()
  say(`Packing ${describeRuntime(runtime)}.`)
  const startedAt = Date.now()
  const { args, env } = runtime.kind === 'fallback' ? withoutDownloads(runtime) : { args: [], env: {} }
  const electronBuilder = join(ROOT, 'node_modules/electron-builder/cli.js')
  const always = ['--publish', 'never', ...(process.platform === 'linux' ? [LINUX_NAME] : [])]
  const allArgs = [electronBuilder, ...always, ...args, ...given]
  const code = await runInstead(process.execPath, allArgs, {
    cwd: ROOT,
    env: { ...process.env, ...env },
  })
  if (code === 0) listPackages(startedAt, runtime)
  return code
})

/**
 * @param {Runtime} runtime
 * @throws {SetUpError} for one that is out of support, unless it was asked for
 */
function requireSupport(runtime) {
  const since = outOfSupportSince(runtime.version, new Date())
  if (since === undefined) return
  const found = `${describeRuntime(runtime)} has no support any more, ${since}: its holes stay open`
  if (!process.argv.includes(ALLOW_OLD)) {
    throw new SetUpError(
      `${found}. Nothing was packed.\nPack where Electron's own site can be reached, or raise electron in package.json. ` +
        `For a test of the package, and never for others: npm run dist -- ${ALLOW_OLD}`,
    )
  }
  say(`${found}. This package is for tests alone.`)
}

/**
 * Lets electron-builder work with what is on this machine: it fetches Electron, 7-Zip and fpm from a site that can't
 * be reached where the fallback is in use. The AppImage tools have no such stand-in.
 * @param {Runtime} runtime
 */
function withoutDownloads({ dist, version }) {
  const targets = given.length > 0 ? [] : ['--linux', 'deb', 'tar.gz']
  return {
    args: [...targets, `--config.electronDist=${dist}`, `--config.electronVersion=${version}`],
    env: {
      ELECTRON_BUILDER_7ZIP_PATH: '/usr/bin/7zz',
      CUSTOM_FPM_PATH: join(ROOT, 'scripts/packaging/fpm-deb.mjs'),
      ELECTRON_BUILDER_COMPRESSION_LEVEL: '5',
    },
  }
}

/**
 * @param {number} startedAt
 * @param {Runtime} runtime
 */
function listPackages(startedAt, runtime) {
  const folder = join(ROOT, 'dist')
  console.log(`\nPackages with ${describeRuntime(runtime)}:`)
  for (const name of readdirSync(folder)) {
    const stats = statSync(join(folder, name))
    if (stats.isFile() && stats.mtimeMs >= startedAt && !name.startsWith('builder-')) {
      console.log(`  dist/${name}  ${(stats.size / 1e6).toFixed(1)} MB`)
    }
  }
}
