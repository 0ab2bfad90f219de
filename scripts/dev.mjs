// `npm run dev`: the app with hot reload. Arguments go to the app.
import './setup/node-version.mjs'
import { join } from 'node:path'
import { forgetBuild } from './build.mjs'
import { setUpRuntime } from './setup.mjs'
import { hasDisplay } from './setup/display.mjs'
import { ROOT } from './setup/paths.mjs'
import { isRoot, runInstead, runScript, say, SetUpError } from './setup/run.mjs'
import { electronEnvironment } from './setup/runtime.mjs'

await runScript(async () => {
  if (!hasDisplay()) throw new SetUpError('There is no display to open windows on.')
  const runtime = await setUpRuntime(['runtime'])
  if (isRoot()) say("Running as root: Electron's sandbox is off.")
  forgetBuild()
  const electronVite = join(ROOT, 'node_modules/electron-vite/bin/electron-vite.js')
  const args = [
    electronVite,
    'dev',
    '--watch',
    ...(isRoot() ? ['--noSandbox'] : []),
    '--',
    ...process.argv.slice(2),
  ]
  return runInstead(process.execPath, args, {
    cwd: ROOT,
    env: { ...process.env, ...electronEnvironment(runtime) },
  })
})
