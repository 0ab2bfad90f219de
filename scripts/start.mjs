// `npm start`: sets up, builds and opens the app; without a display does the terminal run instead.
import './setup/node-version.mjs'
import { build } from './build.mjs'
import { setUp, setUpRuntime } from './setup.mjs'
import { hasDisplay } from './setup/display.mjs'
import { ROOT } from './setup/paths.mjs'
import { isRoot, runInstead, runScript, say } from './setup/run.mjs'
import { electronEnvironment } from './setup/runtime.mjs'
import { runTerminal } from './setup/terminal.mjs'

const OUTPUT = './handshake-out'

await runScript(async () => {
  if (!hasDisplay()) {
    say(`There is no display to open windows on: running the handshake here, exporting to ${OUTPUT}.`)
    await setUp(['dependencies'])
    await build()
    return runTerminal(['--out', OUTPUT, '--replace'])
  }
  const runtime = await setUpRuntime(['runtime'])
  await build()
  if (isRoot()) say("Running as root: Electron's sandbox is off.")
  const args = [...(isRoot() ? ['--no-sandbox'] : []), ROOT, ...process.argv.slice(2)]
  return runInstead(runtime.executable, args, { env: { ...process.env, ...electronEnvironment(runtime) } })
})
