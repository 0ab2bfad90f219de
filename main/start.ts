/** The lab behind the windows: authority and server, what connects them with the windows, and what answers the windows' calls. */
import { app, clipboard as systemClipboard } from 'electron'
import { join } from 'node:path'
import type { LabView } from '#shared/lab'
import type { Settings } from '#shared/settings'
import { SuiteRuns } from './experiments/suite-runs'
import { Trials } from './experiments/trials'
import { ClientLinks } from './ipc/client-link'
import { SecretClipboard } from './ipc/clipboard'
import { ExportService } from './ipc/export'
import { makeHandlers } from './ipc/handlers'
import { readLicences } from './ipc/licences'
import type { Handlers } from './ipc/router'
import { SettingsChanges } from './lab/apply-settings'
import { coalesce } from './lab/coalesce'
import { Lab } from './lab/lab'
import { Notices } from './lab/notices'
import { NEWS_PAUSE_MS, RecordNews } from './lab/record-news'
import { viewLab } from './lab/view'
import { replaceFile, sweepTemporaries } from './settings/json-file'
import type { AppLog } from './log/app-log'
import type { SettingsStore } from './settings/settings-store'
import { newsOfLoss, newsOfReturn, type UnderWay } from './windows/page-news'
import type { LabWindows } from './windows/windows'

/** How long closing down may take before the process ends all the same. */
const QUIT_TIMEOUT_MS = 1_500

export interface Surroundings {
  /** Folder of the built app. */
  readonly out: string
  readonly inUserData: (...path: string[]) => string
  readonly windows: LabWindows
  readonly settings: SettingsStore
  readonly log: AppLog
  /** Takes who is told of changed settings. */
  readonly onSettings: (listener: (changed: Settings) => void) => void
  readonly exportFolder: string | undefined
  /** What went wrong until now, for people. */
  readonly problems: readonly string[]
}

/** Sets up the lab; the result answers the windows' calls. */
export async function startLab(around: Surroundings): Promise<Handlers> {
  const { out, inUserData, windows, settings, log, onSettings, exportFolder, problems } = around
  const files = ['settings.json', 'windows.json', 'export.json', join('trust', 'ca.pem')]
  await Promise.all(files.map((file) => sweepTemporaries(inUserData(file))))
  const notices = new Notices(() => announce())

  let trustAnchorFile: string | undefined
  const versions: LabView['versions'] = {
    app: app.getVersion(),
    electron: process.versions.electron,
    chrome: process.versions.chrome,
    node: process.versions.node,
  }
  const view = (): Promise<LabView> => {
    const said = { notices: notices.all, commandLine: settings.overridden }
    return viewLab(lab, settings.current, { trustAnchorFile, ...said, versions })
  }
  const announce = coalesce(async () => windows.tell('lab:changed', await view()), NEWS_PAUSE_MS)
  const news = new RecordNews({
    isOwn: (connection) => lab.walk.isOwn(connection),
    tell: (name, changes) => windows.tellOne(name, 'records:changed', changes),
  })

  const lab = new Lab({
    settings: () => settings.current,
    log,
    onChange: announce,
    onRecord: (entry) => news.add({ kind: 'added', entry }),
    onForgotten: (whose) => news.add({ kind: 'forgotten', whose }),
    onTrustAnchor: ({ pem }) => {
      const path = inUserData('trust', 'ca.pem')
      const report = (error: unknown): void => log.failed('The trust anchor could not be written.', error)
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
  const trials = new Trials((result) => windows.tellOne('client', 'trial:progress', result))
  const underWay = (): UnderWay => ({
    connections: links.count,
    experiment: trials.isRunning || suiteRuns.isRunning,
  })
  /** The client's window was closed while a trial ran. */
  let isTrialGivenUp = false
  windows.attend({
    onPageGone: (name, how) => {
      const said = newsOfLoss(name, how, underWay())
      if (said !== undefined) notices.add(said, { window: name })
      if (name !== 'client') return
      links.closeAll()
      void trials.cancel()
      void suiteRuns.cancel()
    },
    onHidden: (name) => {
      if (name !== 'client') return
      isTrialGivenUp = trials.isRunning
      void trials.cancel()
    },
    onBack: (name) => {
      if (name !== 'client') return
      const said = newsOfReturn({ ...underWay(), experiment: isTrialGivenUp })
      notices.add(said, { window: name, kind: isTrialGivenUp ? 'warning' : 'note' })
    },
  })
  const suiteRuns = new SuiteRuns(join(out, 'main', 'suites-thread.js'), (progress) =>
    windows.tellOne('client', 'suites:progress', progress),
  )
  const changes = new SettingsChanges(lab, settings)
  const clipboard = new SecretClipboard(systemClipboard)
  const exports = await ExportService.open(lab, clipboard, inUserData('export.json'), exportFolder)

  onSettings((changed) => {
    windows.tell('settings:changed', changed)
    announce()
  })
  for (const problem of problems) {
    console.error(problem)
    log.note(problem)
    notices.add(problem)
  }
  endCleanly(() =>
    Promise.all([trials.cancel(), suiteRuns.cancel(), clipboard.clear(), lab.close(), windows.savePlaces()]),
  )
  return makeHandlers({
    lab,
    windows,
    settings,
    changes,
    news,
    notices,
    links,
    exports,
    clipboard,
    trials,
    suiteRuns,
    view,
    log,
    licences: () => readLicences(join(app.isPackaged ? process.resourcesPath : out, 'licences.txt')),
  })
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
