/** The main process: a list of set-up calls, in order. */
import { app, clipboard as systemClipboard, dialog, nativeTheme } from 'electron'
import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { messageOf } from '#shared/errors'
import type { LabView } from '#shared/lab'
import { ClientLinks } from './ipc/client-link'
import { SecretClipboard } from './ipc/clipboard'
import { ExportService } from './ipc/export'
import { makeHandlers } from './ipc/handlers'
import { answerCalls } from './ipc/router'
import { coalesce } from './lab/coalesce'
import { Lab } from './lab/lab'
import { viewLab } from './lab/view'
import { readCommandLine, type CommandLine } from './settings/command-line'
import { replaceFile } from './settings/json-file'
import { SettingsStore } from './settings/settings-store'
import { denyPermissions, hardenPages } from './windows/hardening'
import { setMenu } from './windows/menu'
import { ORIGIN, registerScheme, serveScheme } from './windows/scheme'
import { LabWindows } from './windows/windows'

/** How long closing down may take before the process ends all the same. */
const QUIT_TIMEOUT_MS = 1_500
const OUT = resolve(import.meta.dirname, '..')

const commandLine = readCommandLine(process.argv.slice(1))
if (commandLine.userData !== undefined) app.setPath('userData', resolve(commandLine.userData))
for (const problem of commandLine.problems) console.error(`Option left out: ${problem}`)

if (app.requestSingleInstanceLock()) {
  registerScheme()
  hardenPages()
  void app
    .whenReady()
    .then(() => start(commandLine))
    .catch((error: unknown) => {
      console.error(error)
      dialog.showErrorBox('Handshake Lab could not start', messageOf(error))
      app.exit(1)
    })
} else {
  app.quit()
}

async function start({ overrides, exportFolder }: CommandLine): Promise<void> {
  const userData = app.getPath('userData')
  const inUserData = (...path: string[]): string => join(userData, ...path)
  await mkdir(userData, { recursive: true, mode: 0o700 })
  const developmentServer = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']

  denyPermissions()
  serveScheme(join(OUT, 'renderer'))

  const { store: settings, notice } = await SettingsStore.open(
    inUserData('settings.json'),
    overrides,
    (changed) => windows.tell('settings:changed', changed),
  )
  if (notice !== undefined) console.error(notice)
  nativeTheme.themeSource = settings.current.theme

  let trustAnchorFile: string | undefined
  const versions: LabView['versions'] = {
    app: app.getVersion(),
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    node: process.versions.node,
  }
  const view = (): Promise<LabView> => viewLab(lab, settings.current, { trustAnchorFile, versions })
  const announce = coalesce(async () => windows.tell('lab:changed', await view()))

  const lab = new Lab({
    settings: () => settings.current,
    onChange: announce,
    onRecord: (entry) => windows.tell('records:added', entry),
    onTrustAnchor: ({ pem }) => {
      const path = inUserData('trust', 'ca.pem')
      const report = (error: unknown): void =>
        console.error(`The trust anchor could not be written to ${path}:`, error)
      replaceFile(path, pem).then(() => {
        trustAnchorFile = path
        announce()
      }, report)
    },
  })
  const links = new ClientLinks({
    onOpen: (local) => lab.walk.join(local),
    onClose: (local) => lab.walk.leave(local),
  })
  const windows = new LabWindows({
    preloadFolder: join(OUT, 'preload'),
    placementFile: inUserData('windows.json'),
    developmentServer,
    onPageGone: (name) => {
      if (name === 'client') links.closeAll()
    },
  })
  const clipboard = new SecretClipboard(systemClipboard)
  const exports = await ExportService.open(lab, clipboard, inUserData('export.json'), exportFolder)

  answerCalls(
    windows,
    developmentServer ?? ORIGIN,
    makeHandlers({ lab, windows, settings, links, exports, clipboard, view }),
  )
  setMenu(windows, { development: developmentServer !== undefined })
  app.on('second-instance', () => windows.showAll())
  app.on('activate', () => windows.showAll())
  endCleanly(() => Promise.all([clipboard.clear(), lab.close(), windows.savePlaces()]))
  await windows.open()
}

/** What has to be done is done before the process ends, whatever asks it to. */
function endCleanly(finish: () => Promise<unknown>): void {
  let closed = false
  app.on('before-quit', (event) => {
    if (closed) return
    event.preventDefault()
    const timeout = new Promise((resolve) => setTimeout(resolve, QUIT_TIMEOUT_MS))
    void Promise.race([finish(), timeout]).finally(() => {
      closed = true
      app.quit()
    })
  })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => app.quit())
}
