/** A client in plain Node: the same protocol as in the client's window, for experiments, the terminal run and tests. */
import { fromHex } from '#shared/bytes'
import type { Certificate } from '#shared/crypto/pki/certificate'
import { LabError } from '#shared/errors'
import type { Conversation } from '#shared/hl1/drivers/conversation'
import { openSession, sendRequest, startClient } from '#shared/hl1/drivers/session'
import type { ClientState, Endpoint, Session } from '#shared/hl1/state'
import type { Settings } from '#shared/settings'
import { converse, type RoleContext } from '../net/converse'
import { connect, type Connection } from '../net/socket-pipe'

/** What a client goes by; ages and limits in seconds. */
export type ClientSettings = Pick<
  Settings,
  'suite' | 'clientIdentity' | 'serverIdentity' | 'bootstrapKey' | 'maxAge' | 'idleLimit'
>

export interface ClientOptions {
  readonly server: Endpoint
  readonly trustAnchor: Certificate
  readonly settings: ClientSettings
  readonly context: RoleContext
  /** Ends whatever the client waits for, with its reason. */
  readonly signal: AbortSignal
}

/** One connection to the server. Whoever connects closes. */
export class PlainClient {
  private constructor(
    private readonly conversation: Conversation<ClientState>,
    private readonly connection: Connection,
  ) {}

  /** @throws LabError `connection_refused`, `bad_setting` */
  static async connect(options: ClientOptions): Promise<PlainClient> {
    const { server, trustAnchor, settings, context, signal } = options
    const kBoot = fromHex(settings.bootstrapKey)
    if (!kBoot) throw new LabError('bad_setting', 'The bootstrap key is not hex.')
    const connection = await connect(server, signal)
    const state = startClient({
      suite: settings.suite,
      idC: settings.clientIdentity,
      idS: settings.serverIdentity,
      trustAnchor,
      kBoot,
      server: connection.peer,
      maxAge: settings.maxAge,
    })
    const idleSeconds = (): number => settings.idleLimit
    const conversation: Conversation<ClientState> = converse(state, connection, connection.local, context, {
      idleSeconds,
      signal,
    })
    return new PlainClient(conversation, connection)
  }

  /** This client's end of the connection: by it the server lists the session. */
  get local(): Endpoint {
    return this.connection.local
  }

  /** What this side knows: keys, certificate, session. */
  get state(): ClientState {
    return this.conversation.state
  }

  /** Steps 3 to 6. Throws ProtocolError, and LabError `connection_closed`. */
  open(): Promise<Session> {
    return openSession(this.conversation, this.local)
  }

  /**
   * Steps 7 and 8.
   * @param options `force`: send even when this side counts the session as ended
   * @throws ProtocolError; LabError `connection_closed`
   */
  request(text: string, options: { readonly force: boolean } = { force: false }): Promise<string> {
    return sendRequest(this.conversation, text, options)
  }

  /** Leaves the server. Closing twice is harmless. */
  close(): void {
    this.connection.pipe.close()
  }
}
