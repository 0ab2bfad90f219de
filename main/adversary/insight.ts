/** What the adversary knows: its keys, where each is from, and what it reads with them of the frames that it has seen. */
import { equalBytes, fromHex, type Bytes } from '#shared/bytes'
import type { SecretName } from '#shared/adversary/eavesdropper'
import type { FrameDetail, KeyRow, LeakId, ReadBytes } from '#shared/adversary/live'
import { canClose, type Hands, type PublicKeys } from '#shared/adversary/moves'
import { readBytes, unread } from '#shared/adversary/reading'
import { otherEnd, type End } from '#shared/adversary/wire'
import { isForeseen, passOwnFault } from '#shared/errors'
import type { Environment } from '#shared/hl1/environment'
import type { KeySymbol } from '#shared/hl1/keys'
import type { HeldKey } from '#shared/hl1/open-frame'
import type { Hl1Entry } from '#shared/hl1/types'
import type { MemberSpec, MemberValue } from '#shared/record/member'
import type { Settings } from '#shared/settings'
import { nextTurn } from '#shared/turn'
import type { Line, OwnedKey } from './line'
import type { Lines } from './lines'
import type { SeenFrame, SeenFrames } from './seen-frame'

export interface InsightOptions {
  readonly settings: () => Settings
  readonly publicKeys: () => PublicKeys
  readonly environment: Environment
  readonly frames: SeenFrames
  readonly lines: Lines
  readonly onChange: () => void
  /** Takes what nobody has foreseen. */
  readonly onFailure: (error: unknown) => void
}

const DERIVED: ReadonlySet<SecretName> = new Set<SecretName>(['Z', 'K_hs', 'K_6', 'K_c2s', 'K_s2c'])

export class Insight {
  /** Keys that are of no connection. */
  readonly #common = new Map<SecretName, OwnedKey>()
  /** The frame that the server's private key was read in last: one that came before it brings an older one. */
  #skSFrom = 0
  /** How often everything was forgotten. */
  #forgettings = 0
  #reading: Promise<void> = Promise.resolve()

  constructor(private readonly options: InsightOptions) {}

  /** Resolves when all that has come so far is read. */
  get settled(): Promise<void> {
    return this.#reading
  }

  /** Takes a leaked key that is of no connection. */
  give(id: LeakId, key: OwnedKey): void {
    this.#common.set(id, key)
  }

  /** Forgets the keys that are of no connection. */
  forget(): void {
    this.#common.clear()
    this.#skSFrom = 0
    this.#forgettings++
  }

  /** What there is to make a frame with: for an end of a connection, or, without one, what is of no connection. */
  hands(line?: Line, end: End = 'acceptor'): Hands {
    const { random, crypto } = this.options.environment
    const ofLine = line ? [...line.keys(otherEnd(end)), ...line.keys(end)] : []
    return {
      keys: new Map([...this.#known(), ...ofLine]),
      publicKeys: this.options.publicKeys(),
      transcripts: line?.transcripts(end) ?? new Map(),
      random,
      crypto,
    }
  }

  /** What a frame on its way is sealed again with, and read as it is then: the keys of its sender, the transcript of its receiver. */
  handsOn({ line, from, to }: SeenFrame): Hands {
    return { ...this.hands(line, from), transcripts: line.transcripts(to) }
  }

  /** Keys that are of no connection: `K_boot`, which everybody has, and what was leaked. */
  #known(): readonly (readonly [SecretName, HeldKey])[] {
    const kBoot = fromHex(this.options.settings().bootstrapKey)
    const common = [...this.#common].map(([name, { key }]) => [name, key] as const)
    return [...(kBoot ? [['K_boot', kBoot] as const] : []), ...common]
  }

  /** Whether a leaked key is here, this very one. */
  has(id: LeakId, key: HeldKey): boolean {
    const lines = this.options.lines.all.map(({ given }) => given.get(id))
    return [this.#common.get(id), ...lines].some((owned) => owned !== undefined && isSameKey(owned.key, key))
  }

  /** Frames are read one after another, in the order of their coming. */
  read(frame: SeenFrame): void {
    // By its number: until it is its turn, it may have been forgotten.
    const { id } = frame
    this.#reading = this.#reading
      .then(() => this.#readNow(id))
      .catch((error: unknown) => {
        // What can't be read stays unread.
        if (!isForeseen(error)) this.options.onFailure(error)
      })
  }

  async #readNow(id: number): Promise<void> {
    const frame = this.options.frames.get(id)
    if (!frame || frame.isKnown) return
    await nextTurn()
    const { line, isOwn, from, to } = frame
    const end = isOwn ? to : from
    const { crypto } = this.options.environment
    const forgettings = this.#forgettings
    const before = line.keys(end)
    const keys = await line.listen(end, this.#known(), crypto)
    const came = await this.#eyes(frame.came, this.hands(line, end))
    // What was opened with keys that are forgotten now, is not known any more.
    if (forgettings !== this.#forgettings) return
    // Its own end may have said meanwhile what it is.
    if (!frame.isKnown) frame.read = came
    this.#learn(frame, came, keys.get('SK_S'))
    // What this one has brought may open others of its connection.
    if (keys.size > before.size && before.size > 0) this.readAgain(line, frame)
    this.options.onChange()
  }

  /** A frame as it came and as it goes on, once all that has come so far is read. */
  async detail(frame: SeenFrame): Promise<FrameDetail> {
    await this.settled
    return {
      id: frame.id,
      came: frame.read ?? unread(frame.came),
      goesOn: frame.changed && (await this.readChanged(frame)),
    }
  }

  /** What is made of a frame as it is now: it is read as its receiver will. */
  readChanged(frame: SeenFrame): Promise<ReadBytes> {
    return this.#eyes(frame.bytes, this.handsOn(frame)).catch((error: unknown) => {
      passOwnFault(error)
      return unread(frame.bytes)
    })
  }

  #eyes(bytes: Bytes, hands: Hands): Promise<ReadBytes> {
    return readBytes(bytes, {
      keys: new Map(hands.keys),
      transcripts: hands.transcripts,
      crypto: hands.crypto,
      canClose: (symbol: KeySymbol) => canClose(hands, symbol),
    })
  }

  /** The server's private key, where it is read on its way to the server, opens more than this connection: the newest one that came. */
  #learn({ id, line }: SeenFrame, { members }: ReadBytes, key: HeldKey | undefined): void {
    if (line.options.kind !== 'crossing' || id < this.#skSFrom) return
    const value = (name: string): MemberValue | undefined =>
      members.find((member) => member.name === name)?.value
    if (value('sk_s') === undefined || value('id_s') !== this.options.settings().serverIdentity) return
    if (!key) return
    this.#skSFrom = id
    const known = this.#common.get('SK_S')
    if (known && isSameKey(known.key, key)) return
    this.#common.set('SK_S', { key, from: 'opened' })
    this.readAgain()
  }

  /** Reads what is not read to the end, with what is known now. */
  readAgain(line?: Line, but?: SeenFrame): void {
    for (const frame of this.options.frames.all) {
      if ((line && frame.line !== line) || frame === but) continue
      const { read } = frame
      if (read && read.missing.length === 0 && read.unfit.length === 0) continue
      this.read(frame)
    }
    this.options.onChange()
  }

  /** What it has recorded as one end of a connection itself needs no opening: it has the keys. */
  readOwn({ frame: bytes, ranges, plaintext, members, layers }: Hl1Entry): void {
    const frame = this.options.frames.all.findLast(
      ({ line, came }) => line.options.kind !== 'crossing' && equalBytes(came, bytes),
    )
    if (!frame || !plaintext) return
    frame.isKnown = true
    const read = members.flatMap(({ name, symbol, kind, meaning, value }) =>
      value === undefined ? [] : [{ name, symbol, kind, meaning, value, canChange: false }],
    )
    frame.read = { bytes, ranges, plaintexts: [plaintext], members: read, layers, missing: [], unfit: [] }
    this.options.onChange()
  }

  /** What fits a member now; of a connection where one is given. */
  suggest({ name, nature, length }: MemberSpec<KeySymbol>, line: Line | undefined): MemberValue | undefined {
    const { now, random } = this.options.environment
    const seen = this.options.frames.all
      .filter((frame) => !line || frame.line === line)
      .findLast(({ read }) => read?.members.some((member) => member.name === name))
      ?.read?.members.find((member) => member.name === name)?.value
    switch (nature.is) {
      case 'timestamp':
        return now()
      case 'nonce':
      case 'key':
        return seen ?? random(length ?? 0)
      case 'identity':
        return seen ?? (nature.of === 'server' ? this.options.settings().serverIdentity : undefined)
      case 'sequence-number':
        return typeof seen === 'number' ? seen + 1 : 0
      case 'payload':
        return seen ?? 'time'
      default:
        return seen
    }
  }

  /** Every key that is here, and where it is from. */
  keyRows(): readonly KeyRow[] {
    const { PK_CA, PK_S } = this.options.publicKeys()
    const known: KeyRow[] = (['K_boot', PK_CA && 'PK_CA', PK_S && 'PK_S'] as const).flatMap((name) =>
      name === undefined ? [] : [{ name, from: 'known', connection: undefined }],
    )
    const common = [...this.#common].map(([name, { from }]): KeyRow => ({
      name,
      from,
      connection: undefined,
    }))
    const ofNobody = new Set<SecretName>([...known, ...common].map(({ name }) => name))
    const ofLines = this.options.lines.all.flatMap((line) => {
      const names = new Set([
        ...line.given.keys(),
        ...line.keys('opener').keys(),
        ...line.keys('acceptor').keys(),
      ])
      return [...names].flatMap((name): KeyRow[] => {
        const given = line.given.get(name)?.from
        if (given === undefined && ofNobody.has(name)) return []
        return [{ name, from: given ?? (DERIVED.has(name) ? 'derived' : 'opened'), connection: line.number }]
      })
    })
    return [...known, ...common, ...ofLines]
  }
}

function isSameKey(a: HeldKey, b: HeldKey): boolean {
  return a instanceof Uint8Array
    ? b instanceof Uint8Array && equalBytes(a, b)
    : !(b instanceof Uint8Array) && a.pem === b.pem
}
