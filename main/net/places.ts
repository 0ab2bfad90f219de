/**
 * Who has a place at a listener that takes so many connections at once, and who gives it up where others wait for one. A
 * connection earns its place by what it says: who has a session keeps it, who says nothing is the first to go.
 */
import type { Socket } from 'node:net'
import type { Bytes } from '#shared/bytes'
import type { FrameExpectation } from '#shared/hl1/frame'
import { FirstWords } from './first-words'
import type { Timers } from './socket-pipe'

export const PLACES = {
  /** Connections beyond the limit that may still say something, to be let in for that. They cost a socket each, and no more. */
  anteroom: 1_024,
  /** Milliseconds that they have for it: who is let wait opens no other connection meanwhile. */
  anteroomMs: 5_000,
  /** Milliseconds that a peer in the middle of a handshake may let the listener wait before its place is anybody's. */
  patienceMs: 300,
} as const

/** What has come of a connection: no byte, some bytes, a message that was accepted, a session. */
type Standing = 'silent' | 'begun' | 'heard' | 'settled'

/** In this order places are given up. */
const ORDER: readonly Standing[] = ['silent', 'begun', 'heard']

/** One connection's claim to a place. */
export class Place {
  #standing: Standing = 'silent'
  /** When it last got any further, by a clock that is never set, milliseconds. */
  #since: number
  #isAwaited = false
  #isOwn = false
  #giveUp: ((isTold: boolean) => void) | undefined

  constructor(private readonly now: () => number) {
    this.#since = now()
  }

  /** This program has opened it, perhaps for somebody who walks step by step: it is never given up. */
  get isOwn(): boolean {
    return this.#isOwn
  }

  own(): void {
    this.#isOwn = true
  }

  /** Has something done when the place is given up: what ends the conversation, and tells the peer where `isTold`. */
  onGivenUp(action: (isTold: boolean) => void): void {
    this.#giveUp = action
  }

  /** Reads from the peer: only while that waits is it the peer's fault that nothing happens. */
  async listen<T>(read: () => Promise<T>): Promise<T> {
    this.#isAwaited = true
    try {
      const found = await read()
      // The byte alone is no progress: who sends one after another is as old as the connection.
      if (this.#standing === 'silent' && found !== undefined) this.#standing = 'begun'
      return found
    } finally {
      this.#isAwaited = false
    }
  }

  /** A message of its was accepted. */
  hear(): void {
    if (this.#standing !== 'settled') this.#standing = 'heard'
    this.#since = this.now()
  }

  /** It has a session, and keeps its place for as long as that lives. */
  settle(): void {
    this.#standing = 'settled'
  }

  /** Its session has ended. */
  unsettle(): void {
    this.#standing = 'heard'
    this.#since = this.now()
  }

  giveUp(isTold: boolean): void {
    this.#giveUp?.(isTold)
  }

  /** The lower, the sooner it goes; undefined while it can't be asked to go. */
  get rank(): { readonly order: number; readonly since: number } | undefined {
    const order = ORDER.indexOf(this.#standing)
    if (this.isOwn || !this.#isAwaited || order < 0) return undefined
    const isPatient = this.#standing === 'heard' && this.now() - this.#since < PLACES.patienceMs
    return isPatient ? undefined : { order, since: this.#since }
  }
}

export interface PlacesOptions {
  /** How many there are. */
  readonly limit: () => number
  /** What a connection begins with. */
  readonly first: FrameExpectation
  /** Whether one more may be told that it has lost its place. */
  readonly mayTell: () => boolean
}

/** The places of one listener, and its anteroom. */
export class Places {
  readonly #taken = new Set<Place>()
  /** Those that wait in the anteroom; the one that has waited longest is the first. */
  readonly #anteroom = new Set<FirstWords>()

  constructor(
    private readonly timers: Timers,
    private readonly options: PlacesOptions,
  ) {}

  /** How many are taken. */
  get taken(): number {
    return this.#taken.size
  }

  /**
   * Finds a place: a free one, or that of whoever deserves it least, once this connection has sent its whole first message.
   * @returns what it has said meanwhile; undefined where there is no place
   */
  async enter(place: Place, socket: Socket): Promise<Bytes | undefined> {
    const said = this.#isFull && !place.isOwn ? await this.#firstWords(socket) : NOTHING
    if (!said || (this.#isFull && !this.#makeRoom())) return undefined
    this.#taken.add(place)
    return said
  }

  leave(place: Place): void {
    this.#taken.delete(place)
  }

  get #isFull(): boolean {
    return this.#taken.size >= this.options.limit()
  }

  #makeRoom(): boolean {
    let last: { readonly place: Place; readonly order: number; readonly since: number } | undefined
    for (const place of this.#taken) {
      const { rank } = place
      if (!rank) continue
      const isLower =
        !last || rank.order < last.order || (rank.order === last.order && rank.since < last.since)
      if (isLower) last = { place, ...rank }
    }
    if (!last) return false
    this.leave(last.place)
    last.place.giveUp(this.options.mayTell())
    return !this.#isFull
  }

  /** What the socket says while it may wait; undefined where it says too little. */
  #firstWords(socket: Socket): Promise<Bytes | undefined> {
    return new Promise((resolve) => {
      let callOff = (): void => undefined
      const words = new FirstWords(socket, this.options.first, (said) => {
        callOff()
        this.#anteroom.delete(words)
        resolve(said)
      })
      callOff = this.timers.after(PLACES.anteroomMs, () => words.stop())
      this.#anteroom.add(words)
      words.start()
      const [oldest] = this.#anteroom
      if (this.#anteroom.size > PLACES.anteroom) oldest?.stop()
    })
  }
}

const NOTHING: Bytes = new Uint8Array()
