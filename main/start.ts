/** The lab behind the windows: authority and server, what connects them with the windows, and what answers the windows' calls. */
import { app, clipboard as systemClipboard } from 'electron'
import { dirname, join } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { isForeseen, toFault } from '#shared/errors'
import type { LabView } from '#shared/lab'
import type { Settings } from '#shared/settings'
import { KnowledgeRuns } from './experiments/knowledge-runs'
import { AttackDesk } from './adversary/attack-desk'
import { Adversary } from './adversary/adversary'
import { leakOf } from './adversary/lab-leaks'
import { judgeInThread } from './authority/judge-request'
import { WorkshopDesk } from './workshop/workshop-desk'
import { SuiteRuns } from './experiments/suite-runs'
import { Trials } from './experiments/trials'
import { ClientLinks } from './ipc/client-link'
import { SecretClipboard } from './ipc/clipboard'
import { copyText } from './ipc/copy-text'
import { ExportService } from './ipc/export'
import { makeHandlers } from './ipc/handlers'
import { Losses } from './ipc/losses'
import { readLicences } from './ipc/licences'
import { ClientRecords } from './recording/client-records'
import { History } from './recording/history'
import { LabRun } from './recording/lab-run'
import { Recordings } from './recording/recordings'
import { presentQuestions } from './ipc/name-questions'
import { tellWindows } from './ipc/news'
import { attendPages } from './ipc/page-changes'
import type { Handlers } from './ipc/answer'
import { SettingsChanges } from './lab/apply-settings'
import { Hub } from './lab/events'
import { Lab } from './lab/lab'
import { Notices } from './lab/notices'
import { TrustFiles } from './lab/trust-files'
import { viewLab } from './lab/view'
import type { AppLog } from './log/app-log'
import { printLines } from './log/stdio'
import type { OwnPlaces } from './files/own-places'
import { sweepDebris } from './files/temporary'
import type { SettingsStore } from './settings/settings-store'
import type { Appearance } from './windows/appearance'
import { giveContextMenus } from './windows/context-menu'
import type { Person } from './windows/person'
import { showInFolder } from './windows/show-in-folder'
import type { GivenFiles } from './windows/given-files'
import type { LabWindows } from './windows/windows'

/** How long closing down may take before the process ends all the same. */
const QUIT_TIMEOUT_MS = 1_500

export interface Surroundings {
  /** Folder of the built app. */
  readonly out: string
  readonly places: OwnPlaces
  readonly windows: LabWindows
  readonly person: Person
  /** Prints a report, HTML, as PDF. */
  readonly printPdf: (html: Bytes) => Promise<Bytes>
  readonly settings: SettingsStore
  readonly appearance: Appearance
  readonly log: AppLog
  /** Takes who is told of changed settings. */
  readonly onSettings: (listener: (changed: Settings) => void) => void
  /** Files given from outside. */
  readonly given: Pick<GivenFiles, 'onRun'>
  readonly exportFolder: string | undefined
  /** What went wrong until now, for people. */
  readonly problems: readonly string[]
}

/** Sets up the lab; the result answers the windows' calls. */
export async function startLab(around: Surroundings): Promise<Handlers> {
  const { out, places, windows, person, printPdf, settings, log, onSettings, given, exportFolder, problems } =
    around
  await Promise.all([places.settings, places.trustAnchor].map((path) => sweepDebris(dirname(path))))

  const hub = new Hub(log)
  const notices = new Notices(() => hub.tell('changed'))
  const tell = (problem: string): void => {
    printLines('stderr', [problem])
    log.note(problem)
    notices.add(problem)
  }
  problems.forEach(tell)
  const lab: Lab = new Lab({
    settings: () => settings.current,
    hub,
    log,
    routes: () => adversary.routes,
    judgeRequest: judgeInThread(join(out, 'main', 'offer-thread.js')),
    patience: (connection) => adversary.patienceOf(connection),
  })
  const adversary: Adversary = new Adversary({
    settings: () => settings.current,
    listeners: () => ({ authority: lab.authority.address, server: lab.server.address }),
    trustAnchor: () => lab.authority.certificate,
    publicKeys: () => ({
      PK_CA: lab.authority.certificate?.publicKey,
      PK_S: lab.server.credentials?.publicKey,
    }),
    connections: lab.roles.context.connections,
    environment: lab.roles.context.environment,
    keyToLose: (id) => leakOf(lab, id),
    onChange: () => hub.tell('adversary'),
    onSwitched: () => hub.tell('changed'),
    onFailure: (error) => log.failed('While the adversary was at work.', error),
  })
  const trust = new TrustFiles(places, hub, log)
  const changes = new SettingsChanges(lab, settings)
  const links = new ClientLinks(lab.roles.context, lab.walk)
  const trials = new Trials((result) => hub.tell('trial', result))
  const suiteRuns = new SuiteRuns(join(out, 'main', 'suites-thread.js'), (progress) =>
    hub.tell('runs', progress),
  )
  const knowledgeRuns = new KnowledgeRuns((progress) => hub.tell('making', progress))
  const attacks = new AttackDesk({
    version: app.getVersion(),
    thread: join(out, 'main', 'attacks-thread.js'),
    tell: (progress) => windows.tellOne('attacks', 'attacks:progress', progress),
    log,
  })
  const workshop = new WorkshopDesk({
    thread: join(out, 'main', 'workshop-thread.js'),
    tell: (progress) => windows.tellOne('workshop', 'workshop:progress', progress),
    log,
  })
  const clipboard = new SecretClipboard(systemClipboard)
  const exports = await ExportService.open(
    { lab, recorded: () => recordings.exported, clipboard, windows, person },
    places.exports,
    exportFolder,
    tell,
  )
  const losses = new Losses({
    lab,
    kept: exports.kept,
    isRunSaved: () => labRun.isSaved,
    workshop,
    held: () => adversary.view.held.length,
    windows,
    person,
    quit: () => app.quit(),
  })
  const view = (): Promise<LabView> =>
    viewLab(lab, settings.current, {
      isOnWire: adversary.isOn,
      heldOnWire: adversary.isOn ? adversary.view.held.length : 0,
      dropped: news.concerned(lab.journal.dropped),
      trustAnchorFile: trust.trustAnchor,
      listFile: trust.revocationList,
      notices: notices.all,
      commandLine: settings.overridden,
      versions: versions(),
    })

  const clientRecords = new ClientRecords(windows)
  const labRun: LabRun = new LabRun({
    lab,
    history: new History(hub, settings.current),
    client: clientRecords,
    side: () => adversary.keep(),
    versions: versions(),
  })
  const recordings: Recordings = new Recordings({
    hub,
    thread: join(out, 'main', 'run-thread.js'),
    versions: versions(),
    concerns: (window, entry) => news.concerns(window, entry),
  })
  const news = tellWindows({
    hub,
    windows,
    view,
    adversary: () => adversary.view,
    recording: () => recordings.news(),
    log,
  })
  attendPages({ hub, lab, notices, links, trials, suiteRuns, knowledgeRuns, attacks, workshop, adversary })
  presentQuestions({ hub, lab, windows })
  windows.attend({
    onPageGone: (window, how) => hub.tell('pageGone', { window, how }),
    onHidden: (window) => hub.tell('windowHidden', window),
    onBack: (window) => hub.tell('windowBack', window),
    onQuit: (window) => void losses.quit(window),
    mayClose: (window) => losses.mayClose(window),
  })
  hub.on('recorded', (entry) => adversary.observe(entry))
  onSettings((changed) => hub.tell('settings', changed))
  given.onRun((path) => {
    recordings.openPath(path).catch((error: unknown) => {
      if (!isForeseen(error)) log.failed('While a run was opened.', error)
      notices.add(toFault(error).message)
    })
  })
  endCleanly(() =>
    Promise.all([
      ...[knowledgeRuns.forget(), trials.cancel(), suiteRuns.cancel(), attacks.cancel()],
      workshop.forget(),
      ...[adversary.switchOff(), clipboard.clear(), lab.close(), windows.savePlaces()],
    ]),
  )
  giveContextMenus(windows, (window, text) => void copyText({ text }, window, { clipboard, person }))
  return makeHandlers({
    lab,
    adversary,
    windows,
    person,
    settings,
    appearance: around.appearance,
    changes,
    news,
    notices,
    links,
    exports,
    labRun,
    recordings,
    clientRecords,
    losses,
    clipboard,
    trials,
    suiteRuns,
    knowledgeRuns,
    attacks,
    workshop,
    printPdf,
    view,
    log,
    showInFolder,
    application: `Handshake Lab ${app.getVersion()}`,
    licences: () => readLicences(join(app.isPackaged ? process.resourcesPath : out, 'licences.txt')),
  })
}

function versions(): LabView['versions'] {
  const { electron, chrome, node } = process.versions
  return { app: app.getVersion(), electron, chrome, node }
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
}
