/** The main process: a list of set-up calls, in order. The windows come first; the lab behind them is loaded while they start. */
import { app, Menu, nativeTheme } from 'electron'
import { join, resolve } from 'node:path'
import type { Settings } from '#shared/settings'
import { WINDOWS } from '#shared/windows'
import { clearPlaces, ownPlaces, type OwnPlaces } from './files/own-places'
import { answerCalls } from './ipc/router'
import { openLog, type AppLog } from './log/app-log'
import { logProcessFailures } from './log/process-failures'
import { printLines } from './log/stdio'
import { readCommandLine, type CommandLine } from './settings/command-line'
import { SettingsStore } from './settings/settings-store'
import { prepareUserData } from './settings/user-data'
import { barriers, type Barrier } from './windows/barriers'
import { hardenPages, hardenSession, policyOf, preferencesOf } from './windows/hardening'
import { menuTemplate } from './windows/menu'
import { Person } from './windows/person'
import { ORIGIN, registerScheme, serveScheme } from './windows/scheme'
import { attendScreenReader, isScreenReaderThere } from './windows/screen-reader'
import { endWithFailure } from './windows/start-failure'
import { LabWindows } from './windows/windows'

const OUT = resolve(import.meta.dirname, '..')
const DEVELOPMENT_SERVER = app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']
const BARRIERS = Object.values<Barrier>(barriers(DEVELOPMENT_SERVER))

const commandLine = readCommandLine(process.argv.slice(1))
if (commandLine.userData !== undefined) app.setPath('userData', resolve(commandLine.userData))

try {
  const places = ownPlaces(app.getPath('userData'))
  const problems = [...commandLine.problems.map((text) => `Option left out. ${text}`)]
  problems.push(...prepareUserData(app.getPath('userData')))
  if (app.requestSingleInstanceLock()) {
    problems.push(...clearPlaces(places))
    const log = openLog(places.log)
    logProcessFailures(log)
    registerScheme()
    hardenPages(BARRIERS)
    app
      .whenReady()
      .then(() => start(commandLine, places, problems, log))
      .catch((error: unknown) => endWithFailure(error, log))
  } else {
    printLines('stderr', ['Handshake Lab is running already: its windows come to the front.'])
    app.quit()
  }
} catch (error) {
  void endWithFailure(error)
}

/** `problems`: what went wrong until now, for people. */
async function start(
  { overrides, exportFolder }: CommandLine,
  places: OwnPlaces,
  problems: string[],
  log: AppLog,
): Promise<void> {
  await hardenSession(BARRIERS)
  serveScheme(join(OUT, 'renderer'), policyOf(BARRIERS))

  let onSettings: (changed: Settings) => void = () => undefined
  const { store: settings, notices } = SettingsStore.open(places.settings, overrides, (changed) => {
    nativeTheme.themeSource = changed.theme
    onSettings(changed)
  })
  problems.push(...notices)
  nativeTheme.themeSource = settings.current.theme

  const windows = new LabWindows({
    preload: join(OUT, 'preload', 'bridge.cjs'),
    placementFile: places.windows,
    developmentServer: DEVELOPMENT_SERVER,
    preferences: preferencesOf(BARRIERS),
  })
  const person = new Person(windows)
  app.on('second-instance', () => windows.showAll())
  app.on('activate', () => windows.showAll())

  /** The lab is large, and the windows' processes need a moment of their own: what pages ask before it is there waits for it. */
  const loadLab = async () => {
    const notice = windows.open()
    if (notice !== undefined) problems.push(notice)
    const menu = menuTemplate(windows, WINDOWS, { development: DEVELOPMENT_SERVER !== undefined })
    Menu.setApplicationMenu(Menu.buildFromTemplate(menu))
    const { startLab } = await import('./start')
    return startLab({
      out: OUT,
      places,
      windows,
      person,
      settings,
      log,
      onSettings: (listener) => (onSettings = listener),
      exportFolder,
      problems,
    })
  }
  const handlers = loadLab()
  if (process.platform === 'linux')
    void attendScreenReader(app, () => isScreenReaderThere(process.env)).catch((error: unknown) =>
      log.failed('Asking for a screen reader.', error),
    )
  answerCalls(windows, person, DEVELOPMENT_SERVER ?? ORIGIN, handlers, log)
  await handlers
}
