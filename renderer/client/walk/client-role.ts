/**
 * The client itself: its half of the protocol and all its secrets live in this window. One instance is one connection;
 * what happens on it is told through the hooks.
 */
import { fromHex } from '#shared/bytes'
import { parseCertificate } from '#shared/crypto/pki/certificate'
import { LabError } from '#shared/errors'
import { Conversation, type Pace } from '#shared/hl1/drivers/conversation'
import { awaitFarewell, openSession, sendRequest, startClient } from '#shared/hl1/drivers/session'
import { frameTransport } from '#shared/hl1/drivers/transport'
import { systemEnvironment } from '#shared/hl1/environment'
import type { JournalEntry } from '#shared/record/record'
import type { ClientState, Endpoint, Session } from '#shared/hl1/state'
import type { Settings } from '#shared/settings'
import type { CallsOf } from '#shared/ipc/contract'
import type { Call } from '../../common/call'
import { linkPipe } from './link-pipe'
import { isUnsent } from './walk-parts'

export interface ClientHooks {
  /** Asks main. */
  readonly call: Call<CallsOf<'client'>>
  readonly settings: () => Settings
  readonly pace: Pace
  /** True while someone walks: then the idle limit does not run. */
  readonly stepping: () => boolean
  readonly onRecord: (entry: JournalEntry) => void
  /** The server has ended the session, or is gone, while nothing was asked of it. */
  readonly onFarewell: (error: unknown) => void
}

export class ClientRole {
  /** Aborts when there is something to ask: then nobody listens for a farewell. */
  #enough = new AbortController()
  #listening: Promise<void> = Promise.resolve()

  private constructor(
    private readonly conversation: Conversation<ClientState>,
    private readonly local: Endpoint,
    private readonly stop: AbortController,
    private readonly onFarewell: (error: unknown) => void,
  ) {}

  /**
   * Connects to the server, with the authority's certificate of this moment as trust anchor.
   * @throws CallError `no_trust_anchor`, `not_running`, `connection_refused`
   */
  static async connect(hooks: ClientHooks): Promise<ClientRole> {
    const { call, settings, pace, stepping, onRecord, onFarewell } = hooks
    const { suite, clientIdentity, serverIdentity, bootstrapKey, maxAge, idleLimit } = settings()
    const { pem } = await call('client:trust')
    const link = await call('link:open')
    const kBoot = fromHex(bootstrapKey)
    if (!kBoot) throw new LabError('bad_setting', 'The bootstrap key is not hex.')
    const stop = new AbortController()
    const state = startClient({
      suite,
      idC: clientIdentity,
      idS: serverIdentity,
      trustAnchor: parseCertificate(pem),
      kBoot,
      server: link.server,
      maxAge,
    })
    const conversation = new Conversation(state, {
      transport: frameTransport(linkPipe(link.id, call)),
      environment: systemEnvironment,
      connection: `${link.local.address}:${link.local.port}`,
      pace,
      limits: () => ({ idle: stepping() ? undefined : idleLimit * 1000, frame: idleLimit * 1000 }),
      onRecord,
      signal: stop.signal,
    })
    return new ClientRole(conversation, link.local, stop, onFarewell)
  }

  /** Names the connection in records. */
  get connection(): string {
    return this.conversation.options.connection
  }

  /** What this side knows: keys, certificate, session. */
  get state(): ClientState {
    return this.conversation.state
  }

  /** Steps 3 to 6. */
  async open(): Promise<Session> {
    const session = await openSession(this.conversation, this.local)
    this.#listen()
    return session
  }

  /** Steps 7 and 8. */
  async request(text: string, force: boolean): Promise<string> {
    this.#enough.abort()
    await this.#listening
    let goesOn = true
    try {
      return await sendRequest(this.conversation, text, { force })
    } catch (error) {
      goesOn = isUnsent(error)
      throw error
    } finally {
      if (goesOn) this.#listen()
    }
  }

  /** Leaves the server; the keys go with this object. */
  close(): void {
    this.stop.abort(new LabError('connection_closed', 'The client has left.'))
    this.conversation.options.transport.close()
  }

  #listen(): void {
    this.#enough = new AbortController()
    this.#listening = awaitFarewell(this.conversation, this.#enough.signal).catch(this.onFarewell)
  }
}
