// Sets up what the other scripts need; quick when there is nothing to do. Needs Node and npm, nothing else.
//
//   node scripts/setup.mjs [dependencies] [runtime] [display] [test-tools] [packaging]     (all when none is named)
import './setup/node-version.mjs'
import { ensureDependencies } from './setup/dependencies.mjs'
import { isStarted, runScript, say, SetUpError } from './setup/run.mjs'
import { describeRuntime, ensureRuntime } from './setup/runtime.mjs'
import { ensureSystemPackages } from './setup/system-packages.mjs'

/**
 * - `dependencies`: the npm packages
 * - `runtime`: Electron and the libraries it needs to run
 * - `display`: a display without a screen (Xvfb), for windows in tests
 * - `test-tools`: OpenSSL, keytool, certtool and others, and the Python packages, that the tests check the app against
 * - `packaging`: Electron's files, and what electron-builder can't fetch by itself
 * @typedef {'dependencies' | 'runtime' | 'display' | 'test-tools' | 'packaging'} Part
 * @typedef {import('./setup/runtime.mjs').Runtime} Runtime
 */

/** @type {readonly Part[]} */
const PARTS = ['dependencies', 'runtime', 'display', 'test-tools', 'packaging']

/**
 * @param {readonly Part[]} parts
 * @returns {Promise<Runtime | undefined>} the runtime, when it or the packaging was asked for
 * @throws {SetUpError} when a person has to do something; the message says what
 */
export async function setUp(parts) {
  const wantsRuntime = parts.includes('runtime') || parts.includes('packaging')
  if (wantsRuntime || parts.includes('dependencies')) await ensureDependencies()
  const runtime = wantsRuntime ? await ensureRuntime() : undefined
  ensureSystemPackages({ parts, runtime })
  return runtime
}

/**
 * As setUp, with the runtime.
 * @param {readonly Part[]} parts with `runtime` or `packaging` among them
 * @returns {Promise<Runtime>}
 */
export async function setUpRuntime(parts) {
  return /** @type {Runtime} */ (await setUp(parts))
}

/**
 * @param {string} name
 * @returns {name is Part}
 */
function isPart(name) {
  return PARTS.some((part) => part === name)
}

if (isStarted(import.meta.filename)) {
  await runScript(async () => {
    const names = process.argv.slice(2)
    const unknown = names.filter((name) => !isPart(name))
    if (unknown.length > 0)
      throw new SetUpError(`Unknown: ${unknown.join(', ')}. Known: ${PARTS.join(', ')}.`)
    const runtime = await setUp(names.length > 0 ? names.filter(isPart) : PARTS)
    say(`All set up${runtime ? `: ${describeRuntime(runtime)}` : ''}.`)
    return 0
  })
}
