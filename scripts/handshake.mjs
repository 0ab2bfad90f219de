// `npm run handshake`: the whole run in a terminal, without Electron. Prints nothing on stdout of its own.
import './setup/node-version.mjs'
import { build } from './build.mjs'
import { setUp } from './setup.mjs'
import { runScript } from './setup/run.mjs'
import { runTerminal } from './setup/terminal.mjs'

await runScript(async () => {
  await setUp(['dependencies'])
  await build()
  await runTerminal(process.argv.slice(2))
})
