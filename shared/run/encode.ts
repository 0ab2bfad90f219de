/** Writes a run as the content of a run file. Secrets come apart: whoever saves says what becomes of them. */
import { equalBytes, toBase64, type Bytes } from '../bytes'
import type { Connection } from '../record/connection'
import type { MemberValue } from '../record/member'
import { withoutSecrets } from '../record/record'
import type { Since } from '../held'
import { HL1_ID, type Hl1Entry } from '../hl1/types'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { encodeAdversary } from './encode-adversary'
import { encodeAttack } from './encode-attack'
import {
  RUN_FORMAT,
  RUN_VERSION,
  type RecordContent,
  type RecordsContent,
  type RunContent,
  type SecretsContent,
} from './format'
import type { KeptSecrets, Run } from './run'

/** A run as content, and its secrets; undefined where there are none. */
export interface EncodedRun {
  readonly content: Omit<RunContent, 'secrets'>
  readonly secrets: SecretsContent | undefined
}

/** Encodes a run, in turns with other work. */
export async function encodeRun(run: Run): Promise<EncodedRun> {
  const { content, secrets, placeOf } = await encodeRecords(run.records)
  const { authority, server } = run
  return {
    content: {
      format: RUN_FORMAT,
      version: RUN_VERSION,
      app: run.app,
      savedAt: run.savedAt,
      protocol: HL1_ID,
      settings: run.settings.map(({ from, value }) => ({ from, value: { ...value } })),
      anchors: run.anchors.map(({ from, value }): Since<string> => ({ from, value: value.pem })),
      authority: {
        ...authority,
        issued: authority.issued.map(({ at, certificate }) => ({ at, certificate: certificate.pem })),
        names: [...authority.names],
        revoked: authority.revoked && [...authority.revoked],
        signed: authority.signed?.map((each) => ({ ...each, names: [...each.names] })),
      },
      server: {
        ...server,
        certificate: server.certificate?.pem,
        certS: server.certS && toBase64(server.certS),
        sessions: [...server.sessions],
      },
      walkBegan: run.walkBegan,
      ...content,
      ...(run.adversary ? { adversary: encodeAdversary(run.adversary, placeOf) } : {}),
      ...(run.attack ? { attack: encodeAttack(run.attack, placeOf) } : {}),
    },
    secrets: run.secrets && encodeSecrets(run.secrets, secrets),
  }
}

/** Encodes records alone, in turns with other work; what their secrets are stands apart. */
export async function encodeRecords(entries: readonly Hl1Entry[]): Promise<{
  readonly content: RecordsContent
  readonly secrets: SecretsContent['records']
  /** Where a frame stands that a record has; undefined for any other. */
  readonly placeOf: (frame: Bytes) => number | undefined
}> {
  const connections = new Places<Connection>(({ id }) => id)
  const frames = new Frames()
  const records: RecordContent[] = []
  const secrets: SecretsContent['records'] = []
  let bytes = 0
  for (const entry of entries) {
    const place = { connection: connections.placeOf(entry.connection), frame: frames.placeOf(entry.frame) }
    const secret = secretsOf(entry, records.length)
    if (secret) secrets.push(secret)
    records.push(encodeRecord(entry, place))
    bytes += entry.frame.length + (entry.plaintext?.bytes.length ?? 0)
    if (bytes > BYTES_PER_TURN) {
      bytes = 0
      await nextTurn()
    }
  }
  return {
    content: { connections: connections.all.map(encodeConnection), frames: [...frames.all], records },
    secrets,
    placeOf: (frame) => frames.knownPlaceOf(frame),
  }
}

/** Without its suite: that follows from its messages. */
function encodeConnection({
  id,
  opener,
  acceptor,
  from,
  to,
}: Connection): RecordsContent['connections'][number] {
  return { id, opener, acceptor, from, to }
}

function encodeSecrets(
  { privateKeys, connections, others = [] }: KeptSecrets,
  records: SecretsContent['records'],
): SecretsContent | undefined {
  const kept = connections.filter(({ keys }) => Object.keys(keys).length > 0)
  if (Object.keys(privateKeys).length + kept.length + records.length + others.length === 0) return undefined
  return {
    privateKeys,
    connections: kept.map(({ keys, ...whose }) => ({
      ...whose,
      keys: Object.fromEntries(Object.entries(keys).map(([symbol, key]) => [symbol, toBase64(key)])),
    })),
    records,
    ...(others.length > 0 ? { others: [...others] } : {}),
  }
}

function encodeRecord(entry: Hl1Entry, place: Pick<RecordContent, 'connection' | 'frame'>): RecordContent {
  const { plaintext, members } = withoutSecrets(entry)
  const { id, role, direction, kind, step, suite, at, took, monotonic, outcome } = entry
  return {
    id,
    ...place,
    role,
    direction,
    kind,
    step,
    suite,
    at,
    took,
    monotonic,
    unasked: isUnasked(entry) || undefined,
    plaintext: plaintext && {
      bytes: toBase64(plaintext.bytes),
      parts: [...plaintext.parts],
      places: plaintext.ranges.map(({ name, start, end }): [string, number, number] => [name, start, end]),
    },
    members: encodeMembers(members),
    forgotten: members.some(({ forgotten }) => forgotten) || undefined,
    checks: entry.checks.map((check) => ({ ...check })),
    refusal: outcome.ok ? undefined : { code: outcome.code, message: outcome.message },
  }
}

/** A message that came while nothing was asked of the peer: nothing of it is opened, nor said of what it might have been. */
function isUnasked({ kind, direction, layers, members, suite, step }: Hl1Entry): boolean {
  const isMessage = kind === 'message' && direction === 'received' && suite !== undefined
  return isMessage && step >= 1 && step <= 8 && layers.length === 0 && members.length === 0
}

/** What {@link withoutSecrets} has taken out of a record; undefined where it has no secret any more. */
function secretsOf(entry: Hl1Entry, record: number): SecretsContent['records'][number] | undefined {
  const secret = entry.members.filter((member) => member.secret && member.value !== undefined)
  if (secret.length === 0 || !entry.plaintext) return undefined
  return { record, plaintext: toBase64(entry.plaintext.bytes), members: encodeMembers(secret) }
}

function encodeMembers(
  members: readonly { readonly name: string; readonly value?: MemberValue }[],
): Record<string, string | number> {
  return Object.fromEntries(
    members.flatMap(({ name, value }) =>
      value === undefined ? [] : [[name, value instanceof Uint8Array ? toBase64(value) : value] as const],
    ),
  )
}

/** Things, each once, by what makes two of them the same; the newest of those is kept. */
class Places<T> {
  readonly all: T[] = []
  readonly #places = new Map<string, number>()

  constructor(private readonly keyOf: (thing: T) => string) {}

  placeOf(thing: T): number {
    const key = this.keyOf(thing)
    const place = this.#places.get(key) ?? this.all.length
    this.#places.set(key, place)
    this.all[place] = thing
    return place
  }
}

/** Frames in base64, each once: both ends of a connection have recorded the same. */
class Frames {
  readonly all: string[] = []
  /** By length: frames that may be the same. */
  readonly #known = new Map<number, { readonly frame: Bytes; readonly place: number }[]>()

  placeOf(frame: Bytes): number {
    const known = this.knownPlaceOf(frame)
    if (known !== undefined) return known
    const place = this.all.length
    this.all.push(toBase64(frame))
    this.#known.set(frame.length, [...(this.#known.get(frame.length) ?? []), { frame, place }])
    return place
  }

  knownPlaceOf(frame: Bytes): number | undefined {
    return this.#known.get(frame.length)?.findLast((each) => equalBytes(each.frame, frame))?.place
  }
}
