// `npm start`: sets up, builds and opens the app; without a display does the terminal run instead.
import './setup/node-version.mjs'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { setUp, setUpRuntime } from './setup.mjs'
import { hasDisplay } from './setup/display.mjs'
import { ROOT } from './setup/paths.mjs'
import { isRoot, runInstead, runScript, say } from './setup/run.mjs'
import { electronEnvironment } from './setup/runtime.mjs'
import { runTerminal } from './setup/terminal.mjs'

const OUTPUT = './handshake-out'

const given = process.argv.slice(2)

await runScript(async () => {
  const told = tell()
  if (told !== undefined) {
    process.stdout.write(told)
    return 0
  }
  if (!hasDisplay()) {
    say(`There is no display to open windows on: running the handshake here, exporting to ${OUTPUT}.`)
    await setUp(['dependencies'])
    await build()
    return runTerminal(['--out', OUTPUT, '--replace'])
  }
  const runtime = await setUpRuntime(['runtime'])
  await build()
  if (isRoot()) say("Running as root: Electron's sandbox is off.")
  const args = [...(isRoot() ? ['--no-sandbox'] : []), ROOT, ...given]
  return runInstead(runtime.executable, args, { env: { ...process.env, ...electronEnvironment(runtime) } })
})

/** @returns {string | undefined} what `--help` and `--version` print, which needs nothing to be set up */
function tell() {
  const read = (/** @type {string} */ path) => readFileSync(join(ROOT, path), 'utf8')
  if (given.includes('--help') || given.includes('-h'))
    return read('main/settings/usage.txt').replace('handshake-lab [option]', 'npm start -- [option]')
  if (given.includes('--version') || given.includes('-v'))
    return `Handshake Lab ${JSON.parse(read('package.json')).version}\n`
  return undefined
}
