/** What calls about runs as files do. */
import { describePrivateKey } from '#shared/crypto/primitives/rsa'
import { LabError } from '#shared/errors'
import { fileTime } from '#shared/time'
import { RUN_EXTENSION, RUN_KIND } from '#shared/run/file-type'
import { secretsIn } from '#shared/run/secrets-in'
import type { WindowName } from '#shared/windows'
import type { ClientRecords } from '../recording/client-records'
import type { LabRun } from '../recording/lab-run'
import type { Recordings } from '../recording/recordings'
import type { SecretsChoice } from '../recording/write-run'
import type { Person } from '../windows/person'
import type { Topic } from './answer'
import type { ExportService } from './export'
import { questionOfKeeping } from './questions'
import { requireOwnKey, roleOf } from './rights'

export interface RunServices {
  readonly labRun: Pick<LabRun, 'keep' | 'saved'>
  readonly recordings: Recordings
  readonly clientRecords: ClientRecords
  readonly exports: Pick<ExportService, 'save' | 'choosePath' | 'choosePlace' | 'made'>
  readonly person: Pick<Person, 'agrees' | 'chooses'>
}

/** The handlers of `run:…`. */
export function runHandlers(services: RunServices): Topic<'run'> {
  const { recordings, clientRecords } = services
  return {
    'run:save': (choice, window) => save(choice, window, services),
    'run:give': ({ id, part, failed }) =>
      failed ? nothing(clientRecords.fail(id)) : clientRecords.take(id, part).then(nothing),
    'run:open': (_, window) => open(window, services),
    'run:open-given': ({ name, bytes }) => recordings.openBytes(name, bytes).then(nothing),
    'run:unlock': ({ passphrase }) => recordings.unlock(passphrase).then(nothing),
    'run:open-keys': (_, window) => openKeys(window, services),
    'run:close': () => nothing(recordings.close()),
    'run:go': ({ moment }) => nothing(recordings.go(moment)),
    'run:view': () => recordings.news(),
    'run:records': ({ from }, window) => recordings.part(window, from),
    'run:moves': ({ from }) => recordings.moves(from),
    'run:reveal': ({ id, member }, window) => recordings.reveal(id, member, roleOf(window)),
    'run:key': async ({ key }, window) => {
      requireOwnKey(key, window)
      const found = recordings.privateKey(key)
      return { pem: found.pem, parts: await describePrivateKey(found) }
    },
  }
}

async function save(
  choice: SecretsChoice,
  window: WindowName,
  { labRun, exports, person }: RunServices,
): Promise<{ readonly path: string } | undefined> {
  const [run, { writeRun }] = await Promise.all([labRun.keep(), import('../recording/write-run')])
  if (run.records.length === 0)
    throw new LabError('export_nothing_chosen', 'Nothing was recorded yet: take a step first.')
  const leaves = choice.secrets !== 'left_out'
  if (leaves && !(await person.agrees(window, questionOfKeeping(secretsIn(run), choice.secrets))))
    return undefined
  const saved = await exports.save(
    {
      title: leaves ? 'Save the run with its secrets' : 'Save the run',
      name: `handshake-lab-${fileTime(run.savedAt)}${RUN_EXTENSION}`,
      kind: RUN_KIND,
      bytes: await writeRun(run, choice),
      isPrivate: leaves,
    },
    window,
  )
  if (saved) labRun.saved(run)
  return saved
}

async function open(window: WindowName, { recordings, exports }: RunServices): Promise<boolean> {
  const asked = {
    title: 'Open a run or a capture',
    kind: 'Runs and captures',
    extensions: [RUN_EXTENSION.slice(1), 'pcapng', 'pcap'],
  }
  const path = await exports.choosePath(asked, window)
  if (path === undefined) return false
  await recordings.openPath(path)
  return true
}

async function openKeys(window: WindowName, { recordings, exports }: RunServices): Promise<boolean> {
  const asked = { title: 'Open a keys file', kind: 'Keys for Wireshark', extensions: ['txt'] }
  const path = await exports.choosePath(asked, window)
  if (path === undefined) return false
  await recordings.openKeys(path)
  return true
}

function nothing(_done: unknown): undefined {
  return undefined
}
