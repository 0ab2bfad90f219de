/**
 * An app of one window, as hardened as it is told to be: `--barriers=` names those of the app's barriers that stand here. It is
 * a program of its own, so that the app has no way to start without one.
 */
import { barriers, type Barrier } from '#main/windows/barriers'
import { hardenPages, hardenSession, policyOf, preferencesOf } from '#main/windows/hardening'
import { registerScheme, serveScheme } from '#main/windows/scheme'
import { app, BrowserWindow } from 'electron'
import { join } from 'node:path'

const OPTION = '--barriers='
const names =
  process.argv
    .find((argument) => argument.startsWith(OPTION))
    ?.slice(OPTION.length)
    .split(',') ?? []
const standing = Object.entries<Barrier>(barriers(undefined))
  .filter(([name]) => names.includes(name))
  .map(([, barrier]) => barrier)

registerScheme()
hardenPages(standing)
app.on('window-all-closed', () => app.quit())
// Not awaited: Electron is ready only once this file has run.
void app.whenReady().then(async () => {
  await hardenSession(standing)
  serveScheme(join(import.meta.dirname, 'pages'), policyOf(standing))
  const window = new BrowserWindow({ webPreferences: { ...preferencesOf(standing), sandbox: true } })
  await window.loadURL('app://lab/index.html')
})
