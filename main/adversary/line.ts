/**
 * A connection as the adversary has it: what each end has said and heard, the keys of it that it has, and what is on its way to
 * either end and was not judged yet.
 */
import type { Bytes } from '#shared/bytes'
import type { CryptoProvider } from '#shared/crypto/provider'
import { listen, transcriptsOf, type SecretName } from '#shared/adversary/eavesdropper'
import type { ConnectionView, Fate, KeyRow, WireName } from '#shared/adversary/live'
import { kindOf } from '#shared/adversary/reading'
import type { End } from '#shared/adversary/wire'
import type { HeldKey } from '#shared/hl1/open-frame'
import type { SuiteName } from '#shared/hl1/suites'
import type { Connection, Endpoint } from '#shared/record/connection'

/** A frame on its way to an end, until somebody says what became of it. */
export interface Due {
  fate: Fate
  readonly step: number
  readonly bytes: Bytes
  /** It reaches its receiver as its sender has not sent it. */
  readonly isForged: boolean
}

/** A key, and how the adversary has come to it. */
export interface OwnedKey {
  readonly key: HeldKey
  readonly from: KeyRow['from']
}

/** A key that somebody has lost, and the connection that it is of, where it is of one alone. */
export interface Leaked {
  readonly key: HeldKey
  readonly connection: Connection | undefined
}

/** Frames of handshakes that are kept of one connection: an honest one has six at most. */
const MOST_HANDSHAKE_FRAMES = 12
const LAST_HANDSHAKE_STEP = 6
/** Frames on their way to an end of which nobody has said what became of them. */
const MOST_DUE = { count: 1_000, bytes: 4 * 1024 * 1024 } as const
/** The same of a connection that has ended: what its ends still say of it is of the last ones. */
const DUE_AT_THE_END = { count: 4, bytes: 128 * 1024 } as const

export interface LineOptions {
  readonly number: number
  readonly wire: WireName
  readonly kind: ConnectionView['kind']
  /** The end that has opened it. */
  readonly opener: Endpoint
  /** The end that the acceptor sees, where that is another. */
  readonly onward?: Endpoint
  /** The ends that something can be sent to. */
  readonly ends: readonly End[]
  readonly send: (end: End, bytes: Bytes) => Promise<void>
  readonly cut: () => void
}

export class Line {
  isOpen = true
  suite: SuiteName | undefined
  /** Keys of this connection alone. */
  readonly given = new Map<SecretName, OwnedKey>()
  /** Frames on their way to each end, oldest first. */
  readonly due: Readonly<Record<End, Due[]>> = { opener: [], acceptor: [] }
  /** Ends that are the lab's own: they say what became of what they got. */
  readonly tells = new Set<End>()
  /** The handshake as each end has it: what it has sent, and what it got. */
  readonly #handshake: Readonly<Record<End, Bytes[]>> = { opener: [], acceptor: [] }
  /** `th` of that, once it was asked for. */
  readonly #transcripts = new Map<End, ReadonlyMap<number, Bytes>>()
  /** What listening has brought, by the end whose frames were listened to. */
  readonly #heard: Record<End, ReadonlyMap<SecretName, HeldKey>> = { opener: new Map(), acceptor: new Map() }

  constructor(readonly options: LineOptions) {}

  get number(): number {
    return this.options.number
  }

  get wire(): WireName {
    return this.options.wire
  }

  get view(): ConnectionView {
    const { number, wire, kind, opener } = this.options
    return { number, wire, kind, opener, suite: this.suite, isOpen: this.isOpen }
  }

  /** An end has sent a frame, or got it. */
  note(end: End, frame: Bytes): void {
    const { suite, step } = kindOf(frame)
    if (this.suite === undefined && suite !== undefined) {
      this.suite = suite
      this.#transcripts.clear()
    }
    const handshake = this.#handshake[end]
    const isKept =
      step !== undefined && step <= LAST_HANDSHAKE_STEP && handshake.length < MOST_HANDSHAKE_FRAMES
    if (!isKept) return
    handshake.push(frame)
    this.#transcripts.delete(end)
  }

  /** A frame goes to an end: that will say what became of it. */
  expect(end: End, frame: Due): void {
    this.due[end].push(frame)
    keepNewest(this.due[end], MOST_DUE)
  }

  /** Both ends have left. */
  close(): void {
    this.isOpen = false
    for (const end of ['opener', 'acceptor'] as const) keepNewest(this.due[end], DUE_AT_THE_END)
  }

  /** `th` before each step, as an end counts it. */
  transcripts(end: End): ReadonlyMap<number, Bytes> {
    const known = this.#transcripts.get(end)
    if (known) return known
    const transcripts = transcriptsOf(this.#handshake[end], this.suite ?? 'classic', NOTHING_WITHOUT)
    this.#transcripts.set(end, transcripts)
    return transcripts
  }

  /** Listens to what an end has said and heard, with these keys and those of this connection. */
  async listen(
    end: End,
    common: Iterable<readonly [SecretName, HeldKey]>,
    crypto: CryptoProvider,
  ): Promise<ReadonlyMap<SecretName, HeldKey>> {
    const given = [...this.given].map(([name, { key }]) => [name, key] as const)
    const keys = [...common, ...given]
    const suite = this.suite ?? 'classic'
    const heard = await listen([this.#handshake[end]], { suite, keys, crypto, without: NOTHING_WITHOUT })
    this.#heard[end] = heard.keys
    return heard.keys
  }

  /** Forgets the keys that were leaked, and what they have opened. */
  forget(): void {
    this.given.clear()
    for (const end of ['opener', 'acceptor'] as const) this.#heard[end] = new Map()
  }

  /** What is known of the keys that an end has. */
  keys(end: End): ReadonlyMap<SecretName, HeldKey> {
    return this.#heard[end]
  }
}

/** Forgets the oldest beyond a number and a size. */
function keepNewest(due: Due[], most: { readonly count: number; readonly bytes: number }): void {
  let bytes = due.reduce((sum, frame) => sum + frame.bytes.length, 0)
  while (due.length > most.count || bytes > most.bytes) bytes -= due.shift()?.bytes.length ?? 0
}

const NOTHING_WITHOUT: ReadonlySet<never> = new Set()
