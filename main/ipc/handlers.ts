/** What each call does, by topic. */
import { describePrivateKey } from '#shared/crypto/primitives/rsa'
import { LabError } from '#shared/errors'
import type { LabView } from '#shared/lab'
import type { AttackDesk } from '../adversary/attack-desk'
import type { Adversary } from '../adversary/adversary'
import type { WorkshopDesk } from '../workshop/workshop-desk'
import type { Trials } from '../experiments/trials'
import type { KnowledgeRuns } from '../experiments/knowledge-runs'
import type { SuiteRuns } from '../experiments/suite-runs'
import type { SettingsChanges } from '../lab/apply-settings'
import type { Lab } from '../lab/lab'
import type { SettingsStore } from '../settings/settings-store'
import type { AppLog } from '../log/app-log'
import type { Appearance } from '../windows/appearance'
import type { Person } from '../windows/person'
import type { LabWindows } from '../windows/windows'
import type { Notices } from '../lab/notices'
import type { RecordNews } from '../lab/record-news'
import type { ClientLinks } from './client-link'
import type { SecretClipboard } from './clipboard'
import { copyText } from './copy-text'
import type { ExportService } from './export'
import type { Losses } from './losses'
import { adversaryHandlers } from './adversary-calls'
import { authorityHandlers } from './authority-calls'
import type { Handlers, Topic } from './answer'
import { requireOwnKey, roleOf } from './rights'
import { lateTopic } from './late-topic'
import type { ReportServices } from './report-calls'
import { runHandlers, type RunServices } from './run-calls'
import { workshopHandlers } from './workshop-calls'

/** The parts of the app that calls reach. */
export interface Services
  extends Pick<RunServices, 'labRun' | 'recordings' | 'clientRecords'>, Pick<ReportServices, 'printPdf'> {
  readonly lab: Lab
  readonly adversary: Adversary
  readonly windows: LabWindows
  readonly person: Person
  readonly settings: SettingsStore
  readonly appearance: Pick<Appearance, 'preview'>
  readonly changes: SettingsChanges
  readonly news: RecordNews
  readonly notices: Notices
  readonly links: ClientLinks
  readonly exports: ExportService
  readonly losses: Losses
  readonly clipboard: SecretClipboard
  readonly suiteRuns: SuiteRuns
  readonly knowledgeRuns: KnowledgeRuns
  readonly trials: Trials
  readonly attacks: AttackDesk
  readonly workshop: WorkshopDesk
  readonly view: () => Promise<LabView>
  readonly licences: () => Promise<string>
  /** The app, with its version. */
  readonly application: string
  readonly log: AppLog
  /** Shows a file in the file manager. */
  readonly showInFolder: (path: string) => Promise<void>
}

/** The table of handlers. */
export function makeHandlers(services: Services): Handlers {
  return {
    ...labHandlers(services),
    ...authorityHandlers(services),
    ...logHandlers(services),
    ...inspectHandlers(services),
    ...walkHandlers(services),
    ...linkHandlers(services),
    ...settingsHandlers(services),
    ...exportHandlers(services),
    ...runHandlers(services),
    ...lateTopic('report', () => import('./report-calls').then((room) => room.reportHandlers(services))),
    ...lateTopic('capture', () => import('./capture-calls').then((room) => room.captureHandlers(services))),
    ...suitesHandlers(services),
    ...trialHandlers(services),
    ...knowledgeHandlers(services),
    ...attackHandlers(services),
    ...workshopHandlers(services),
    ...adversaryHandlers(services),
  }
}

function labHandlers({
  lab,
  losses,
  windows,
  view,
  licences,
  notices,
}: Services): Topic<'lab' | 'server' | 'window' | 'help' | 'notice'> {
  return {
    'lab:view': view,
    'lab:licences': licences,
    'lab:cancel': () => lab.cancel().then(() => lab.walkView),
    'server:start': ({ port }) => lab.startServer(port).then(nothing),
    'server:stop': async (_, window) =>
      (await losses.mayStopServer(window)) ? lab.stopServer().then(nothing) : undefined,
    'server:register': async (_, window) =>
      (await lab.isStillWanted(losses.mayRegister(window))) ? lab.register().then(nothing) : undefined,
    'server:end-session': ({ id }) => nothing(lab.server.endSession(id)),
    'window:show': ({ window, record }) => {
      windows.show(window)
      if (record !== undefined) windows.ask(window, 'record:show', { id: record })
      return undefined
    },
    'help:show': ({ place }) => nothing(windows.showHelp(place)),
    'notice:dismiss': ({ id }) => nothing(notices.dismiss(id)),
  }
}

function logHandlers({ log, showInFolder }: Services): Topic<'log'> {
  return {
    'log:report': ({ where, failure }, window) =>
      nothing(log.reported(`In the window ${window}: ${where}`, failure)),
    'log:read': () => log.view(),
    'log:show': () => showInFolder(log.path).then(nothing),
  }
}

function inspectHandlers({ lab, news, clipboard, person }: Services): Topic<'records' | 'key' | 'text'> {
  return {
    'records:list': (_, window) => {
      // What is in the list is no news afterwards.
      news.flush()
      return lab.journal.list().filter((entry) => news.concerns(window, entry))
    },
    'records:reveal': ({ id, member }, window) => lab.journal.reveal(id, member, roleOf(window)),
    'key:reveal': async ({ key }, window) => {
      requireOwnKey(key, window)
      const found = lab.privateKey(key)
      return { pem: found.pem, parts: await describePrivateKey(found) }
    },
    'text:copy': async ({ text, secret = false }, window) => {
      if (!(await copyText({ text, secret }, window, { clipboard, person })))
        throw new LabError('not_asked_for', 'The private key was not copied: it was not confirmed.')
      return undefined
    },
  }
}

function walkHandlers({ lab, news, losses }: Services): Topic<'walk' | 'client'> {
  return {
    'walk:may-reset': (_, window) => losses.mayStartOver(window),
    'walk:reset': () => {
      lab.resetWalk()
      // The walk that begins now counts from the last record that its window knows.
      news.flush()
      return lab.walkView
    },
    'walk:pace': ({ stepping }) => nothing(lab.walk.setStepping(stepping)),
    'walk:register': async (_, window) => {
      if (await lab.isStillWanted(losses.mayRegister(window))) await lab.walkRegister()
      return lab.walkView
    },
    'walk:release': async ({ step, connection = '' }) => {
      if (step === 2) await lab.walkFinishRegistration()
      else await lab.walk.gates.release(step, connection)
      return lab.walkView
    },
    'walk:reached': ({ step, connection }) => lab.walk.reached(step, connection).then(() => lab.walkView),
    'walk:pause': ({ paused }) => {
      lab.pauseSession(paused)
      return lab.walkView
    },
    'client:trust': () => {
      const certificate = lab.authority.certificate
      if (!certificate) {
        throw new LabError(
          'no_trust_anchor',
          'There is no authority to trust yet: start the authority first.',
        )
      }
      return { pem: certificate.pem }
    },
  }
}

function linkHandlers({ lab, links, adversary }: Services): Topic<'link'> {
  return {
    'link:open': async () => {
      const link = await links.open(lab.roles.serverRoute)
      return { ...link, patient: lab.patienceOf(link.connection) }
    },
    'link:read': ({ id }) => links.read(id),
    'link:write': ({ id, bytes }) => links.write(id, bytes),
    'link:close': ({ id }) => nothing(links.close(id)),
    'link:judged': ({ id, ...verdict }) => {
      const connection = links.connectionOf(id)
      if (connection) adversary.judge(connection, 'client', verdict)
      return undefined
    },
  }
}

function settingsHandlers({ settings, appearance, windows, changes, losses }: Services): Topic<'settings'> {
  return {
    'settings:get': () => settings.current,
    'settings:set': (changed, window) =>
      changes.apply(changed, () => losses.mayGiveUpAuthority(window, 'renew')),
    'settings:preview': ({ looks }, name) => {
      const window = windows.get(name)
      return window && nothing(appearance.preview(window, looks))
    },
  }
}

function exportHandlers({ exports }: Services): Topic<'export'> {
  return {
    'export:plan': (_, window) => exports.plan(window),
    'export:choose-folder': (_, window) => exports.chooseFolder(window),
    'export:look': ({ names, files }) => exports.look(names, files),
    'export:write': (request, window) => exports.write(request, window),
    'export:cancel': (_, window) => nothing(exports.cancel(window)),
    'export:write-given': (given, window) => exports.writeGiven(given, window),
    'export:copy': (request, window) => exports.copy(request, window),
    'export:show': ({ path }) => exports.show(path).then(nothing),
  }
}

function trialHandlers({ trials, exports }: Services): Topic<'trial'> {
  return {
    'trial:start': (request) => trials.start(request),
    'trial:cancel': () => trials.cancel().then(nothing),
    'trial:save': async (asked, window) => {
      const { trialFile } = await import('./trial-file')
      return exports.save(trialFile(trials.last, asked), window)
    },
  }
}

function suitesHandlers({ suiteRuns, settings }: Services): Topic<'suites'> {
  return {
    'suites:run': ({ runs }) => suiteRuns.run(settings.current, runs),
    'suites:cancel': () => suiteRuns.cancel().then(nothing),
  }
}

const recordedRoom = () => import('../recording/recorded-knowledge')

function knowledgeHandlers({ knowledgeRuns, recordings }: Services): Topic<'knowledge'> {
  return {
    'knowledge:run': ({ suite }) => knowledgeRuns.make(suite),
    'knowledge:cancel': () => nothing(knowledgeRuns.cancel()),
    'knowledge:recorded': async () => {
      const { recordedKnowledge } = await recordedRoom()
      const { run, moment } = recordings
      return run && recordedKnowledge(run, moment)
    },
    'knowledge:read': ({ suite, secrets, upTo, recorded = false }) => {
      if (!recorded) return knowledgeRuns.read(suite, secrets, upTo)
      const { run, moment } = recordings
      if (!run) throw new LabError('no_recording', 'No run is open.')
      return knowledgeRuns.inTurn(async () => {
        const { readRecorded } = await recordedRoom()
        return readRecorded(run, moment, secrets, upTo)
      })
    },
  }
}

const attackFiles = () => import('./attack-file')

function attackHandlers({ attacks, exports }: Services): Topic<'attacks'> {
  return {
    'attacks:list': () => attacks.list(),
    'attacks:run': ({ cells }) => attacks.run(cells).then(nothing),
    'attacks:cancel': () => attacks.cancel().then(nothing),
    'attacks:open': (cell) => attacks.open(cell),
    'attacks:save': async (cell, window) => {
      const { attackFile } = await attackFiles()
      return exports.save(await attackFile(attacks.open(cell)), window)
    },
    'attacks:save-run': async (cell, window) => {
      const { attackRunFile } = await attackFiles()
      return exports.save(await attackRunFile(cell, attacks.kept(cell)), window)
    },
  }
}

function nothing(_: unknown): undefined {
  return undefined
}
