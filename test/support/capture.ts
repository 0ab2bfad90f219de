/** Runs whose records are made into captures, and files for the programs that read them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withPrivateLab, type PrivateLab } from '#main/experiments/private-lab'
import { mainEnvironment } from '#main/lab/environment'
import { concatAll, type Bytes } from '#shared/bytes'
import { enhancedPacket, interfaceDescription, sectionHeader } from '#shared/capture/pcapng-blocks'
import { packetsOf } from '#shared/capture/segments'
import type { CryptoProvider } from '#shared/crypto/provider'
import type { SuiteName } from '#shared/hl1/suites'
import type { Hl1Entry } from '#shared/hl1/types'
import type { End, Endpoint } from '#shared/record/connection'
import { conversationsOf } from '#shared/record/conversation'
import { DEFAULT_SETTINGS, type Settings } from '#shared/settings'
import { withReadyKeys } from './credentials'

const NEVER = new AbortController().signal

export interface RunOptions {
  readonly suite: SuiteName
  readonly settings?: Partial<Settings>
  /** What the client asks, one request after another. */
  readonly requests?: readonly string[]
  /** What looks on while roles compute. */
  readonly crypto?: (crypto: CryptoProvider) => CryptoProvider
  /** Instead of a registration and a session. */
  readonly use?: (lab: PrivateLab) => Promise<void>
}

let runs = 0

/** A run over real sockets, as all its roles have recorded it, with every secret. No two runs have connections of one id. */
export async function recordRun({
  suite,
  settings: changes = {},
  requests = ['time', 'echo what is captured'],
  crypto = (given) => given,
  use,
}: RunOptions): Promise<readonly Hl1Entry[]> {
  const settings = { ...DEFAULT_SETTINGS, suite, ...changes }
  const entries: Hl1Entry[] = []
  const ready = withReadyKeys(mainEnvironment)
  const environment = { ...ready, crypto: crypto(ready.crypto) }
  const run = ++runs
  const onRecord = (entry: Hl1Entry): void => {
    const { connection } = entry
    entries.push({ ...entry, connection: { ...connection, id: `run-${run} ${connection.id}` } })
  }
  await withPrivateLab({ settings: () => settings, environment, onRecord, signal: NEVER }, async (lab) => {
    if (use) return use(lab)
    await lab.register()
    const client = await lab.connect()
    await client.open()
    for (const request of requests) await client.request(request)
  })
  return entries
}

/** One stream for {@link captureOf}. */
export interface TestStream {
  readonly frames: readonly { readonly sender: End; readonly frame: Bytes }[]
  readonly from: Endpoint
  readonly to: Endpoint
  readonly segment?: number
}

/** A capture of streams one after another, whose frames come a millisecond apart. */
export function captureOf(streams: readonly TestStream[]): Bytes {
  const blocks = [sectionHeader('test', 'test'), interfaceDescription('test', 'test')]
  let at = 1_800_000_000_000
  for (const [number, { frames, ...stream }] of streams.entries()) {
    const timed = frames.map((each) => ({ ...each, at: at++, comment: '' }))
    const packets = packetsOf({
      ...stream,
      number,
      frames: timed,
      opening: '',
      end: { closer: 'opener', comment: '' },
    })
    for (const packet of packets) {
      blocks.push(enhancedPacket(packet.at, packet.bytes))
      at = Math.max(at, Math.ceil(packet.at / 1_000))
    }
    at++
  }
  return concatAll(blocks)
}

/** The frames of each connection as its acceptor has seen them. */
export function streamsOfRun(entries: readonly Hl1Entry[]): readonly TestStream[] {
  return conversationsOf(entries).map(({ connection: { from, to }, acceptor }) => ({
    from,
    to,
    frames: acceptor!,
  }))
}

const folders: string[] = []

/** A folder of the test's own; {@link removeFolders} removes it. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'capture-'))
  folders.push(folder)
  return folder
}

/** For `afterAll`. */
export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

/** Writes a file into a folder of its own. */
export function fileOf(name: string, content: Uint8Array | string): string {
  const path = join(makeFolder(), name)
  writeFileSync(path, content)
  return path
}
