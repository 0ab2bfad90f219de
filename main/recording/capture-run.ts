/**
 * A capture as a run: what crossed the wire, seen from both ends. Nobody has recorded any check, so there is none; what is inside of
 * messages is known as far as a keys file opens it.
 */
import type { Bytes } from '#shared/bytes'
import { readCapture, type CapturedConnection, type CapturedFrame } from '#shared/capture/capture-reader'
import {
  connectionId,
  isCaptureSecret,
  keyBook,
  type KeyBook,
  type KeysFile,
} from '#shared/capture/keys-file'
import type { CryptoProvider } from '#shared/crypto/provider'
import { LabError, otherwise } from '#shared/errors'
import { transcriptsOf } from '#shared/adversary/eavesdropper'
import { decodeAlert } from '#shared/hl1/alerts'
import { HEADER_BYTES, headerField, TYPE_ALERT } from '#shared/hl1/frame'
import { readMembers } from '#shared/hl1/members'
import { EMPTY_TRANSCRIPT } from '#shared/hl1/message'
import { clearMembers, openFrame, type HeldKey } from '#shared/hl1/open-frame'
import { parseObject, type ReadObject } from '#shared/hl1/read-object'
import { alertRanges, describePlaintext, frameRanges, layersSeenBy } from '#shared/hl1/record-parts'
import type { Role } from '#shared/hl1/roles'
import { isStepNumber, STEPS } from '#shared/hl1/steps'
import { suiteOfByte, SUITES, type SuiteName } from '#shared/hl1/suites'
import { HL1_ID, type Hl1Entry } from '#shared/hl1/types'
import type { Connection } from '#shared/record/connection'
import { layoutOf } from '#shared/record/layout'
import { recordMembers } from '#shared/record/record'
import type { KeptAuthority, KeptServer, Run } from '#shared/run/run'
import { DEFAULT_SETTINGS } from '#shared/settings'
import { nextTurn } from '#shared/turn'

/** The first bytes of captures: pcapng, and pcap in both orders of bytes, with micro- and with nanoseconds. */
const MAGICS: ReadonlySet<number> = new Set([0x0a0d0d0a, 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1])

/** True for what begins like a capture. */
export function isCapture(bytes: Bytes): boolean {
  return bytes.length >= 4 && MAGICS.has(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0))
}

/**
 * Reads a capture as a run.
 * @throws LabError `bad_capture`, `capture_too_large`; `capture_empty` where there is nothing of HL/1 in it
 */
export async function runOfCapture(
  bytes: Bytes,
  keys: KeysFile | undefined,
  crypto: CryptoProvider,
): Promise<Run> {
  const { connections } = await readCapture(bytes)
  const book = keyBook(keys ?? { keys: [], opened: [] })
  const records: Hl1Entry[] = []
  for (const [index, captured] of connections.entries()) {
    records.push(...(await recordsOf(captured, index + 1, book, crypto)))
    await nextTurn()
  }
  if (records.length === 0)
    throw new LabError('capture_empty', 'No message of HL/1 is in the capture: nothing of it can be shown.')
  records.sort((a, b) => a.at - b.at)
  return {
    app: '',
    savedAt: records.at(-1)?.at ?? 0,
    settings: [{ from: 0, value: DEFAULT_SETTINGS }],
    anchors: [],
    authority: NOTHING_OF_AUTHORITY,
    server: NOTHING_OF_SERVER,
    records,
    walkBegan: undefined,
    secrets: undefined,
  }
}

const NOTHING_SHOWN = { status: 'stopped', identity: '', address: undefined, connections: 0 } as const
const NOTHING_OF_AUTHORITY: KeptAuthority = { ...NOTHING_SHOWN, issued: [], names: [] }
const NOTHING_OF_SERVER: KeptServer = {
  ...NOTHING_SHOWN,
  registration: 'none',
  outdated: undefined,
  certificate: undefined,
  certS: undefined,
  sessions: [],
}

async function recordsOf(
  { from, to, frames }: CapturedConnection,
  number: number,
  book: KeyBook,
  crypto: CryptoProvider,
): Promise<readonly Hl1Entry[]> {
  const [first] = frames
  if (!first) return []
  const steps = frames.map(({ frame }) => headerField(frame, 'type'))
  const isRegistration = steps.some((type) => type === 1 || type === 2)
  const [opener, acceptor] = isRegistration
    ? (['server', 'authority'] as const)
    : (['client', 'server'] as const)
  const suite = suiteOfByte(headerField(first.frame, 'suite'))?.name
  const connection: Connection = { id: `captured-${number}`, opener, acceptor, from, to, suite }
  const transcripts = transcriptsOf(
    frames.map(({ frame }) => frame),
    suite ?? 'classic',
    new Set(),
  )
  const id = connectionId(first.frame)
  const records: Hl1Entry[] = []
  let step = isRegistration ? 1 : 3
  for (const [index, captured] of frames.entries()) {
    const type = headerField(captured.frame, 'type')
    if (isStepNumber(type)) step = type
    const sender = captured.sender === 'opener' ? opener : acceptor
    const receiver = captured.sender === 'opener' ? acceptor : opener
    const open = (): ReturnType<typeof openFrame> =>
      openWith(captured.frame, { book, id, crypto, transcript: transcripts.get(step) ?? EMPTY_TRANSCRIPT })
    for (const [role, direction] of [
      [sender, 'sent'],
      [receiver, 'received'],
    ] as const) {
      const about = { id: `${role}-${number}-${index + 1}`, connection, role, direction, step, suite }
      records.push(type === TYPE_ALERT ? alertOf(captured, about) : await messageOf(captured, about, open))
    }
  }
  return records
}

interface About extends Pick<Hl1Entry, 'id' | 'connection' | 'direction' | 'step'> {
  readonly role: Role
  readonly suite: SuiteName | undefined
}

function alertOf({ at, frame }: CapturedFrame, about: About): Hl1Entry {
  const { code, step, message } = decodeAlert(frame.subarray(HEADER_BYTES), about.step)
  return {
    ...about,
    step,
    protocol: HL1_ID,
    kind: 'alert',
    at: Math.floor(at),
    took: 0,
    frame,
    ranges: alertRanges(frame),
    layers: [],
    members: [],
    checks: [],
    outcome: { ok: false, code, message },
  }
}

async function messageOf(
  { at, frame }: CapturedFrame,
  about: About,
  open: () => ReturnType<typeof openFrame>,
): Promise<Hl1Entry> {
  const { suite, step, role } = about
  const known = isStepNumber(step) && suite ? SUITES[suite].sheets[step] : undefined
  const title = isStepNumber(step) ? STEPS[step].title : ''
  const base = {
    ...about,
    protocol: HL1_ID,
    kind: 'message',
    at: Math.floor(at),
    took: 0,
    frame,
    layers: isStepNumber(step) ? layersSeenBy(suite, step, role) : [],
    checks: [],
    outcome: { ok: true },
  } as const
  const closed = {
    ...base,
    ranges: frameRanges(frame, suite, title),
    members: recordMembers(known?.members ?? [], {}),
  }
  if (!known) return closed as Hl1Entry
  const { plaintexts, clear } = await open()
  const parts = plaintexts.flatMap((part) => (part ? [part] : []))
  const objects = await Promise.all(
    parts.map((part) => parseObject(part, known.members).catch(otherwise(undefined))),
  )
  if (parts.length < known.objects.length || objects.some((object) => !object)) return closed as Hl1Entry
  const read = objects as readonly ReadObject[]
  const ranges = read.map((object) => object.ranges)
  const values = { ...clearMembers(known.members, clear) }
  for (const [index, specs] of known.objects.entries()) {
    const found = readMembers(specs, read[index]?.object ?? {})
    if ('values' in found) Object.assign(values, found.values)
  }
  const layout = layoutOf(known.term, frame, HEADER_BYTES)
  return {
    ...base,
    ranges: frameRanges(frame, suite, title, layout, ranges),
    plaintext: describePlaintext(parts, ranges, known.members),
    members: recordMembers(known.members, values),
  } as Hl1Entry
}

/** Opens a frame with the keys of a file, of which several may be for one symbol: the first that leaves nothing unfit. */
async function openWith(
  frame: Bytes,
  around: {
    readonly book: KeyBook
    readonly id: string
    readonly crypto: CryptoProvider
    readonly transcript: Bytes
  },
): ReturnType<typeof openFrame> {
  const { book, id, crypto, transcript } = around
  for (let choice = 0; ; choice++) {
    let hasMore = false
    const key = (symbol: string): HeldKey | undefined => {
      const all = isCaptureSecret(symbol) ? book.keys(id, symbol) : []
      if (all.length > choice + 1) hasMore = true
      return all[Math.min(choice, all.length - 1)]
    }
    const found = await openFrame(frame, {
      key,
      transcript: () => transcript,
      crypto,
      opened: book.plaintext,
    })
    if (found.unfit.length === 0 || !hasMore) return found
  }
}
