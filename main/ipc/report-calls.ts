/** What calls about reports do: of the lab, or of the run that is open. */
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import {
  LONGEST_PRINTED,
  LONGEST_REPORT,
  REPORT_EXTENSION,
  REPORT_KIND,
  writeReport,
} from '#shared/report/report'
import { requireSecrets } from '#shared/run/secrets-in'
import { fileTime } from '#shared/time'
import type { WindowName } from '#shared/windows'
import type { Handlers, Topic } from './answer'
import { questionOfReport } from './questions'
import type { RunServices } from './run-calls'

export interface ReportServices extends Pick<RunServices, 'labRun' | 'recordings' | 'exports' | 'person'> {
  /** The app, with its version. */
  readonly application: string
  /** Prints HTML as PDF. @throws LabError `report_not_printed` */
  readonly printPdf: (html: Bytes) => Promise<Bytes>
}

/** The handlers of `report:…`. */
export function reportHandlers(services: ReportServices): Topic<'report'> {
  return { 'report:save': (wish, window) => save(wish, window, services) }
}

async function save(
  { form, secrets, bytes }: Parameters<Handlers['report:save']>[0],
  window: WindowName,
  { labRun, recordings, exports, person, application, printPdf }: ReportServices,
): Promise<{ readonly path: string } | undefined> {
  const { opened } = recordings
  const run = opened?.run ?? (await labRun.keep())
  if (run.records.length === 0)
    throw new LabError('export_nothing_chosen', 'Nothing was recorded yet: take a step first.')
  if (secrets) {
    const asked = questionOfReport(requireSecrets(run))
    if (!(await person.agrees(window, asked))) return undefined
  }
  const isPrinted = form === 'pdf'
  const source = { run, application, madeAt: Date.now(), opened }
  const wishes = { secrets, bytes, unfolded: isPrinted }
  return exports.save(
    {
      title: secrets ? 'Save the report with its secrets' : 'Save the report',
      name: `handshake-lab-report-${fileTime(run.savedAt)}${isPrinted ? '.pdf' : REPORT_EXTENSION}`,
      kind: isPrinted ? 'PDF' : REPORT_KIND,
      bytes: async () => {
        const html = await writeReport(source, wishes, isPrinted ? LONGEST_PRINTED : LONGEST_REPORT)
        return isPrinted ? printPdf(html) : html
      },
      isPrivate: secrets,
    },
    window,
  )
}
