/**
 * Makes a run of the content of a run file. What a record says in words (what a member is for, where a byte belongs) is not in the
 * file: it is worked out of the sheets again, so that no file puts words into the app's mouth.
 */
import { equalBytes, fromBase64, type Bytes } from '../bytes'
import { childAt, contentBytes, readElement } from '../crypto/encodings/der'
import { encodePem } from '../crypto/encodings/pem'
import { parseCertificate, type Certificate } from '../crypto/pki/certificate'
import { privateKeyFromPem } from '../crypto/primitives/rsa'
import { LabError, passOwnFault } from '../errors'
import { HEADER_BYTES } from '../hl1/frame'
import { alertRanges, describePlaintext, frameRanges, layersSeenBy } from '../hl1/record-parts'
import { isStepNumber, STEPS } from '../hl1/steps'
import { SUITES } from '../hl1/suites'
import { HL1_ID, type Hl1Entry } from '../hl1/types'
import type { Connection } from '../record/connection'
import { layoutOf } from '../record/layout'
import { isSecret, type MemberSpec, type MemberValue } from '../record/member'
import type { MemberRange } from '../record/range'
import { recordMembers, type Plaintext } from '../record/record'
import { requireSettings } from '../settings'
import { BYTES_PER_TURN, nextTurn } from '../turn'
import { decodeAdversary } from './encode-adversary'
import { decodeAttack } from './encode-attack'
import type { RecordContent, RecordsContent, RunContent, SecretsContent } from './format'
import type { ConnectionKeys, KeptSecrets, Run } from './run'

/**
 * Decodes a run, in turns with other work.
 * @param secrets in clear; undefined where the file has none, or they stay locked
 * @throws LabError `bad_run` with the place of what is wrong
 */
export async function decodeRun(
  content: Omit<RunContent, 'secrets'>,
  secrets: SecretsContent | undefined,
): Promise<Run> {
  const frames = decodeFrames(content)
  const records = await decodeRecords({ ...content, frames }, secrets?.records ?? [])
  const { authority, server, adversary, attack } = content
  return {
    app: content.app,
    savedAt: content.savedAt,
    settings: content.settings.map(({ from, value }, index) => ({
      from,
      value: within(`settings[${index}]`, () => requireSettings(value)),
    })),
    anchors: content.anchors.map(({ from, value }, index) => ({
      from,
      value: certificateOf(value, `anchors[${index}]`),
    })),
    authority: {
      ...authority,
      address: authority.address,
      issued: authority.issued.map(({ at, certificate }, index) => ({
        at,
        certificate: certificateOf(certificate, `authority.issued[${index}]`),
      })),
    },
    server: {
      ...server,
      address: server.address,
      outdated: server.outdated,
      certificate:
        server.certificate === undefined
          ? undefined
          : certificateOf(server.certificate, 'server.certificate'),
      certS: server.certS === undefined ? undefined : bytesOf(server.certS, 'server.certS'),
      sessions: server.sessions.map((session) => ({ ...session, end: session.end })),
    },
    records,
    walkBegan: content.walkBegan,
    secrets: secrets && decodeSecrets(secrets),
    ...(adversary ? { adversary: decodeAdversary(adversary, frames, badRun) } : {}),
    ...(attack ? { attack: decodeAttack(attack, frames, badRun) } : {}),
  }
}

/** Whole frames, by their places. @throws LabError `bad_run` */
export function decodeFrames({ frames }: Pick<RecordsContent, 'frames'>): readonly Bytes[] {
  return frames.map((frame, index) => bytesOf(frame, `frames[${index}]`))
}

/**
 * Decodes records alone, in turns with other work.
 * @throws LabError `bad_run` with the place of what is wrong
 */
export async function decodeRecords(
  content: Omit<RecordsContent, 'frames'> & { readonly frames: readonly Bytes[] },
  secrets: SecretsContent['records'],
): Promise<readonly Hl1Entry[]> {
  const { frames } = content
  const hidden = new Map(secrets.map((each) => [each.record, each]))
  if (hidden.size < secrets.length) throw badRun('secrets.records', 'It has the secrets of one record twice.')
  if (secrets.some(({ record }) => record >= content.records.length))
    throw badRun('secrets.records', 'It has the secrets of a record that is not there.')
  const ends = new Ends(content.connections)
  const ids = new Set<string>()
  const records: Hl1Entry[] = []
  let bytes = 0
  for (const [index, record] of content.records.entries()) {
    const at = `records[${index}]`
    const frame = frames[record.frame]
    const connection = ends.connectionOf(record)
    if (!frame || !connection) throw badRun(at, 'It names a frame or a connection that is not there.')
    if (ids.has(record.id)) throw badRun(at, `Another record has the identifier ${record.id}.`)
    ids.add(record.id)
    records.push(decodeRecord(record, { at, frame, connection, secret: hidden.get(index) }))
    bytes += frame.length
    if (bytes > BYTES_PER_TURN) {
      bytes = 0
      await nextTurn()
    }
  }
  return records
}

/** The keys of connections, decoded. @throws LabError `bad_run` */
export function decodeKeys(connections: SecretsContent['connections']): readonly ConnectionKeys[] {
  return connections.map(({ keys, ...whose }, index): ConnectionKeys => ({
    ...whose,
    keys: Object.fromEntries(
      Object.entries(keys).map(([symbol, key]) => [
        symbol,
        bytesOf(key, `connections[${index}].keys.${symbol}`),
      ]),
    ),
  }))
}

/** What is wrong with a run file, and where: a path into its content. */
export function badRun(at: string, what: string): LabError {
  return new LabError('bad_run', `${at}: ${what}`)
}

function decodeSecrets({ privateKeys, connections, others }: SecretsContent): KeptSecrets {
  for (const [symbol, pem] of Object.entries(privateKeys)) requireWritten(pem, `secrets.${symbol}`)
  for (const [index, pem] of (others ?? []).entries()) requireWritten(pem, `secrets.others[${index}]`)
  return { privateKeys, connections: decodeKeys(connections), ...(others ? { others } : {}) }
}

/** A private key is whole PEM of PKCS#8, with versions that there are (RFC 5958 section 2, RFC 8017 appendix A.1.2). */
function requireWritten(pem: string, at: string): void {
  within(at, () => {
    const { pkcs8 } = privateKeyFromPem(pem)
    const key = readElement(pkcs8)
    const inner = contentBytes(pkcs8, childAt(pkcs8, key, 2))
    const versions = [
      contentBytes(pkcs8, childAt(pkcs8, key, 0)),
      contentBytes(inner, childAt(inner, readElement(inner), 0)),
    ]
    const isWhole = withoutBlanks(encodePem('PRIVATE KEY', pkcs8)) === withoutBlanks(pem)
    if (!isWhole || versions.some((version) => version.length !== 1 || (version[0] ?? 0) > 1))
      throw badRun(at, 'It is no private key in PEM, or not that alone.')
  })
}

function withoutBlanks(text: string): string {
  return text.replace(/[ \t\r\n]/g, '')
}

interface Surroundings {
  /** Its path in the content. */
  readonly at: string
  readonly frame: Bytes
  readonly connection: Connection
  readonly secret: SecretsContent['records'][number] | undefined
}

function decodeRecord(record: RecordContent, around: Surroundings): Hl1Entry {
  const { id, role, direction, kind, suite, step, at, took, monotonic, checks, refusal } = record
  const { frame, connection, secret } = around
  const { ranges, layers, plaintext, members } = partsOf(record, around)
  for (const name of Object.keys(secret?.members ?? {}))
    if (!members.some((member) => member.name === name && member.secret))
      throw badRun(around.at, `Its secret ${name} is none of this message.`)
  return {
    id,
    connection,
    protocol: HL1_ID,
    kind,
    suite,
    step,
    role,
    direction,
    at,
    took,
    ...(monotonic === undefined ? {} : { monotonic }),
    frame,
    ranges,
    layers,
    ...(plaintext ? { plaintext } : {}),
    members,
    checks,
    outcome: refusal ? { ok: false, ...refusal } : { ok: true },
  }
}

type Parts = Pick<Hl1Entry, 'ranges' | 'layers' | 'plaintext' | 'members'>

function partsOf(record: RecordContent, around: Surroundings): Parts {
  const { kind, suite, step, role, unasked } = record
  const { at, frame } = around
  if (kind === 'alert') return { ranges: alertRanges(frame), layers: [], members: [] }
  if (unasked || !isStepNumber(step))
    return { ranges: frameRanges(frame, suite, 'not asked for'), layers: [], members: [] }
  const title = STEPS[step].title
  const layers = layersSeenBy(suite, step, role)
  if (!suite) return { ranges: frameRanges(frame, suite, title), layers, members: [] }
  const sheet = SUITES[suite].sheets[step]
  const members = membersOf(record, sheet.members, around)
  const opened = plaintextOf(record, sheet.members, around)
  if (!opened) return { ranges: frameRanges(frame, suite, title), layers, members }
  return within(at, () => {
    const layout = layoutOf(sheet.term, frame, HEADER_BYTES)
    const { plaintext, parts } = opened
    return { ranges: frameRanges(frame, suite, title, layout, parts), layers, plaintext, members }
  })
}

function membersOf(
  record: RecordContent,
  specs: readonly MemberSpec[],
  { at, secret }: Surroundings,
): Hl1Entry['members'] {
  const written = { ...record.members, ...secret?.members }
  const values: Record<string, MemberValue> = {}
  for (const spec of specs) {
    const value = written[spec.name]
    if (value !== undefined) values[spec.name] = valueOf(spec, value, `${at}.members.${spec.name}`)
  }
  for (const name in written)
    if (!specs.some((spec) => spec.name === name))
      throw badRun(`${at}.members`, `The step has no member ${name}.`)
  const members = recordMembers(specs, values) as Hl1Entry['members']
  if (!record.forgotten) return members
  return members.map((member) => (member.secret ? { ...member, forgotten: true } : member))
}

function valueOf({ kind }: MemberSpec, value: string | number, at: string): MemberValue {
  const isNumber = kind === 'integer' || kind === 'timestamp'
  if (isNumber !== (typeof value === 'number')) throw badRun(at, 'It has another type than this member has.')
  return kind === 'bytes' ? bytesOf(String(value), at) : value
}

/** The plaintext with its secrets where they are there, and the places of members in each of its objects. */
function plaintextOf(
  { plaintext }: RecordContent,
  specs: readonly MemberSpec[],
  { at, secret }: Surroundings,
): { readonly plaintext: Plaintext; readonly parts: readonly (readonly MemberRange[])[] } | undefined {
  if (!plaintext) return undefined
  const where = `${at}.plaintext`
  const masked = bytesOf(plaintext.bytes, where)
  const bytes = secret ? bytesOf(secret.plaintext, `${at}, its secrets`) : masked
  const total = plaintext.parts.reduce((sum, length) => sum + length, 0)
  if (bytes.length !== total || masked.length !== total)
    throw badRun(where, 'Its parts are not as long as the whole.')
  const places = plaintext.places.map(([name, start, end]) => ({ name, start, end }))
  const isSecretOne = (name: string | undefined): boolean =>
    specs.some((spec) => spec.name === name && isSecret(spec))
  const covered = bytes.slice()
  for (const { name, start, end } of places) if (isSecretOne(name)) covered.fill(ASTERISK, start, end)
  if (!equalBytes(covered, masked))
    throw badRun(where, 'What is hidden there is no secret, or not what the secrets say was in the message.')
  const objects: Bytes[] = []
  const parts: MemberRange[][] = []
  let from = 0
  for (const length of plaintext.parts) {
    const to = from + length
    const base = from
    objects.push(bytes.slice(from, to))
    parts.push(
      places
        .filter(({ start, end }) => start >= base && end <= to && start < end)
        .map(({ name, start, end }) => ({ name, start: start - base, end: end - base })),
    )
    from = to
  }
  const overlap = places.some(({ start }, index) => start < (places[index - 1]?.end ?? 0))
  if (parts.flat().length !== places.length || overlap)
    throw badRun(where, 'Its members do not stand in it one after another.')
  const described = describePlaintext(objects, parts, specs)
  // What stays hidden says so.
  const isHidden = (name: string | undefined): boolean => !secret && isSecretOne(name)
  const ranges = described.ranges.map((range) =>
    isHidden(range.member) ? { ...range, masked: true } : range,
  )
  return { plaintext: { ...described, ranges }, parts }
}

const ASTERISK = 0x2a

/** Connections as each of their ends knew them: with the suite once a message of that end had one. */
class Ends {
  readonly #suites = new Map<string, string>()

  constructor(private readonly connections: RunContent['connections']) {}

  connectionOf({ connection: place, role, suite }: RecordContent): Connection | undefined {
    const found = this.connections[place]
    if (!found) return undefined
    const end = `${place} ${role}`
    if (suite !== undefined && !this.#suites.has(end)) this.#suites.set(end, suite)
    const { id, opener, acceptor, from, to } = found
    return { id, opener, acceptor, from, to, suite: this.#suites.get(end) }
  }
}

function bytesOf(base64: string, at: string): Bytes {
  const bytes = fromBase64(base64)
  if (!bytes) throw badRun(at, 'It is not base64 with padding.')
  return bytes
}

function certificateOf(pem: string, at: string): Certificate {
  return within(at, () => parseCertificate(pem))
}

/** Runs a part of the reading; what it makes of bad input is bad at this place. */
function within<T>(at: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    passOwnFault(error)
    throw badRun(at, error instanceof Error ? error.message : 'It can’t be read.')
  }
}
