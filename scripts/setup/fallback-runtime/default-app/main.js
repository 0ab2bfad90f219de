// Stand-in for Electron's default_app.asar: runs the app folder given on the command line.
// It must be an ES module that awaits the app at top level: only then does Electron hold back `ready` until an ESM
// app main has run, as it does in a packaged app.
import { app } from 'electron'
import { readFileSync } from 'node:fs'
import Module from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true })

// `-r module` is what Playwright passes to hook into the app before it starts.
const preload = []
let folder
for (let args = process.argv.slice(1); args.length > 0 && folder === undefined;) {
  const argument = args.shift()
  if (argument === '-r' || argument === '--require') preload.push(args.shift())
  else if (!argument.startsWith('-')) folder = resolve(argument)
}

if (folder === undefined) {
  console.error(`Electron ${process.versions.electron}: pass an app folder`)
  app.exit(2)
} else {
  try {
    if (preload.length > 0) Module._preloadModules(preload)
    const { name, productName, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    app.setAppPath(folder)
    app.setName(productName || name)
    if (version) app.setVersion(version)
    await import(pathToFileURL(Module._resolveFilename(folder, null, true)).href)
  } catch (error) {
    console.error('The app failed to load')
    console.error(error)
    app.exit(1)
  }
}
