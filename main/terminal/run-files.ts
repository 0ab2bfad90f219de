/** Runs as files in the terminal: what a handshake leaves is saved, and one that was saved is printed and checked again. */
import { extname } from 'node:path'
import { LabError } from '#shared/errors'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { version } from '../../package.json'
import type { Client } from '#shared/hl1/drivers/client'
import type { Hl1Entry } from '#shared/hl1/types'
import { LONGEST_RUN, RUN_EXTENSION } from '#shared/run/file-type'
import { derivedKeys } from '#shared/run/keys-of-state'
import { REPORT_EXTENSION, writeReport } from '#shared/report/report'
import type { ReportSource } from '#shared/report/source'
import type { RecordAgain } from '#shared/run/remake'
import type { Run } from '#shared/run/run'
import { requireSecrets } from '#shared/run/secrets-in'
import type { Settings } from '#shared/settings'
import { isoTime } from '#shared/time'
import { count } from '#shared/words'
import { CHECKS } from '#shared/hl1/check-table'
import { readGivenFile } from '../files/given-file'
import { saveFile } from '../files/save'
import { keepRun, type RunSources } from '../recording/keep-run'
import { readRun } from '../recording/read-run'
import { writeRun } from '../recording/write-run'
import { bytesAsHex, printRecord, recordForJson } from './print'
import type { ReportRequest, TerminalOptions } from './arguments'
import type { Output } from './output'

interface Kept extends Pick<RunSources, 'records' | 'roles'> {
  readonly settings: Settings
  /** When it began, wall clock. */
  readonly began: number
  readonly trustAnchor: Certificate
  /** Undefined where it was never connected. */
  readonly client: Client | undefined
}

/** What a handshake in the terminal leaves, as a run. */
export function keepTerminalRun({ settings, began, records, roles, trustAnchor, client }: Kept): Run {
  const keys = client ? derivedKeys(client.state) : {}
  return keepRun({
    app: version,
    settings: [{ from: began, value: settings }],
    anchors: [{ from: began, value: trustAnchor }],
    records: [...records],
    walkBegan: undefined,
    roles,
    registration: roles.server.credentials ? 'registered' : 'none',
    outdated: undefined,
    client: client ? [{ connection: client.connection.id, role: 'client', keys }] : [],
    now: Date.now(),
  })
}

/**
 * Writes a run to a new file.
 * @returns the path that was written to
 * @throws LabError `export_exists`, and the others of {@link saveFile}
 */
export async function saveTerminalRun(
  run: Run,
  { path, secrets }: { readonly path: string; readonly secrets: boolean },
): Promise<string> {
  const bytes = await writeRun(run, { secrets: secrets ? 'in_clear' : 'left_out' })
  return saveFile(path, bytes, RUN_EXTENSION, { isPrivate: secrets, mayReplace: false })
}

/**
 * Nothing in a terminal prints: a report there is HTML.
 * @throws LabError `pdf_needs_the_app`
 */
export function requireHtml(report: ReportRequest | undefined): void {
  if (report && extname(report.path).toLowerCase() === '.pdf')
    throw new LabError(
      'pdf_needs_the_app',
      'A report as PDF is printed by the app, with File, Save report. Here give a file that ends in .html.',
    )
}

/**
 * Writes a report to a new file.
 * @returns the path that was written to
 * @throws LabError `export_exists`, and the others of {@link saveFile}
 */
export async function saveTerminalReport(
  source: Pick<ReportSource, 'run' | 'opened'>,
  { path, secrets, bytes }: ReportRequest,
): Promise<string> {
  const html = await writeReport(
    { ...source, application: `Handshake Lab ${version}`, madeAt: Date.now() },
    { secrets, bytes, unfolded: false },
  )
  return saveFile(path, html, REPORT_EXTENSION, { isPrivate: secrets, mayReplace: false })
}

/**
 * Prints a run that was saved, and what came of making its checks again.
 * @throws LabError as `readRun`; `file_not_read`; `pdf_needs_the_app`; `no_key` for a report with secrets
 *   of which there is none; `not_as_recorded` where something is otherwise
 */
export async function openTerminalRun(
  path: string,
  { json: isJson, report }: Pick<TerminalOptions, 'json' | 'report'>,
  output: Output,
): Promise<void> {
  requireHtml(report)
  const file = await readGivenFile(path, { most: LONGEST_RUN })
  if ('problem' in file) throw new LabError('file_not_read', `${path}: ${file.problem}`)
  const read = await readRun(file.bytes)
  const { run, again, isIntact, secrets } = read
  if (report?.secrets) requireSecrets(run)
  const tell = (...lines: readonly string[]): void => (isJson ? output.note : output.print)(lines)
  tell(
    `Recording ${file.name}, saved ${isoTime(run.savedAt)} by version ${run.app}: ${count(run.records.length, 'record')}.`,
    secrets === 'there'
      ? 'Secrets that were still there came along.'
      : 'Its secrets are locked, or were left out.',
    '',
  )
  for (const entry of run.records) {
    const found = again.records.get(entry.id)
    if (isJson) output.json(() => ({ ...recordForJson(entry), again: found }), bytesAsHex)
    else output.print(() => [...printRecord(entry).slice(0, -1), ...againLines(found), ''])
  }
  const all = [...again.records.values()]
  const checks = all.flatMap((each) => each.checks)
  const same = checks.filter(({ is }) => is === 'same').length
  const notMade = checks.filter(({ is }) => is === 'not_made').length
  const wrong = [
    ...(isIntact ? [] : ['The file was changed since it was saved.']),
    ...again.differences,
    ...run.records.flatMap((entry) => againstRecord(entry, again.records.get(entry.id))),
  ]
  tell(
    `${count(same, 'check')} came out as recorded; ${notMade} more could not be made again, for want of keys or of what came before.`,
  )
  if (report)
    tell(
      `Report written to ${await saveTerminalReport({ run, opened: { ...read, name: file.name } }, report)}.`,
    )
  if (wrong.length > 0)
    throw new LabError('not_as_recorded', `Not all is as it was recorded. ${wrong.join(' ')}`)
}

function againstRecord({ id, step }: Hl1Entry, again: RecordAgain | undefined): readonly string[] {
  const differing = again?.checks.filter(({ is }) => is === 'differs') ?? []
  return [
    ...(again?.differences ?? []).map((text) => `${id}, step ${step}: ${text}`),
    ...differing.map((check) => `${id}, step ${step}: “${CHECKS[check.id].title}” comes out otherwise.`),
  ]
}

function againLines(again: RecordAgain | undefined): readonly string[] {
  if (!again) return []
  return [
    ...again.differences.map((text) => `    DIFFERS   ${text}`),
    ...again.checks.flatMap((check) =>
      check.is === 'differs' ? [`    DIFFERS   ${CHECKS[check.id].title}: ${check.now}`] : [],
    ),
    ...again.missing.map((text) => `    again     ${text}`),
  ]
}
