/** The run that is open: one that was saved, beside the lab, which goes on behind it. */
import { basename } from 'node:path'
import type { Bytes } from '#shared/bytes'
import { LabError } from '#shared/errors'
import type { LabView } from '#shared/lab'
import type { MemberValue } from '#shared/record/member'
import { heldAt } from '#shared/held'
import { withoutSecrets } from '#shared/record/record'
import { privateKeyFromPem, type RsaPrivateKey } from '#shared/crypto/primitives/rsa'
import type { Role } from '#shared/hl1/roles'
import type { Hl1Entry } from '#shared/hl1/types'
import { labAt } from '#shared/run/moment'
import type { Run } from '#shared/run/run'
import type { Move } from '#shared/run/move'
import type { RunAgain } from '#shared/run/remake'
import type {
  AgainView,
  MovesPart,
  RecordedEntry,
  RecordedPart,
  RecordingNews,
  RecordingView,
} from '#shared/run/view'
import { LONGEST_RUN } from '#shared/run/file-type'
import type { WindowName } from '#shared/windows'
import type { ExportSources } from '../export/contents'
import { readGivenFile } from '../files/given-file'
import type { Hub } from '../lab/events'
import type { RecordNews } from '../lab/record-news'
import { readRunInThread } from './run-reader'
import type { ReadRun } from './read-run'
import { viewAt } from './view-at'

export interface RecordingsOptions {
  readonly hub: Pick<Hub, 'tell'>
  /** The file of the thread that reads, in the build. */
  readonly thread: string
  readonly versions: LabView['versions']
  /** Whether a record is one to show in a window. */
  readonly concerns: RecordNews['concerns']
}

/** The longest keys file that is read, bytes. */
const LONGEST_KEYS = 64 * 1024 * 1024
/** Records, and bytes of records, that are given at once. */
const AT_ONCE = { records: 100, bytes: 2 * 1024 * 1024 }

/** Stands where an export never looks: it is of what is public. */
const NO_PRIVATE_KEY: RsaPrivateKey = { pem: '', pkcs8: new Uint8Array() }

interface Open extends ReadRun {
  readonly id: number
  readonly name: string
  /** Kept while more of it can be opened. */
  readonly bytes: Bytes | undefined
  readonly againView: AgainView
  readonly serverAlone: number
  moment: number
}

export class Recordings {
  #open: Open | undefined
  #count = 0
  #opening: { readonly name: string; done: number; of: number; readonly stop: AbortController } | undefined

  constructor(private readonly options: RecordingsOptions) {}

  /** The run that is open. */
  get run(): Run | undefined {
    return this.#open?.run
  }

  /** The run that is open, with what came of making its checks again. */
  get opened(): (ReadRun & { readonly name: string }) | undefined {
    return this.#open
  }

  /** The moment of it that is shown; 0 where none is open. */
  get moment(): number {
    return this.#open?.moment ?? 0
  }

  /**
   * Opens a file that the person has chosen, by its path.
   * @throws LabError `file_not_read`; as {@link openBytes}
   */
  async openPath(path: string): Promise<void> {
    const file = await readGivenFile(path, { most: LONGEST_RUN })
    if ('problem' in file) throw new LabError('file_not_read', `${basename(path)}: ${file.problem}`)
    await this.openBytes(file.name, file.bytes)
  }

  /**
   * Opens a run in the place of the one that is open.
   * @throws LabError as `readRun`; `cancelled`; `already_running` while another one is being opened
   */
  async openBytes(
    name: string,
    bytes: Bytes,
    { passphrase, keys }: { readonly passphrase?: string; readonly keys?: string } = {},
  ): Promise<void> {
    if (this.#opening) throw new LabError('already_running', `${this.#opening.name} is being opened.`)
    const stop = new AbortController()
    this.#opening = { name, done: 0, of: 0, stop }
    this.#changed()
    try {
      const read = await readRunInThread(this.options.thread, bytes, {
        passphrase,
        keys,
        onProgress: (done, of) => this.#advance(done, of),
        signal: stop.signal,
      })
      const { records } = read.run
      const kept = read.secrets === 'locked' || read.source === 'capture' ? bytes : undefined
      const againView = summary(read.again)
      const isSame = passphrase !== undefined || keys !== undefined
      const moment = isSame ? (this.#open?.moment ?? records.length) : records.length
      const serverAlone = connectionsWithoutClient(read.run)
      this.#open = { ...read, id: ++this.#count, name, bytes: kept, againView, serverAlone, moment }
    } finally {
      this.#opening = undefined
      this.#changed()
    }
  }

  /**
   * Opens the secrets of the run that is open.
   * @throws LabError `no_recording`, `wrong_passphrase`
   */
  async unlock(passphrase: string): Promise<void> {
    const { name, bytes } = this.#required
    if (!bytes) throw new LabError('no_recording', 'The run has no secrets that are locked.')
    await this.openBytes(name, bytes, { passphrase })
  }

  /**
   * Opens what is in the capture that is open, with a keys file.
   * @throws LabError `no_recording`, `file_not_read`, `bad_keys_file`
   */
  async openKeys(path: string): Promise<void> {
    const { name, bytes, source } = this.#required
    if (!bytes || source !== 'capture') throw new LabError('no_recording', 'No capture is open.')
    const file = await readGivenFile(path, { most: LONGEST_KEYS })
    if ('problem' in file) throw new LabError('file_not_read', `${basename(path)}: ${file.problem}`)
    await this.openBytes(name, bytes, { keys: Buffer.from(file.bytes).toString('utf8') })
  }

  /** Gives up what is being opened; where nothing is, back to the lab. */
  close(): void {
    if (this.#opening) {
      this.#opening.stop.abort(new LabError('cancelled', 'The run was not opened: it was given up.'))
      return
    }
    this.#open = undefined
    this.#changed()
  }

  /** Shows another moment: from 0, before the first record, to as many as there are. @throws LabError `no_recording` */
  go(moment: number): void {
    const open = this.#required
    open.moment = Math.min(Math.max(0, moment), open.run.records.length)
    this.#changed()
  }

  /** What windows are told. */
  async news(): Promise<RecordingNews> {
    if (this.#opening) {
      const { name, done, of } = this.#opening
      return { is: 'opening', name, done, of }
    }
    return this.#open ? { is: 'open', view: await this.#view(this.#open) } : { is: 'none' }
  }

  /**
   * Records of the run for a window, from a place in it on, as many as are good to draw at once.
   * @throws LabError `no_recording`
   */
  part(window: WindowName, from: number): RecordedPart {
    const { run, again } = this.#required
    const records: RecordedEntry[] = []
    let bytes = 0
    for (let index = from; index < run.records.length; index++) {
      const entry = run.records[index]
      if (!entry || !this.options.concerns(window, entry)) continue
      const found = again.records.get(entry.id) ?? { checks: [], differences: [], missing: [] }
      records.push({ moment: index + 1, entry: withoutSecrets(entry), again: found })
      bytes += entry.frame.length + (entry.plaintext?.bytes.length ?? 0)
      if (records.length >= AT_ONCE.records || bytes >= AT_ONCE.bytes) return { records, next: index + 1 }
    }
    return { records, next: undefined }
  }

  /**
   * What somebody in the middle did, from a frame on, as many as are good to draw at once.
   * @throws LabError `no_recording`
   */
  moves(from: number): MovesPart | undefined {
    const { moves } = this.#required
    if (!moves) return undefined
    const frames: Move[] = []
    let bytes = 0
    for (const frame of moves.frames.slice(from)) {
      if (frames.length >= AT_ONCE.records || bytes >= AT_ONCE.bytes)
        return { ...moves, frames, next: from + frames.length }
      frames.push(frame)
      bytes += frame.frame.length + (frame.instead?.length ?? 0)
    }
    return { ...moves, frames, next: undefined }
  }

  /**
   * A member's value, secret or not, of a record of this role.
   * @throws LabError `no_recording`, `unknown_record`, `forbidden`
   */
  reveal(id: string, name: string, role: Role): MemberValue {
    const entry = this.#required.run.records.find((each) => each.id === id)
    if (entry && entry.role !== role)
      throw new LabError(
        'forbidden',
        'A secret is revealed in the window of the role that recorded it alone.',
      )
    const value = entry?.members.find((member) => member.name === name)?.value
    if (value === undefined)
      throw new LabError('unknown_record', 'The run was saved without this value, or it is locked.')
    return value
  }

  /** @throws LabError `no_recording`, `no_key` */
  privateKey(key: 'SK_CA' | 'SK_S'): RsaPrivateKey {
    const pem = this.#required.run.secrets?.privateKeys[key]
    if (pem === undefined)
      throw new LabError('no_key', 'The run was saved without this key, or it is locked.')
    return privateKeyFromPem(pem)
  }

  /** What there is to export of the run that is open, at its moment: what is public. */
  get exported(): ExportSources | undefined {
    if (!this.#open) return undefined
    const { run, moment } = this.#open
    const { anchor: trustAnchor, server } = labAt(run, moment)
    const { certificate, certS } = server
    const held = certificate && {
      identity: certificate.subject.commonName ?? server.identity,
      publicKey: certificate.publicKey,
      privateKey: NO_PRIVATE_KEY,
      certificate,
      ...(certS ? { certS } : {}),
    }
    return { authority: undefined, server: held, trustAnchor, isPublicOnly: true }
  }

  get #required(): Open {
    if (!this.#open) throw new LabError('no_recording', 'No run is open.')
    return this.#open
  }

  async #view(open: Open): Promise<RecordingView> {
    const { id, source, name, run, secrets, isIntact, againView, serverAlone, moves, moment } = open
    const { versions } = this.options
    const { lab, settings } = await viewAt(run, moment, { versions })
    return {
      id,
      source,
      name,
      app: run.app,
      savedAt: run.savedAt,
      secrets,
      isIntact,
      again: againView,
      serverAlone,
      adversary: moves?.summary,
      moments: run.records.length,
      moment,
      newest: run.records[moment - 1]?.id,
      walkBegan: run.walkBegan,
      clientAnchor: clientAnchor(run, moment),
      lab,
      settings,
    }
  }

  #advance(done: number, of: number): void {
    if (!this.#opening) return
    this.#opening.done = done
    this.#opening.of = of
    this.#changed()
  }

  #changed(): void {
    this.options.hub.tell('recording')
  }
}

/** The trust anchor of the client's last connection until a moment. */
function clientAnchor({ records, anchors }: Run, moment: number): string | undefined {
  const last = records.slice(0, moment).findLast(({ role }) => role === 'client')
  const first = records.find(
    ({ role, connection }) => role === 'client' && connection.id === last?.connection.id,
  )
  return first && heldAt(anchors, first.at)?.pem
}

/** How many connections of the lab's client the run knows from the other end alone. */
function connectionsWithoutClient({ records }: Run): number {
  const opened = records.filter(({ connection }) => connection.opener === 'client')
  const ends = (of: readonly Hl1Entry[]): ReadonlySet<string> =>
    new Set(of.map(({ connection }) => connection.id))
  return ends(opened).size - ends(opened.filter(({ role }) => role === 'client')).size
}

function summary({ records, differences }: RunAgain): AgainView {
  const all = [...records]
  const checks = all.flatMap(([, { checks: made }]) => made)
  const count = (is: (typeof checks)[number]['is']): number =>
    checks.filter((check) => check.is === is).length
  const suspect = all
    .filter(([, again]) => again.differences.length > 0 || again.checks.some(({ is }) => is === 'differs'))
    .map(([id]) => id)
  return { same: count('same'), differ: count('differs'), notMade: count('not_made'), suspect, differences }
}
