/**
 * A connection as the adversary has it: what each end has said and heard, the keys of it that it has, and what is on its way to
 * either end and was not judged yet.
 */
import type { Bytes } from '#shared/bytes'
import type { CryptoProvider } from '#shared/crypto/provider'
import { listen, transcriptsOf, type SecretName } from '#shared/adversary/eavesdropper'
import type { ConnectionView, KeyRow, WireName } from '#shared/adversary/live'
import { alertIn, kindOf } from '#shared/adversary/reading'
import type { End } from '#shared/adversary/wire'
import type { HeldKey } from '#shared/hl1/open-frame'
import type { Role } from '#shared/hl1/roles'
import type { SuiteName } from '#shared/hl1/suites'
import type { Connection, Endpoint } from '#shared/record/connection'
import { roleAt } from '#shared/run/kept-adversary'
import { fateOf, type Due, type Verdict } from './fates'

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
/** The same of a connection that has ended. */
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
  /** Ends that are the lab's own: they say what became of what they got. */
  readonly tells = new Set<End>()
  /** Frames on their way to each end, oldest first. */
  readonly #due: Readonly<Record<End, Due[]>> = { opener: [], acceptor: [] }
  /** Of those on their way to each end as many were forgotten: what it says next is about them. */
  readonly #forgotten: Record<End, number> = { opener: 0, acceptor: 0 }
  /** The handshake as each end has it: what it has sent, and what it got. */
  readonly #handshake: Readonly<Record<End, Bytes[]>> = { opener: [], acceptor: [] }
  /** `th` of that, once it was asked for. */
  readonly #transcripts = new Map<End, ReadonlyMap<number, Bytes>>()
  /** What listening has brought, by the end whose frames were listened to. */
  #heard: Record<End, ReadonlyMap<SecretName, HeldKey>> = { opener: new Map(), acceptor: new Map() }

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

  /** Whether a connection of the lab is this one. */
  isOf({ opener, acceptor, from }: Connection): boolean {
    const { wire, kind, opener: own, onward } = this.options
    if (wire !== acceptor) return false
    if (kind === 'own') return opener === undefined && isSame(own, from)
    if (opener !== undefined) return isSame(own, from)
    return onward !== undefined && isSame(onward, from)
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
    this.#due[end].push(frame)
    this.#forgotten[end] += forgetOldest(this.#due[end], MOST_DUE)
  }

  /** A role of the lab, one of both ends, says what it makes of the frame that it got next. */
  judge({ opener, acceptor }: Connection, role: Role, verdict: Verdict): void {
    const end: End = role === acceptor ? 'acceptor' : 'opener'
    this.tells.add(end)
    if (opener !== undefined) this.tells.add('opener')
    if (this.#forgotten[end] > 0) {
      this.#forgotten[end]--
      return
    }
    const frame = this.#due[end].shift()
    if (frame) frame.fate = fateOf(frame, role, verdict)
  }

  /** What can be told from the wire alone, of an end that does not tell: an alert refuses what it got, any other frame takes it. */
  hearSay(end: End, bytes: Bytes): void {
    const by = roleAt(this.wire, end)
    const open = this.#due[end].filter(({ fate }) => fate.is === 'sent')
    const alert = alertIn(bytes)
    for (const frame of alert ? open.slice(-1) : open) {
      const verdict = alert ? { ok: false, ...alert } : { ok: true, step: frame.step }
      frame.fate = fateOf(frame, by, verdict)
    }
  }

  /** Both ends have left: what an end that tells has said nothing of, it has not read. */
  close(): void {
    for (const end of this.tells)
      for (const frame of this.#due[end]) if (frame.fate.is === 'sent') frame.fate = { is: 'unread' }
    this.isOpen = false
    for (const end of ['opener', 'acceptor'] as const)
      this.#forgotten[end] += forgetOldest(this.#due[end], DUE_AT_THE_END)
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
    // Where everything is forgotten meanwhile, this is as well.
    const into = this.#heard
    const heard = await listen([this.#handshake[end]], { suite, keys, crypto, without: NOTHING_WITHOUT })
    into[end] = heard.keys
    return heard.keys
  }

  /** Forgets the keys that were leaked, and what they have opened. */
  forget(): void {
    this.given.clear()
    this.#heard = { opener: new Map(), acceptor: new Map() }
  }

  /** What is known of the keys that an end has. */
  keys(end: End): ReadonlyMap<SecretName, HeldKey> {
    return this.#heard[end]
  }
}

/** Whether two endpoints are one. */
export function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.address === b.address && a.port === b.port
}

/** Forgets the oldest beyond a number and a size; how many these are. */
function forgetOldest(due: Due[], most: { readonly count: number; readonly bytes: number }): number {
  let bytes = due.reduce((sum, frame) => sum + frame.bytes.length, 0)
  let gone = 0
  for (; due.length > most.count || bytes > most.bytes; gone++) bytes -= due.shift()?.bytes.length ?? 0
  return gone
}

const NOTHING_WITHOUT: ReadonlySet<never> = new Set()
