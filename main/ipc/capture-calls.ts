/** What calls about files for other programs do: captures for Wireshark, proofs for OpenSSL; of the lab, or of the run that is open. */
import { join } from 'node:path'
import { fromHex, toUtf8, type Bytes } from '#shared/bytes'
import { writeCapture } from '#shared/capture/capture-writer'
import { dissectorText, DISSECTOR_FILE } from '#shared/capture/dissector'
import { connectionId, writeKeysFile, type CaptureSecret } from '#shared/capture/keys-file'
import { keysOfRecords } from '#shared/capture/keys-of-records'
import { LabError } from '#shared/errors'
import { conversationsOf } from '#shared/record/conversation'
import type { Run } from '#shared/run/run'
import { fileTime } from '#shared/time'
import type { WindowName } from '#shared/windows'
import { perObject } from '#shared/remember'
import { OneAtATime } from '../lab/one-at-a-time'
import { commandsFor, writeProof } from '../recording/proof-folder'
import type { Topic } from './answer'
import { questionOfKeys, questionOfProof } from './questions'
import type { RunServices } from './run-calls'

type Services = Pick<RunServices, 'labRun' | 'recordings' | 'exports' | 'person'> & {
  readonly application: string
}

/** The handlers of `capture:…`. */
export function captureHandlers(services: Services): Topic<'capture'> {
  const { labRun, recordings, exports, application } = services
  const commands = new OneAtATime()
  return {
    'capture:save': (_, window) => saveCapture(window, services),
    'capture:save-keys': (_, window) => saveKeys(window, services),
    'capture:save-proof': (_, window) => saveProof(window, services),
    'capture:commands': ({ id }) =>
      commands.inTurn(async () => {
        const { run } = recordings
        return run ? openCommands(run)(id) : commandsFor(await labRun.keep(), id)
      }),
    'capture:save-dissector': (_, window) =>
      exports.save(
        {
          title: 'Save the dissector for Wireshark',
          name: DISSECTOR_FILE,
          kind: 'Lua',
          bytes: toUtf8(dissectorText(application)),
        },
        window,
      ),
  }
}

/** Of a run that is open what was worked out of each message is kept: it stays as it is. */
const openCommands = perObject((run: Run) => {
  const known = new Map<string, ReturnType<typeof commandsFor>>()
  return (id: string): ReturnType<typeof commandsFor> => {
    const made = known.get(id) ?? commandsFor(run, id)
    known.set(id, made)
    return made
  }
})

async function saveCapture(
  window: WindowName,
  { labRun, recordings, exports, application }: Services,
): Promise<{ readonly path: string } | undefined> {
  const run = recordings.run ?? (await labRun.keep())
  const { authority, server } = run
  const bytes = await writeCapture(run.records, {
    application,
    open: new Set(run.server.sessions.filter(({ end, connected }) => connected && !end).map(({ id }) => id)),
    listeners: {
      ...(authority.address ? { authority: authority.address } : {}),
      ...(server.address ? { server: server.address } : {}),
    },
  })
  const name = `handshake-lab-${fileTime(run.savedAt)}.pcapng`
  return exports.save({ title: 'Save a capture', name, kind: 'Capture for Wireshark', bytes }, window)
}

async function saveKeys(
  window: WindowName,
  { labRun, recordings, exports, person, application }: Services,
): Promise<{ readonly path: string } | undefined> {
  const run = recordings.run ?? (await labRun.keep())
  const kept = keptKeys(run)
  const file = keysOfRecords(run.records, {
    derived: ([first]) => (first && kept.get(connectionId(first))) ?? new Map(),
    common: bootstrapKeys(run),
  })
  if (file.keys.length + file.opened.length === 0)
    throw new LabError('no_key', 'No key is there any more, or they were left out when the run was saved.')
  const symbols = [...new Set(file.keys.map(({ symbol }) => symbol))]
  if (!(await person.agrees(window, questionOfKeys(symbols)))) return undefined
  const name = `handshake-lab-${fileTime(run.savedAt)}.keys.txt`
  const bytes = toUtf8(writeKeysFile(file, application))
  return exports.save(
    { title: 'Save keys for Wireshark', name, kind: 'Text', bytes, isPrivate: true },
    window,
  )
}

async function saveProof(
  window: WindowName,
  { labRun, recordings, exports, person }: Services,
): Promise<{ readonly path: string } | undefined> {
  const run = recordings.run ?? (await labRun.keep())
  const asked = questionOfProof()
  const chosen = await person.chooses(window, asked)
  if (chosen !== asked.yes && !asked.others.includes(chosen ?? '')) return undefined
  const place = await exports.choosePlace('Folder in which the proof is made', window)
  if (place === undefined) return undefined
  const folder = join(place, `handshake-lab-proof-${fileTime(run.savedAt)}`)
  const path = await writeProof(run, folder, chosen === asked.yes)
  exports.made(path)
  return { path }
}

/** Keys that no message carries, by what the dissector knows a connection by. */
function keptKeys({ records, secrets }: Run): ReadonlyMap<string, ReadonlyMap<CaptureSecret, Bytes>> {
  const found = new Map<string, Map<CaptureSecret, Bytes>>()
  for (const { connection, opener, acceptor } of conversationsOf(records)) {
    for (const [first] of [opener, acceptor].flatMap((said) => (said ? [said] : []))) {
      if (!first) continue
      const id = connectionId(first.frame)
      const keys = found.get(id) ?? new Map<CaptureSecret, Bytes>()
      for (const kept of secrets?.connections ?? [])
        if (kept.connection === connection.id)
          for (const [symbol, key] of Object.entries(kept.keys)) keys.set(symbol as CaptureSecret, key)
      found.set(id, keys)
    }
  }
  return found
}

function bootstrapKeys({ settings }: Run): readonly (readonly [CaptureSecret, Bytes])[] {
  return settings.flatMap(({ value }) => {
    const key = fromHex(value.bootstrapKey)
    return key ? [['K_boot', key] as const] : []
  })
}
