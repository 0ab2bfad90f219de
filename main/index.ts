/** The main process: a list of set-up calls, in order. The windows come first; the lab behind them is loaded while they start. */
import { app, Menu, nativeImage } from 'electron'
import { join, resolve } from 'node:path'
import { orUndefined } from '#shared/errors'
import type { Settings } from '#shared/settings'
import { WINDOWS } from '#shared/windows'
import { clearPlaces, ownPlaces, type OwnPlaces } from './files/own-places'
import { checkSystemFolders } from './files/system-folders'
import { answerCalls } from './ipc/router'
import { openLog, type AppLog } from './log/app-log'
import { logProcessFailures } from './log/process-failures'
import { printLines } from './log/stdio'
import { APP_USAGE, readCommandLine, type CommandLine } from './settings/command-line'
import { SettingsStore } from './settings/settings-store'
import { prepareUserData, usualUserData } from './settings/user-data'
import { keepLooks } from './windows/appearance'
import { barriers, type Barrier } from './windows/barriers'
import { checkDisplay } from './windows/display'
import { filesHandedOver, GivenFiles, takeOpenedFiles } from './windows/given-files'
import { hardenPages, hardenSession, policyOf, preferencesOf } from './windows/hardening'
import { menuTemplate } from './windows/menu'
import { Person } from './windows/person'
import { pdfPrinter } from './windows/print-pdf'
import { ORIGIN, registerScheme, serveScheme } from './windows/scheme'
import { attendScreenReader, isScreenReaderThere } from './windows/screen-reader'
import { quitOnSignals } from './windows/signals'
import { isFirstStart } from './windows/single-start'
import { endWithFailure } from './windows/start-failure'
import { LabWindows } from './windows/windows'

const OUT = resolve(import.meta.dirname, '..')
const DEVELOPMENT_SERVER = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
const BARRIERS = Object.values<Barrier>(barriers(DEVELOPMENT_SERVER))

const ICON = join(
  app.isPackaged ? process.resourcesPath : join(OUT, '../scripts/packaging/icons'),
  '256x256.png',
)
const APP_FOLDER = app.isPackaged ? undefined : app.getAppPath()
/** Asking the desktop starts a program, and the windows come first. */
const SCREEN_READER_AFTER_MS = 2_000
const commandLine = readCommandLine(process.argv.slice(1), APP_FOLDER)
if (commandLine.userData !== undefined) app.setPath('userData', resolve(commandLine.userData))

if (commandLine.tells !== undefined) {
  printLines('stdout', commandLine.tells === 'help' ? APP_USAGE : [`Handshake Lab ${app.getVersion()}`])
  app.exit(0)
} else await begin().catch((error: unknown) => endWithFailure(error))

async function begin(): Promise<void> {
  quitOnSignals()
  const onOpenedFile = takeOpenedFiles()
  const userData = orUndefined(() => app.getPath('userData')) ?? usualUserData(app.getName())
  const places = ownPlaces(userData)
  const problems = [...commandLine.problems.map((text) => `Option left out. ${text}`)]
  problems.push(...prepareUserData(userData))
  checkSystemFolders()
  if (isFirstStart(userData, commandLine.files)) {
    const display = await checkDisplay()
    problems.push(...clearPlaces(places))
    const log = openLog(places.log)
    logProcessFailures(log)
    registerScheme()
    hardenPages(BARRIERS)
    app
      .whenReady()
      .then(() => {
        display.leave()
        return start(commandLine, places, problems, log, onOpenedFile)
      })
      .catch((error: unknown) => endWithFailure(error, log))
  } else {
    printLines('stderr', ['Handshake Lab is running already: its windows come to the front.'])
    app.quit()
  }
}

/** `problems`: what went wrong until now, for people. */
async function start(
  { overrides, exportFolder, files }: CommandLine,
  places: OwnPlaces,
  problems: string[],
  log: AppLog,
  onOpenedFile: ReturnType<typeof takeOpenedFiles>,
): Promise<void> {
  quitOnSignals()
  await hardenSession(BARRIERS)
  serveScheme(join(OUT, 'renderer'), policyOf(BARRIERS))

  let onSettings: (changed: Settings) => void = () => undefined
  const { store: settings, notices } = SettingsStore.open(places.settings, overrides, (changed) => {
    appearance.apply()
    onSettings(changed)
  })
  problems.push(...notices)
  const appearance = keepLooks(() => settings.current)

  const windows = new LabWindows({
    preload: join(OUT, 'preload', 'bridge.cjs'),
    icon: nativeImage.createFromPath(ICON),
    placementFile: places.windows,
    developmentServer: DEVELOPMENT_SERVER,
    preferences: preferencesOf(BARRIERS),
  })
  const person = new Person(windows)
  const given = new GivenFiles(windows)
  app.on('second-instance', (_, _args, _folder, data) => {
    windows.showAll()
    void given.open(filesHandedOver(data))
  })
  app.on('activate', () => windows.showAll())

  /** The lab is large, and the windows' processes need a moment of their own: what pages ask before it is there waits for it. */
  const loadLab = async () => {
    const notice = windows.open()
    if (notice !== undefined) problems.push(notice)
    void given.open(files)
    onOpenedFile((path) => void given.open([path]))
    const menu = menuTemplate(windows, WINDOWS, {
      development: DEVELOPMENT_SERVER !== undefined,
      usualSize: appearance.usualSize,
    })
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
    const { startLab } = await import('./start')
    return startLab({
      out: OUT,
      places,
      windows,
      person,
      printPdf: pdfPrinter(BARRIERS),
      settings,
      appearance,
      log,
      onSettings: (listener) => (onSettings = listener),
      given,
      exportFolder,
      problems,
    })
  }
  const handlers = loadLab()
  answerCalls(windows, person, DEVELOPMENT_SERVER ?? ORIGIN, handlers, log)
  await handlers
  if (process.platform !== 'linux') return
  setTimeout(() => {
    attendScreenReader(app, () => isScreenReaderThere(process.env)).catch((error: unknown) =>
      log.failed('Asking for a screen reader.', error),
    )
  }, SCREEN_READER_AFTER_MS)
}
