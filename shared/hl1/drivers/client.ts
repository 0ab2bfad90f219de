/**
 * The client over a pipe of bytes, wherever that leads: steps 3 to 8 on one connection, with all of its secrets. In the
 * window, in the terminal, in experiments and in tests it is the same one.
 */
import { fromHex } from '../../bytes'
import type { Certificate } from '../../crypto/pki/certificate'
import { LabError } from '../../errors'
import type { Connection } from '../../record/connection'
import type { Hl1Entry } from '../types'
import { isUnsent } from '../alerts'
import type { Environment } from '../environment'
import type { ClientState, Session } from '../state'
import type { SuiteName } from '../suites'
import { Conversation, type Pace } from './conversation'
import { awaitFarewell, openSession, sendRequest, startClient } from './session'
import { frameTransport, type BytePipe } from './transport'

/** What a client goes by; ages and limits in seconds, the bootstrap key in hex. */
export interface ClientSettings {
  readonly suite: SuiteName
  readonly clientIdentity: string
  readonly serverIdentity: string
  readonly bootstrapKey: string
  readonly maxAge: number
  readonly idleLimit: number
}

export interface ClientOptions {
  readonly pipe: BytePipe
  readonly connection: Connection
  readonly settings: ClientSettings
  /** The authority's certificate, from outside the protocol. */
  readonly trustAnchor: Certificate
  readonly environment: Environment
  readonly pace: Pace
  /** True while someone walks: then the idle limit does not run. */
  readonly stepping: () => boolean
  readonly onRecord: (entry: Hl1Entry) => void
  /** As a conversation's. */
  readonly onFailure: (error: unknown) => void
  /**
   * The server has ended the session, or is gone, while nothing was asked of it. Without this nobody listens between two
   * requests.
   */
  readonly onFarewell?: (error: unknown) => void
  /** Ends whatever the client waits for, with its reason. */
  readonly signal?: AbortSignal
}

/** One for all: an error made anew would take longer than anything else there is to do when a client leaves. */
const LEFT = new LabError('connection_closed', 'The client has left.')

/** One connection to the server. Whoever makes a client closes it. */
export class Client {
  readonly #conversation: Conversation<ClientState>
  readonly #onFarewell: ((error: unknown) => void) | undefined
  /** Aborts when there is something to ask: then nobody listens for a farewell. */
  #enough: AbortController | undefined
  #listening: Promise<void> | undefined

  /** @throws LabError `bad_setting` */
  constructor(options: ClientOptions) {
    const { pipe, connection, settings, trustAnchor, environment, pace, stepping, onRecord, onFailure } =
      options
    const kBoot = fromHex(settings.bootstrapKey)
    if (!kBoot) throw new LabError('bad_setting', 'The bootstrap key is not hex.')
    const idleLimit = settings.idleLimit * 1000
    const state = startClient({
      suite: settings.suite,
      idC: settings.clientIdentity,
      idS: settings.serverIdentity,
      trustAnchor,
      kBoot,
      server: connection.to,
      maxAge: settings.maxAge,
    })
    this.#onFarewell = options.onFarewell
    this.#conversation = new Conversation(state, {
      transport: frameTransport(pipe, environment),
      environment,
      connection,
      pace,
      limits: () => ({ idle: stepping() ? undefined : idleLimit, frame: idleLimit }),
      onRecord,
      onFailure,
      ...(options.signal && { signal: options.signal }),
    })
  }

  get connection(): Connection {
    return this.#conversation.connection
  }

  /** What this side knows: keys, certificate, session. */
  get state(): ClientState {
    return this.#conversation.state
  }

  /** Steps 3 to 6. Throws ProtocolError, and LabError `connection_closed`. */
  async open(): Promise<Session> {
    const session = await openSession(this.#conversation, this.connection.from)
    this.#listen()
    return session
  }

  /**
   * Steps 7 and 8.
   * @param options `force`: send even when this side counts the session as ended
   * @throws ProtocolError; LabError `connection_closed`
   */
  async request(text: string, options: { readonly force: boolean } = { force: false }): Promise<string> {
    // A reason of one's own costs no exception.
    this.#enough?.abort('There is something to ask.')
    await this.#listening
    let goesOn = true
    try {
      return await sendRequest(this.#conversation, text, options)
    } catch (error) {
      goesOn = isUnsent(error)
      throw error
    } finally {
      if (goesOn) this.#listen()
    }
  }

  /** Leaves the server; the keys go with this object. Closing twice is harmless. */
  close(): void {
    this.#conversation.interrupt(LEFT)
    this.#conversation.options.transport.close()
  }

  #listen(): void {
    if (!this.#onFarewell) return
    this.#enough = new AbortController()
    this.#listening = awaitFarewell(this.#conversation, this.#enough.signal).catch(this.#onFarewell)
  }
}
